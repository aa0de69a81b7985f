package onnxio

import (
	"fmt"

	"github.com/gonn-toolkit/gonn/nn/layer"
	"github.com/gonn-toolkit/gonn/onnxio/graph"
)

// flattenFormat: layer.Flatten is Flatten at axis 1.
var flattenFormat = LayerFormat{
	Layer:     layer.Flatten{},
	Operators: []string{"Flatten"},

	Write: func(w *LayerWriter) error {
		w.Result("Flatten", w.Operands(), graph.IntAttr("axis", 1))
		return nil
	},

	Read: func(n *LayerReader) (*FoundLayer, error) {
		if err := n.Check(1, 1, "axis"); err != nil {
			return nil, err
		}
		axis, err := n.Int("axis", 1)
		if rank := int64(len(n.Shape(n.Input(0))) + 1); err == nil && axis != 1 && axis != 1-rank {
			err = fmt.Errorf("attribute axis is %d; only 1 keeps the samples apart", axis)
		}
		return &FoundLayer{Layer: layer.Flatten{}, Inputs: []string{n.Input(0)}}, err
	},
}
