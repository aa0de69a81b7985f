package onnxio

import (
	"fmt"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/onnxio/graph"
)

// dropoutIO: nn.Dropout is Dropout without its mask and not in training, or with a ratio of
// 0: it lets everything pass. The ratio is a constant input, before opset 12 an attribute.
var dropoutIO = layerIO{
	layer: nn.Dropout{},
	ops:   []string{"Dropout"},

	export: func(e *exporter, n *nn.Node) error {
		ratio := e.constant(n.Name+".ratio", n.Layer.(nn.Dropout).Rate)
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
			training := im.consts[n.Inputs[2]]
			if training == nil {
				return nil, fmt.Errorf("its training_mode %q is computed when the model runs, not a constant", n.Inputs[2])
			}
			if v, err := training.Int64s(); err != nil || len(v) != 1 || v[0] != 0 {
				return nil, fmt.Errorf("its training_mode %q is not false: a Dropout layer needs that; export the model for inference", n.Inputs[2])
			}
		}
		return &recovered{layer: nn.Dropout{Rate: rate}, inputs: n.Inputs[:1]}, nil
	},
}
