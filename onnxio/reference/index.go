package reference

import (
	"fmt"
	"math"
	"slices"
)

// Operators that only move elements say for each element of their result which one of
// the input it is: a list of positions in row-major order. pick then copies.

// strides are the steps from one index to the next along each axis of a tensor in
// row-major order, in elements.
func strides(shape []int) []int {
	steps := make([]int, len(shape))
	step := 1
	for axis := len(shape) - 1; axis >= 0; axis-- {
		steps[axis] = step
		step *= shape[axis]
	}
	return steps
}

// positions lists start + Σ index·step for every index of a shape, in row-major order.
func positions(shape, steps []int, start int) ([]int, error) {
	if _, err := sizeOf(shape); err != nil {
		return nil, err
	}
	list := []int{start}
	for axis, n := range shape {
		next := make([]int, 0, len(list)*n)
		for _, p := range list {
			for k := range n {
				next = append(next, p+k*steps[axis])
			}
		}
		list = next
	}
	return list, nil
}

// nothing in a list of positions leaves the element zero (or an empty string).
const nothing = -1

// pick makes a tensor of the shape whose element i is element from[i] of t.
func (t *Tensor) pick(shape, from []int) *Tensor {
	r := &Tensor{Type: t.Type, Shape: slices.Clone(shape)}
	switch {
	case isFloat(t.Type):
		r.Floats = pick(t.Floats, from)
	case isInt(t.Type):
		r.Ints = pick(t.Ints, from)
	default:
		r.Strings = pick(t.Strings, from)
	}
	return r
}

func pick[T any](values []T, from []int) []T {
	r := make([]T, len(from))
	for i, p := range from {
		if p != nothing {
			r[i] = values[p]
		}
	}
	return r
}

// reshape is the same elements under another shape of the same size.
func (t *Tensor) reshape(shape []int) (*Tensor, error) {
	n, err := sizeOf(shape)
	switch {
	case err != nil:
		return nil, err
	case n != t.Len():
		return nil, fmt.Errorf("shape %v of %d elements cannot become %v", t.Shape, t.Len(), shape)
	}
	r := *t
	r.Shape = slices.Clone(shape)
	return &r, nil
}

// set makes element i that of number k of from, a tensor of the same type.
func (t *Tensor) set(i int, from *Tensor, k int) {
	switch {
	case isFloat(t.Type):
		t.Floats[i] = from.Floats[k]
	case isInt(t.Type):
		t.Ints[i] = from.Ints[k]
	default:
		t.Strings[i] = from.Strings[k]
	}
}

// clone copies the elements, so that they may be changed.
func (t *Tensor) clone() *Tensor {
	r := *t
	r.Floats, r.Ints, r.Strings = slices.Clone(t.Floats), slices.Clone(t.Ints), slices.Clone(t.Strings)
	return &r
}

// axisOf makes an axis that may count from the end one that counts from the start.
func axisOf(axis, rank int) (int, error) {
	if axis < -rank || axis >= rank {
		return 0, fmt.Errorf("axis %d does not exist: the rank is %d", axis, rank)
	}
	if axis < 0 {
		axis += rank
	}
	return axis, nil
}

// axesOf is axisOf for several axes, which must differ.
func axesOf(axes []int, rank int) ([]int, error) {
	if len(axes) > MaxRank {
		return nil, fmt.Errorf("%d axes are named, at most %d are allowed", len(axes), MaxRank)
	}
	r := make([]int, len(axes))
	for i, a := range axes {
		axis, err := axisOf(a, rank)
		if err != nil {
			return nil, err
		}
		if slices.Contains(r[:i], axis) {
			return nil, fmt.Errorf("axis %d is named twice in %v", axis, axes)
		}
		r[i] = axis
	}
	return r, nil
}

// around splits a shape at an axis: the number of elements before it, along it, and
// after it.
func around(shape []int, axis int) (outer, n, inner int) {
	return product(shape[:axis]), shape[axis], product(shape[axis+1:])
}

// product of sizes that sizeOf has passed.
func product(sizes []int) int {
	n := 1
	for _, d := range sizes {
		n *= d
	}
	return n
}

func toInts(v []int64) []int {
	if v == nil {
		return nil
	}
	r := make([]int, len(v))
	for i, x := range v {
		r[i] = toInt(x)
	}
	return r
}

// toInt is a number of a file, or the nearest that an int holds: no size, axis or end of a
// slice is as large.
func toInt(x int64) int { return int(min(max(x, math.MinInt), math.MaxInt)) }
