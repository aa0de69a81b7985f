package data

import (
	"fmt"
	"math/bits"

	"github.com/gonn-toolkit/gonn/nn"
)

// Array is a NumPy array in row-major order at the precision in which it was
// stored, half precision in float32: exactly one of its slices is not nil.
type Array struct {
	Shape   []int // empty for a scalar
	Float32 []float32
	Float64 []float64
	Uint8   []byte
	Int64   []int64 // every other integer type, and bool
}

// Tensor is the array in float32: float64 values are rounded. Integers must be
// exact in float32, as all are up to 2²⁴.
func (a *Array) Tensor() (*nn.Tensor, error) {
	t := &nn.Tensor{Shape: a.Shape, Data: a.Float32}
	switch {
	case a.Float64 != nil:
		t.Data = make([]float32, len(a.Float64))
		for i, v := range a.Float64 {
			t.Data[i] = float32(v)
		}
	case a.Uint8 != nil:
		t.Data = make([]float32, len(a.Uint8))
		for i, v := range a.Uint8 {
			t.Data[i] = float32(v)
		}
	case a.Int64 != nil:
		t.Data = make([]float32, len(a.Int64))
		for i, v := range a.Int64 {
			t.Data[i] = float32(v)
			if significantBits(v) > 24 {
				return nil, fmt.Errorf("integer %d of element %d is not exact in float32; read it as integers", v, i)
			}
		}
	}
	return t, nil
}

// significantBits is the length of v in binary without sign and last zeros.
func significantBits(v int64) int {
	u := uint64(v)
	if v < 0 {
		u = -u
	}
	return bits.Len64(u) - bits.TrailingZeros64(u)
}

// Float64s is the array in float64, a view if it was stored so. Integers
// beyond 2⁵³ are rounded.
func (a *Array) Float64s() []float64 {
	if a.Float64 != nil {
		return a.Float64
	}
	out := make([]float64, 0, len(a.Float32)+len(a.Uint8)+len(a.Int64))
	for _, v := range a.Float32 {
		out = append(out, float64(v))
	}
	for _, v := range a.Uint8 {
		out = append(out, float64(v))
	}
	for _, v := range a.Int64 {
		out = append(out, float64(v))
	}
	return out
}

// Ints is the integers of the array, a view unless they are bytes; it is an
// error if it was stored in floating point.
func (a *Array) Ints() ([]int64, error) {
	if a.Uint8 != nil {
		out := make([]int64, len(a.Uint8))
		for i, v := range a.Uint8 {
			out[i] = int64(v)
		}
		return out, nil
	}
	if a.Int64 == nil {
		return nil, fmt.Errorf("an array of floating-point numbers; need integers")
	}
	return a.Int64, nil
}

// rowMajor turns elements in Fortran order, the first index running fastest,
// into C order, the last one running fastest.
func rowMajor[T any](v []T, shape []int) []T {
	if len(shape) < 2 || len(v) == 0 {
		return v
	}
	out := make([]T, len(v))
	index := make([]int, len(shape))
	for _, x := range v {
		at := 0
		for axis, i := range index {
			at = at*shape[axis] + i
		}
		out[at] = x
		for axis := range index {
			if index[axis]++; index[axis] < shape[axis] {
				break
			}
			index[axis] = 0
		}
	}
	return out
}
