package onnxio

import (
	"fmt"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/nn/layer"
)

// globalMaxPoolFormat and globalAveragePoolFormat: layer.GlobalMaxPool and layer.GlobalAveragePool are
// the operators of the same names. ReduceMax and ReduceMean over the last two axes are read
// too, with a Flatten behind them if they drop the axes.
var (
	globalMaxPoolFormat     = globalFormat(layer.GlobalMaxPool{}, "GlobalMaxPool", "ReduceMax")
	globalAveragePoolFormat = globalFormat(layer.GlobalAveragePool{}, "GlobalAveragePool", "ReduceMean")
)

func globalFormat(l nn.Layer, op, reduce string) LayerFormat {
	return LayerFormat{
		Layer:     l,
		Operators: []string{op, reduce},

		Write: func(w *LayerWriter) error {
			w.Result(op, w.Operands())
			return nil
		},

		Read: func(n *LayerReader) (*FoundLayer, error) {
			if n.Operator() == op {
				return &FoundLayer{Layer: l, Inputs: n.node.Inputs}, n.Check(1, 1)
			}
			keeps, err := overPixels(n)
			if err != nil {
				return nil, err
			}
			r := &FoundLayer{Layer: l, Inputs: []string{n.Input(0)}}
			if !keeps {
				r.then = layer.Flatten{}
			}
			return r, nil
		},
	}
}

// overPixels tells why a reduction is not over the pixels of each channel, and whether it
// keeps their axes.
func overPixels(n *LayerReader) (keeps bool, err error) {
	if err := n.Check(1, 2, "axes", "keepdims", "noop_with_empty_axes"); err != nil {
		return false, err
	}
	axes, err := frontAxes(n)
	if err != nil {
		return false, err
	}
	keepdims, err := n.Int("keepdims", 1)
	if err != nil {
		return false, err
	}
	x := n.Shape(n.Input(0))
	if len(x) != 3 || len(axes) != 2 || min(axes[0], axes[1]) != 2 || max(axes[0], axes[1]) != 3 {
		return false, fmt.Errorf("it reduces axes %v of %s; only 2 and 3 of (N, C, H, W) are a layer", axes, x.Batched())
	}
	return keepdims != 0, nil
}

// writtenAxes reads the axes of a node as they are written: an attribute or, in later opsets,
// its second input.
func writtenAxes(n *LayerReader) ([]int64, error) {
	axes, err := n.Ints("axes", nil)
	if err == nil && n.Input(1) != "" {
		axes, err = n.Int64s(n.Input(1), "axes")
	}
	return axes, err
}

// frontAxes reads the axes of a node, counted from the front; nil if there are none.
func frontAxes(n *LayerReader) ([]int64, error) {
	axes, err := writtenAxes(n)
	if err != nil {
		return nil, err
	}
	rank := int64(len(n.Shape(n.Input(0))) + 1)
	var front []int64
	for _, a := range axes {
		if a < -rank || a >= rank {
			return nil, fmt.Errorf("its axes are %v, but its input has %d", axes, rank)
		}
		front = append(front, (a+rank)%rank)
	}
	return front, nil
}
