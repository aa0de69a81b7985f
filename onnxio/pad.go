package onnxio

import (
	"errors"
	"fmt"
	"slices"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/nn/layer"
	"github.com/gonn-toolkit/gonn/onnxio/graph"
)

// padFormat: layer.Pad is Pad of a constant around the last two axes. Pads and value are
// constants; before opset 11 they are attributes.
var padFormat = LayerFormat{
	Layer:     layer.Pad{},
	Operators: []string{"Pad"},

	Write: func(w *LayerWriter) error {
		p := w.Layer().(layer.Pad)
		around := ints(0, 0, p.Pads[0], p.Pads[1], 0, 0, p.Pads[2], p.Pads[3])
		pads := w.Constant("pads", graph.Int64Tensor("", []int64{8}, around))
		value := w.Number("value", p.Value)
		w.Result("Pad", []string{w.Input(0), pads, value}, graph.StringAttr("mode", "constant"))
		return nil
	},

	Read: func(n *LayerReader) (*FoundLayer, error) {
		if err := n.Check(1, 4, "mode", "pads", "value"); err != nil {
			return nil, err
		}
		mode, err1 := n.String("mode", "constant")
		around, err2 := padsAround(n)
		value, err3 := padValue(n)
		if err := errors.Join(err1, err2, err3); err != nil {
			return nil, err
		}
		if mode != "constant" {
			return nil, fmt.Errorf("attribute mode is %q; only constant is a layer", mode)
		}
		pads, err := lastAxes(around, n.Shape(n.Input(0)))
		return &FoundLayer{Layer: layer.Pad{Pads: pads, Value: value}, Inputs: []string{n.Input(0)}}, err
	},
}

// padsAround are what is put in front of every axis, and then what behind.
func padsAround(n *LayerReader) ([]int64, error) {
	if n.Input(1) == "" {
		if n.node.Attr("pads") == nil {
			return nil, errors.New("its pads are missing")
		}
		return n.Ints("pads", nil)
	}
	pads, err := n.Int64s(n.Input(1), "pads")
	if err != nil || n.Input(3) == "" {
		return pads, err
	}
	axes, err := n.Int64s(n.Input(3), "axes")
	if err != nil {
		return nil, err
	}
	return spread(pads, axes, len(n.Shape(n.Input(0)))+1)
}

// spread gives pads of some axes for all of rank.
func spread(pads, axes []int64, rank int) ([]int64, error) {
	if len(pads) != 2*len(axes) {
		return nil, fmt.Errorf("its %d pads do not fit its axes %v", len(pads), axes)
	}
	all := make([]int64, 2*rank)
	for i, a := range axes {
		if a < 0 {
			a += int64(rank)
		}
		if a < 0 || a >= int64(rank) {
			return nil, fmt.Errorf("its axes are %v, but its input has %d", axes, rank)
		}
		all[a], all[int(a)+rank] = pads[i], pads[i+len(axes)]
	}
	return all, nil
}

// padValue is what the padding consists of.
func padValue(n *LayerReader) (float32, error) {
	if n.Input(2) == "" {
		return n.Float("value", 0)
	}
	v, err := n.Float32s(n.Input(2), "value")
	if err == nil && len(v) != 1 {
		err = fmt.Errorf("its value %q has %d elements, need 1", n.Input(2), len(v))
	}
	if err != nil {
		return 0, err
	}
	return v[0], nil
}

// lastAxes are the pads of height and width, if no other axis has any.
func lastAxes(around []int64, x nn.Shape) (pads [4]int, err error) {
	if len(x) != 3 || len(around) != 8 {
		return pads, fmt.Errorf("its pads are %v for an input of shape %s; need 8 for (N, C, H, W)", around, x.Batched())
	}
	if around[0] != 0 || around[1] != 0 || around[4] != 0 || around[5] != 0 {
		return pads, fmt.Errorf("its pads are %v; only height and width can be padded", around)
	}
	if slices.Min(around) < 0 || slices.Max(around) > MaxSample {
		return pads, fmt.Errorf("its pads are %v; need 0 to %d", around, MaxSample)
	}
	return [4]int{int(around[2]), int(around[3]), int(around[6]), int(around[7])}, nil
}
