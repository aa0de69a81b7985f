package onnxio

import (
	"fmt"

	"github.com/gonn-toolkit/gonn/nn/layer"
)

// dropoutFormat: layer.Dropout is Dropout without its mask. The ratio is a constant input, before
// opset 12 an attribute. One of training, which drops when it runs, is read too: the network
// drops when it is trained.
var dropoutFormat = LayerFormat{
	Layer:     layer.Dropout{},
	Operators: []string{"Dropout"},

	Write: func(w *LayerWriter) error {
		ratio := w.Number("ratio", w.Layer().(layer.Dropout).Rate)
		w.Result("Dropout", []string{w.Input(0), ratio})
		return nil
	},

	Read: func(n *LayerReader) (*FoundLayer, error) {
		if err := n.Check(1, 3, "ratio", "seed"); err != nil {
			return nil, err
		}
		rate, err := n.Float("ratio", 0.5)
		if err != nil {
			return nil, err
		}
		if n.Input(1) != "" {
			v, err := n.Float32s(n.Input(1), "ratio")
			if err != nil {
				return nil, err
			}
			if len(v) != 1 {
				return nil, fmt.Errorf("its ratio has %d values, need one", len(v))
			}
			rate = v[0]
		}
		if rate > 0 && n.Input(2) != "" {
			if err := trainingDropout(n, rate); err != nil {
				return nil, err
			}
		}
		return &FoundLayer{Layer: layer.Dropout{Rate: rate}, Inputs: []string{n.Input(0)}}, nil
	},
}

// trainingDropout notes a Dropout whose training_mode says that it drops when it runs.
func trainingDropout(n *LayerReader, rate float32) error {
	v, err := n.Int64s(n.Input(2), "training_mode")
	if err == nil && len(v) != 1 {
		err = fmt.Errorf("its training_mode %q has %d values, need one", n.Input(2), len(v))
	}
	if err == nil && v[0] != 0 {
		n.im.notes = append(n.im.notes, fmt.Sprintf("%s drops at random when the file runs; as a Dropout layer of rate %g it drops only when it is trained", n.node.Label(), rate))
	}
	return err
}
