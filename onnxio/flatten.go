package onnxio

import (
	"fmt"
	"slices"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/onnxio/graph"
)

// flattenIO: nn.Flatten is Flatten at axis 1. A Reshape to (−1, C·H·W), to
// (0, −1), or to the batch that the file fixes, is read as the same, and so is a Squeeze
// that leaves (N, C).
var flattenIO = layerIO{
	layer: nn.Flatten{},
	ops:   []string{"Flatten", "Reshape", "Squeeze"},

	export: func(e *exporter, n *nn.Node) error {
		e.node(n, "Flatten", graph.IntAttr("axis", 1))
		return nil
	},

	recover: func(im *importer, n *graph.Node) (*recovered, error) {
		check := im.checkFlatten
		switch n.OpType {
		case "Reshape":
			check = im.checkReshape
		case "Squeeze":
			check = im.checkSqueeze
		}
		if err := check(n); err != nil {
			return nil, err
		}
		return &recovered{layer: nn.Flatten{}, inputs: n.Inputs[:1]}, nil
	},
}

// checkFlatten tells why a Flatten does not keep the samples apart.
func (im *importer) checkFlatten(n *graph.Node) error {
	if err := im.check(n, 1, 1, "axis"); err != nil {
		return err
	}
	axis, err := n.Int("axis", 1)
	if rank := int64(len(im.shape(n.Inputs[0])) + 1); err == nil && axis != 1 && axis != 1-rank {
		err = fmt.Errorf("attribute axis is %d; only 1 keeps the samples apart", axis)
	}
	return err
}

// checkReshape tells why a Reshape is not a flattening.
func (im *importer) checkReshape(n *graph.Node) error {
	if err := im.check(n, 2, 2, "allowzero"); err != nil {
		return err
	}
	allowZero, err := n.Int("allowzero", 0)
	if err != nil {
		return err
	}
	t := im.consts[n.Inputs[1]]
	if t == nil {
		return fmt.Errorf("its shape %q is computed when the model runs, not a constant", n.Inputs[1])
	}
	to, err := t.Int64s()
	if err != nil {
		return err
	}
	size := int64(im.shape(n.Inputs[0]).Size())
	if len(to) == 2 {
		batch := to[0] == -1 || to[0] == 0 && allowZero == 0 || to[0] == im.batch && im.batch > 0
		rest := to[1] == size || to[1] == -1 && to[0] != -1
		if batch && rest {
			return nil
		}
	}
	return fmt.Errorf("it reshapes %s to %v; only a flattening to (N, %d) is a layer", im.shape(n.Inputs[0]).Batched(), to, size)
}

// checkSqueeze tells why a Squeeze does not leave one axis of each sample.
func (im *importer) checkSqueeze(n *graph.Node) error {
	if err := im.check(n, 1, 2, "axes"); err != nil {
		return err
	}
	axes, err := im.axes(n)
	if err != nil {
		return err
	}
	x := im.shape(n.Inputs[0])
	left := len(x)
	for i, d := range x {
		switch {
		case !slices.Contains(axes, int64(i+1)):
		case d != 1:
			return fmt.Errorf("it takes axis %d of %s away, which is not 1", i+1, x.Batched())
		default:
			left--
		}
	}
	if slices.Contains(axes, 0) || left != 1 {
		return fmt.Errorf("it takes axes %v of %s away; only what leaves (N, %d) is a layer", axes, x.Batched(), x.Size())
	}
	return nil
}
