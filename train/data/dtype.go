package data

import (
	"fmt"
	"math"

	"github.com/sbinet/npyio/npy"
)

// dtype says how elements of one type are read.
type dtype struct {
	width int64 // bytes of an element in the file
	kept  int64 // and in an Array
	into  func(*Array, *npy.Reader) error
}

// dtypes are the element types that are read, by NumPy's name without the byte
// order.
var dtypes = map[string]dtype{
	"f4": {4, 4, func(a *Array, r *npy.Reader) (err error) { a.Float32, err = elements[float32](r); return }},
	"f8": {8, 8, func(a *Array, r *npy.Reader) (err error) { a.Float64, err = elements[float64](r); return }},
	"b1": {1, 8, integers(fromBool)},
	"i1": {1, 8, integers(func(v int8) int64 { return int64(v) })},
	"i2": {2, 8, integers(func(v int16) int64 { return int64(v) })},
	"i4": {4, 8, integers(func(v int32) int64 { return int64(v) })},
	"i8": {8, 8, func(a *Array, r *npy.Reader) (err error) { a.Int64, err = elements[int64](r); return }},
	"u1": {1, 1, func(a *Array, r *npy.Reader) (err error) { a.Uint8, err = elements[byte](r); return }},
	"u2": {2, 8, integers(func(v uint16) int64 { return int64(v) })},
	"u4": {4, 8, integers(func(v uint32) int64 { return int64(v) })},
	"u8": {8, 8, integers(func(v uint64) int64 { return int64(v) })},
}

func fromBool(v bool) int64 {
	if v {
		return 1
	}
	return 0
}

// elements reads all elements of an array, in the order of the file.
func elements[T any](r *npy.Reader) ([]T, error) {
	v := []T{}
	if err := r.Read(&v); err != nil {
		return nil, fmt.Errorf("cannot read the elements: %w", err)
	}
	return v, nil
}

func integers[T any](convert func(T) int64) func(*Array, *npy.Reader) error {
	return func(a *Array, r *npy.Reader) error {
		raw, err := elements[T](r)
		if err != nil {
			return err
		}
		a.Int64 = make([]int64, len(raw))
		for i, v := range raw {
			if u, ok := any(v).(uint64); ok && u > math.MaxInt64 {
				return fmt.Errorf("integer %d of element %d is above 2⁶³−1, the most that is read", u, i)
			}
			a.Int64[i] = convert(v)
		}
		return nil
	}
}
