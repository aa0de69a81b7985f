package onnxio

import (
	"fmt"
	"slices"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/onnxio/graph"
	"github.com/gonn-toolkit/gonn/onnxio/internal/elementwise"
	"github.com/gonn-toolkit/gonn/onnxio/internal/shapeinfer"
)

// Arithmetic with constants, y = s·x + t, is part of a layer: what is behind a layer with
// weights goes into these, for they are trained anyway. What else the author trained, as far
// as the file tells, is a convolution of one pixel with a group for each channel; all other
// numbers are fixed, as they are in the file (affinesteps.go). It is looked at last, when no
// activation has claimed it.

// scaleStem is how convolutions of one pixel with a group for each channel are named.
const scaleStem = "scale"

// arithmetic are the operators of two operands that are read.
var arithmetic = map[string]bool{"Add": true, "Sub": true, "Mul": true, "Div": true}

// affine is y = s·x + t with numbers that broadcast to x without widening it.
type affine struct {
	x        string    // "" where there is none
	s, t     []float32 // nil is 1, and 0
	dims     nn.Shape  // of the numbers, without the batch
	constant string    // the file's, "" for Neg
}

// oneNumber is the arithmetic of numbers without axes.
func oneNumber(s, t []float32) affine { return affine{s: s, t: t, dims: nn.Shape{}} }

// affineOf reads a node as arithmetic with a constant on the value x, whose samples have a
// shape. An error tells why the numbers cannot be a network's.
func (af *affineLayers) affineOf(n *graph.Node, x string, shape nn.Shape) (a affine, ok bool, err error) {
	if !n.Standard() || len(n.Attrs) > 0 || len(n.Outputs) != 1 {
		return a, false, nil
	}
	a.x = x
	if n.OpType == "Neg" && len(n.Inputs) == 1 && n.Inputs[0] == x {
		a.s, a.dims = []float32{-1}, nn.Shape{}
		return a, true, nil
	}
	if !arithmetic[n.OpType] || len(n.Inputs) != 2 {
		return a, false, nil
	}
	k := slices.IndexFunc(n.Inputs, func(in string) bool { return in != x }) // the constant's place
	if k < 0 || n.Inputs[1-k] != x {
		return a, false, nil
	}
	a.constant = n.Inputs[k]
	t := af.consts[a.constant]
	if t == nil || t.Type != graph.Float {
		return a, false, nil
	}
	if a.dims = dimsOf(t); len(a.dims) == len(shape)+1 && a.dims[0] == 1 {
		a.dims = a.dims[1:]
	}
	if whole := shapeinfer.Broadcast(shape, a.dims); !slices.Equal(whole, shape) {
		return a, false, nil
	}
	c, err := t.Float32s()
	if err != nil || len(c) == 0 {
		return a, false, nil
	}
	if err := finiteNumbers(fmt.Sprintf("its constant %q", a.constant), c); err != nil {
		return a, false, err
	}
	a.s, a.t, ok = affineNumbers(n.OpType, c, k)
	return a, ok, finiteNumbers(fmt.Sprintf("1 by its constant %q", a.constant), a.s)
}

// affineNumbers are s and t of x·s + t for an operator with the constant c as operand k; ok
// is false for a constant divided by x.
func affineNumbers[T float32 | float64](op string, c []T, k int) (s, t []T, ok bool) {
	minus := func(v T) T { return -v }
	switch {
	case op == "Add":
		return nil, c, true
	case op == "Sub" && k == 1:
		return nil, elementwise.Map(c, minus), true
	case op == "Sub":
		return []T{-1}, c, true
	case op == "Mul":
		return c, nil, true
	case op == "Div" && k == 1:
		return elementwise.Map(c, func(v T) T { return 1 / v }), nil, true
	}
	return nil, nil, false
}

// finiteNumbers is an error if a number is none that a network can go on from.
func finiteNumbers(what string, v []float32) error {
	if i := slices.IndexFunc(v, func(x float32) bool { return !finite(x) }); i >= 0 {
		return fmt.Errorf("%s is %g at element %d: a network that can be trained needs finite numbers", what, v[i], i)
	}
	return nil
}

// finiteNumber is finiteNumbers for one that is no tensor's.
func finiteNumber(what string, v float32) error {
	if !finite(v) {
		return fmt.Errorf("%s is %g: a network that can be trained needs finite numbers", what, v)
	}
	return nil
}

// perChannel reports whether numbers of the given shape are one for each channel of a value
// whose samples are of shape x, or one for all.
func perChannel(numbers, x nn.Shape) bool {
	for i, d := range numbers {
		if axis := len(x) - len(numbers) + i; d != 1 && (axis != 0 || d != x[0]) || axis < -1 {
			return false
		}
	}
	return true
}
