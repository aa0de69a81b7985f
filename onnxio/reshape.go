package onnxio

import (
	"errors"
	"fmt"
	"slices"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/nn/layer"
	"github.com/gonn-toolkit/gonn/onnxio/graph"
)

// reshapeFormat: layer.Reshape is Reshape to (0, C, H, W), in which 0 stands for the batch. A
// Reshape that names the batch by −1, or by the number that the file fixes, is read too, and
// so are Squeeze and Unsqueeze. To one axis (N, C·H·W) they are a Flatten.
var reshapeFormat = LayerFormat{
	Layer:     layer.Reshape{},
	Operators: []string{"Reshape", "Squeeze", "Unsqueeze"},

	Write: func(w *LayerWriter) error {
		to := append(ints(0), ints(w.Shape()...)...)
		shape := w.Constant("shape", graph.Int64Tensor("", []int64{int64(len(to))}, to))
		w.Result("Reshape", []string{w.Input(0), shape})
		return nil
	},

	Read: func(n *LayerReader) (*FoundLayer, error) {
		target := map[string]func(*LayerReader) (nn.Shape, error){
			"Reshape": reshaped, "Squeeze": squeezed, "Unsqueeze": unsqueezed,
		}[n.Operator()]
		to, err := target(n)
		if err != nil {
			return nil, err
		}
		r := &FoundLayer{Layer: layer.Flatten{}, Inputs: []string{n.Input(0)}}
		if len(to) > 1 {
			l := layer.Reshape{}
			if copy(l.Shape[:], to) < len(to) {
				return nil, fmt.Errorf("it reshapes %s to %s; a layer has at most three axes behind the batch", n.Shape(n.Input(0)).Batched(), to.Batched())
			}
			r.Layer = l
		}
		return r, nil
	},
}

// reshaped is the shape that a Reshape gives each sample, or why it does not keep the
// samples apart.
func reshaped(n *LayerReader) (nn.Shape, error) {
	if err := n.Check(2, 2, "allowzero"); err != nil {
		return nil, err
	}
	allowZero, err := n.Int("allowzero", 0)
	if err != nil {
		return nil, err
	}
	to, err := n.Int64s(n.Input(1), "shape")
	if err != nil {
		return nil, err
	}
	x := n.Shape(n.Input(0))
	s, free := nn.Shape{}, -1
	for i, d := range to {
		switch {
		case i == 0: // the batch
		case d == -1 && free < 0:
			free = i - 1
			d = 1
		case d == 0 && allowZero == 0 && i <= len(x):
			d = int64(x[i-1])
		}
		if i > 0 {
			s = append(s, int(min(max(d, 0), MaxSample+1)))
		}
	}
	ok := len(s) > 0 && !slices.Contains(s, 0) && !tooLarge(s)
	if ok && free >= 0 {
		s[free] = x.Size() / s.Size()
	}
	if ok = ok && s.Size() == x.Size(); ok {
		batch := to[0]
		ok = batch == -1 && free < 0 || batch == 0 && allowZero == 0 || batch == n.im.batch && batch > 0
	}
	if !ok {
		return nil, fmt.Errorf("it reshapes %s to %v; a layer keeps the batch and the %d elements of each sample, as (N, %d) does", x.Batched(), to, x.Size(), x.Size())
	}
	return s, nil
}

// squeezed is the shape that a Squeeze gives each sample.
func squeezed(n *LayerReader) (to nn.Shape, err error) {
	if err := n.Check(1, 2, "axes"); err != nil {
		return nil, err
	}
	axes, err := frontAxes(n)
	if err != nil {
		return nil, err
	}
	x := n.Shape(n.Input(0))
	for i, d := range x {
		switch {
		case !slices.Contains(axes, int64(i+1)):
			to = append(to, d)
		case d != 1:
			return nil, fmt.Errorf("it takes axis %d of %s away, which is not 1", i+1, x.Batched())
		}
	}
	if slices.Contains(axes, 0) || len(to) == 0 || len(to) == len(x) {
		return nil, fmt.Errorf("it takes axes %v of %s away; a layer keeps the batch and another axis", axes, x.Batched())
	}
	return to, nil
}

// unsqueezed is the shape that an Unsqueeze gives each sample.
func unsqueezed(n *LayerReader) (to nn.Shape, err error) {
	if err := n.Check(1, 2, "axes"); err != nil {
		return nil, err
	}
	axes, err := writtenAxes(n)
	if err != nil {
		return nil, err
	}
	if len(axes) == 0 {
		return nil, errors.New("its axes are missing")
	}
	x := n.Shape(n.Input(0))
	rank := int64(len(x) + 1 + len(axes)) // of the result
	put := map[int64]bool{}
	for _, a := range axes {
		if a < 0 {
			a += rank
		}
		if a < 1 || a >= rank || put[a] {
			return nil, fmt.Errorf("it puts axes %v into %s; a layer has the batch in front, and each axis once", axes, x.Batched())
		}
		put[a] = true
	}
	for i := int64(1); i < rank; i++ {
		if put[i] {
			to = append(to, 1)
		} else {
			to, x = append(to, x[0]), x[1:]
		}
	}
	return to, nil
}
