// Package elementwise has what readers of elementwise arithmetic need for the constants in it:
// which element of a constant meets which element of what it is broadcast to.
package elementwise

import (
	"math"

	"github.com/gonn-toolkit/gonn/nn"
)

// Index lists, for each element of a value of shape dims, the element of a constant of the given
// shape that broadcasts to it; nil for a constant of one number. The constant may have a batch
// axis of 1 in front.
func Index(shape, dims []int) []int {
	if nn.Shape(shape).Size() == 1 {
		return nil
	}
	if len(shape) > len(dims) { // its batch axis
		shape = shape[1:]
	}
	index := []int{0}
	stride := nn.Shape(shape).Size()
	for i, d := range dims {
		own := 1
		if at := i - (len(dims) - len(shape)); at >= 0 {
			own = shape[at]
		}
		stride /= own
		next := make([]int, 0, len(index)*d)
		for _, from := range index {
			for j := range d {
				if own == 1 {
					j = 0
				}
				next = append(next, from+j*stride)
			}
		}
		index = next
	}
	return index
}

// Pick are the elements of v at an index; v itself for nil.
func Pick[T any](v []T, index []int) []T {
	if index == nil || v == nil {
		return v
	}
	out := make([]T, len(index))
	for i, k := range index {
		out[i] = v[k]
	}
	return out
}

// Map is g of each element.
func Map[T float32 | float64](v []T, g func(T) T) []T {
	out := make([]T, len(v))
	for i, x := range v {
		out[i] = g(x)
	}
	return out
}

// Float32s rounds values; nil if one is not finite as a float32.
func Float32s(v []float64) []float32 {
	out := make([]float32, len(v))
	for i, x := range v {
		out[i] = float32(x)
		if math.IsNaN(x) || math.IsInf(float64(out[i]), 0) {
			return nil
		}
	}
	return out
}
