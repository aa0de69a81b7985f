package onnxio

import (
	"fmt"
	"math"

	"github.com/gonn-toolkit/gonn/nn/layer"
	"github.com/gonn-toolkit/gonn/onnxio/graph"
)

// addFormat: layer.Add is Add, or Sum of more than two.
var addFormat = LayerFormat{
	Layer:     layer.Add{},
	Operators: []string{"Add", "Sum"},

	Write: func(w *LayerWriter) error {
		if w.NumInputs() == 2 {
			w.Result("Add", w.Operands())
		} else {
			w.Result("Sum", w.Operands())
		}
		return nil
	},

	Read: func(n *LayerReader) (*FoundLayer, error) {
		most := 2
		if n.Operator() == "Sum" {
			most = math.MaxInt
		}
		return &FoundLayer{Layer: layer.Add{}, Inputs: n.node.Inputs}, n.checkJoin(2, most)
	},
}

// mulFormat: layer.Mul is Mul of two results of layers.
var mulFormat = LayerFormat{
	Layer:     layer.Mul{},
	Operators: []string{"Mul"},

	Write: func(w *LayerWriter) error {
		w.Result("Mul", w.Operands())
		return nil
	},

	Read: func(n *LayerReader) (*FoundLayer, error) {
		return &FoundLayer{Layer: layer.Mul{}, Inputs: n.node.Inputs}, n.checkJoin(2, 2)
	},
}

// concatFormat: layer.Concat is Concat at axis 1.
var concatFormat = LayerFormat{
	Layer:     layer.Concat{},
	Operators: []string{"Concat"},

	Write: func(w *LayerWriter) error {
		w.Result("Concat", w.Operands(), graph.IntAttr("axis", 1))
		return nil
	},

	Read: func(n *LayerReader) (*FoundLayer, error) {
		if err := n.checkJoin(1, math.MaxInt, "axis"); err != nil {
			return nil, err
		}
		axis, err := n.Int("axis", 0)
		rank := int64(len(n.Shape(n.Input(0))) + 1)
		if err == nil && axis != 1 && axis != 1-rank {
			err = fmt.Errorf("attribute axis is %d; only 1 joins channels, of inputs like %s", axis, n.Shape(n.Input(0)).Batched())
		}
		return &FoundLayer{Layer: layer.Concat{}, Inputs: n.node.Inputs}, err
	},
}
