package onnxio

import (
	"errors"
	"fmt"
	"slices"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/nn/layer"
	"github.com/gonn-toolkit/gonn/onnxio/graph"
)

// padIO: layer.Pad is Pad of a constant around the last two axes. Pads and value are
// constants; before opset 11 they are attributes.
var padIO = layerIO{
	layer: layer.Pad{},
	ops:   []string{"Pad"},

	export: func(e *exporter, n *nn.Node) error {
		p := n.Layer.(layer.Pad)
		around := ints(0, 0, p.Pads[0], p.Pads[1], 0, 0, p.Pads[2], p.Pads[3])
		pads := e.tensorConstant(graph.Int64Tensor(n.Name+".pads", []int64{8}, around))
		value := e.constant(n.Name+".value", p.Value)
		e.node(n, "Pad", graph.StringAttr("mode", "constant"))
		last := e.graph.Nodes[len(e.graph.Nodes)-1]
		last.Inputs = append(last.Inputs, pads, value)
		return nil
	},

	recover: func(im *importer, n *graph.Node) (*recovered, error) {
		if err := im.check(n, 1, 4, "mode", "pads", "value"); err != nil {
			return nil, err
		}
		mode, err1 := n.String("mode", "constant")
		around, err2 := im.padsAround(n)
		value, err3 := im.padValue(n)
		if err := errors.Join(err1, err2, err3); err != nil {
			return nil, err
		}
		if mode != "constant" {
			return nil, fmt.Errorf("attribute mode is %q; only constant is a layer", mode)
		}
		pads, err := lastAxes(around, im.shape(n.Inputs[0]))
		return &recovered{layer: layer.Pad{Pads: pads, Value: value}, inputs: n.Inputs[:1]}, err
	},
}

// padsAround are what is put in front of every axis, and then what behind.
func (im *importer) padsAround(n *graph.Node) ([]int64, error) {
	if len(n.Inputs) < 2 || n.Inputs[1] == "" {
		if n.Attr("pads") == nil {
			return nil, errors.New("its pads are missing")
		}
		return n.Ints("pads", nil)
	}
	pads, err := im.int64s(n, 1, "pads")
	if err != nil || len(n.Inputs) < 4 || n.Inputs[3] == "" {
		return pads, err
	}
	axes, err := im.int64s(n, 3, "axes")
	if err != nil {
		return nil, err
	}
	return spread(pads, axes, len(im.shape(n.Inputs[0]))+1)
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
func (im *importer) padValue(n *graph.Node) (float32, error) {
	if len(n.Inputs) < 3 || n.Inputs[2] == "" {
		return n.Float("value", 0)
	}
	v, err := im.numbers(n, 2, "value")
	if err == nil && len(v) != 1 {
		err = fmt.Errorf("its value %q has %d elements, need 1", n.Inputs[2], len(v))
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

// int64s is input k of a node, which must be a constant list of integers.
func (im *importer) int64s(n *graph.Node, k int, what string) ([]int64, error) {
	t := im.consts[n.Inputs[k]]
	if t == nil {
		return nil, fmt.Errorf("its %s %q is computed when the model runs, not a constant", what, n.Inputs[k])
	}
	v, err := t.Int64s()
	if err != nil {
		return nil, fmt.Errorf("its %s: %w", what, err)
	}
	return v, nil
}
