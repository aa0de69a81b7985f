package onnxio

import (
	"fmt"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/nn/layer"
	"github.com/gonn-toolkit/gonn/onnxio/graph"
)

// dropoutIO: layer.Dropout is Dropout without its mask. The ratio is a constant input, before
// opset 12 an attribute. One of training, which drops when it runs, is read too: the network
// drops when it is trained.
var dropoutIO = layerIO{
	layer: layer.Dropout{},
	ops:   []string{"Dropout"},

	export: func(e *exporter, n *nn.Node) error {
		ratio := e.constant(n.Name+".ratio", n.Layer.(layer.Dropout).Rate)
		e.node(n, "Dropout")
		node := e.graph.Nodes[len(e.graph.Nodes)-1]
		node.Inputs = append(node.Inputs, ratio)
		return nil
	},

	recover: func(im *importer, n *graph.Node) (*recovered, error) {
		if err := im.check(n, 1, 3, "ratio", "seed"); err != nil {
			return nil, err
		}
		rate, err := n.Float("ratio", 0.5)
		if err != nil {
			return nil, err
		}
		if len(n.Inputs) > 1 && n.Inputs[1] != "" {
			v, err := im.numbers(n, 1, "ratio")
			if err != nil {
				return nil, err
			}
			if len(v) != 1 {
				return nil, fmt.Errorf("its ratio has %d values, need one", len(v))
			}
			rate = v[0]
		}
		if rate > 0 && len(n.Inputs) > 2 && n.Inputs[2] != "" {
			if err := im.trainingDropout(n, rate); err != nil {
				return nil, err
			}
		}
		return &recovered{layer: layer.Dropout{Rate: rate}, inputs: n.Inputs[:1]}, nil
	},
}

// trainingDropout notes a Dropout whose training_mode says that it drops when it runs.
func (im *importer) trainingDropout(n *graph.Node, rate float32) error {
	v, err := im.int64s(n, 2, "training_mode")
	if err == nil && len(v) != 1 {
		err = fmt.Errorf("its training_mode %q has %d values, need one", n.Inputs[2], len(v))
	}
	if err == nil && v[0] != 0 {
		im.notes = append(im.notes, fmt.Sprintf("%s drops at random when the file runs; as a Dropout layer of rate %g it drops only when it is trained", n.Label(), rate))
	}
	return err
}
