package onnxio

import (
	"fmt"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/nn/layer"
	"github.com/gonn-toolkit/gonn/onnxio/graph"
)

// flattenIO: layer.Flatten is Flatten at axis 1.
var flattenIO = layerIO{
	layer: layer.Flatten{},
	ops:   []string{"Flatten"},

	export: func(e *exporter, n *nn.Node) error {
		e.node(n, "Flatten", graph.IntAttr("axis", 1))
		return nil
	},

	recover: func(im *importer, n *graph.Node) (*recovered, error) {
		if err := im.check(n, 1, 1, "axis"); err != nil {
			return nil, err
		}
		axis, err := n.Int("axis", 1)
		if rank := int64(len(im.shape(n.Inputs[0])) + 1); err == nil && axis != 1 && axis != 1-rank {
			err = fmt.Errorf("attribute axis is %d; only 1 keeps the samples apart", axis)
		}
		return &recovered{layer: layer.Flatten{}, inputs: n.Inputs[:1]}, err
	},
}
