package onnxio

import (
	"fmt"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/nn/layer"
	"github.com/gonn-toolkit/gonn/onnxio/graph"
)

// globalMaxPoolIO and globalAveragePoolIO: layer.GlobalMaxPool and layer.GlobalAveragePool are
// the operators of the same names. ReduceMax and ReduceMean over the last two axes are read
// too, with a Flatten behind them if they drop the axes.
var (
	globalMaxPoolIO     = globalIO(layer.GlobalMaxPool{}, "GlobalMaxPool", "ReduceMax")
	globalAveragePoolIO = globalIO(layer.GlobalAveragePool{}, "GlobalAveragePool", "ReduceMean")
)

func globalIO(l nn.Layer, op, reduce string) layerIO {
	return layerIO{
		layer: l,
		ops:   []string{op, reduce},

		export: func(e *exporter, n *nn.Node) error {
			e.node(n, op)
			return nil
		},

		recover: func(im *importer, n *graph.Node) (*recovered, error) {
			if n.OpType == op {
				return &recovered{layer: l, inputs: n.Inputs}, im.check(n, 1, 1)
			}
			keeps, err := im.overPixels(n)
			if err != nil {
				return nil, err
			}
			r := &recovered{layer: l, inputs: n.Inputs[:1]}
			if !keeps {
				r.then = layer.Flatten{}
			}
			return r, nil
		},
	}
}

// overPixels tells why a reduction is not over the pixels of each channel, and whether it
// keeps their axes.
func (im *importer) overPixels(n *graph.Node) (keeps bool, err error) {
	if err := im.check(n, 1, 2, "axes", "keepdims", "noop_with_empty_axes"); err != nil {
		return false, err
	}
	axes, err := im.axes(n)
	if err != nil {
		return false, err
	}
	keepdims, err := n.Int("keepdims", 1)
	if err != nil {
		return false, err
	}
	x := im.shape(n.Inputs[0])
	if len(x) != 3 || len(axes) != 2 || min(axes[0], axes[1]) != 2 || max(axes[0], axes[1]) != 3 {
		return false, fmt.Errorf("it reduces axes %v of %s; only 2 and 3 of (N, C, H, W) are a layer", axes, x.Batched())
	}
	return keepdims != 0, nil
}

// writtenAxes reads the axes of a node as they are written: an attribute or, in later opsets,
// its second input.
func (im *importer) writtenAxes(n *graph.Node) ([]int64, error) {
	axes, err := n.Ints("axes", nil)
	if err == nil && len(n.Inputs) > 1 && n.Inputs[1] != "" {
		axes, err = im.int64s(n, 1, "axes")
	}
	return axes, err
}

// axes reads the axes of a node, counted from the front; nil if there are none.
func (im *importer) axes(n *graph.Node) ([]int64, error) {
	axes, err := im.writtenAxes(n)
	if err != nil {
		return nil, err
	}
	rank := int64(len(im.shape(n.Inputs[0])) + 1)
	var front []int64
	for _, a := range axes {
		if a < -rank || a >= rank {
			return nil, fmt.Errorf("its axes are %v, but its input has %d", axes, rank)
		}
		front = append(front, (a+rank)%rank)
	}
	return front, nil
}
