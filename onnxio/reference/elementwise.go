package reference

import (
	"fmt"

	"github.com/gonn-toolkit/gonn/onnxio/graph"
)

// rule1 computes a function of one number. A nil form means that the operator does not
// have such element types.
type rule1 struct {
	float    func(float64) float64
	signed   func(int64) int64
	unsigned func(uint64) uint64
}

// apply gives the function of every element, in t's type.
func (r rule1) apply(t *Tensor) (*Tensor, error) {
	switch {
	case isFloat(t.Type) && r.float != nil:
		return FromFloat64s(t.Type, t.Shape, each(t.Floats, r.float)), nil
	case isSigned(t.Type) && r.signed != nil:
		return wrapped(t.Type, t.Shape, each(t.Ints, r.signed)), nil
	case isUnsigned(t.Type) && r.unsigned != nil:
		return wrapped(t.Type, t.Shape, each(t.Ints, func(v int64) int64 { return int64(r.unsigned(uint64(v))) })), nil
	}
	return nil, fmt.Errorf("an input has type %v, which the operator does not take", t.Type)
}

// op is the operator that applies the rule to its one input.
func (r rule1) op(c *call) ([]*Tensor, error) {
	x, err := c.input(0)
	if err != nil {
		return nil, err
	}
	return one(r.apply(x))
}

// rule2 computes a function of two numbers.
type rule2 struct {
	float    func(a, b float64) float64
	signed   func(a, b int64) int64
	unsigned func(a, b uint64) uint64

	loop func(y, a, b []float64) // does what float does for each element; nil if there is none
}

// apply gives the function of every pair of elements of two tensors of the same type and
// shape. Integers go around at the ends of their type's range.
func (r rule2) apply(a, b *Tensor) (*Tensor, error) {
	switch {
	case isFloat(a.Type) && r.loop != nil:
		return FromFloat64s(a.Type, a.Shape, pairsByLoop(a.Floats, b.Floats, r.loop)), nil
	case isFloat(a.Type) && r.float != nil:
		return FromFloat64s(a.Type, a.Shape, pairs(a.Floats, b.Floats, r.float)), nil
	case isSigned(a.Type) && r.signed != nil:
		return wrapped(a.Type, a.Shape, pairs(a.Ints, b.Ints, r.signed)), nil
	case isUnsigned(a.Type) && r.unsigned != nil:
		v := pairs(a.Ints, b.Ints, func(a, b int64) int64 { return int64(r.unsigned(uint64(a), uint64(b))) })
		return wrapped(a.Type, a.Shape, v), nil
	}
	return nil, fmt.Errorf("an input has type %v, which the operator does not take", a.Type)
}

// op is the operator that applies the rule to its two inputs.
func (r rule2) op(c *call) ([]*Tensor, error) {
	a, b, err := c.pair()
	if err != nil {
		return nil, err
	}
	return one(r.apply(a, b))
}

// wrapped makes an integer tensor of values that may be outside the type's range.
func wrapped(t graph.DataType, shape []int, v []int64) *Tensor {
	for i, x := range v {
		v[i] = wrap(t, x)
	}
	return FromInt64s(t, shape, v)
}

// each applies f to every element, in any order.
func each[A, R any](a []A, f func(A) R) []R {
	r := make([]R, len(a))
	parallelRuns(len(a), 1, 4, func(low, high int) {
		to := r[low:high]
		for i, x := range a[low:high] {
			to[i] = f(x)
		}
	})
	return r
}

// pairs applies f to the elements of two slices of one length, in any order.
func pairs[A, B, R any](a []A, b []B, f func(A, B) R) []R {
	r := make([]R, len(a))
	parallelRuns(len(a), 1, 4, func(low, high int) {
		to, other := r[low:high], b[low:high]
		for i, x := range a[low:high] {
			to[i] = f(x, other[i])
		}
	})
	return r
}

// pairsByLoop is pairs with a function of many.
func pairsByLoop(a, b []float64, f func(y, a, b []float64)) []float64 {
	r := make([]float64, len(a))
	parallelRuns(len(a), 1, 2, func(low, high int) { f(r[low:high], a[low:high], b[low:high]) })
	return r
}
