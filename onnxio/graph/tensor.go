package graph

import (
	"fmt"
	"math"
)

// Tensor is a constant (TensorProto): elements of one type in row-major order.
// No Dims is a scalar. Float64s, Float32s, Int64s, Uint64s and Bools give the
// elements; FromFloat64s, FromInt64s, FromUint64s and FromBools make a tensor.
type Tensor struct {
	Name string
	Type DataType
	Dims []int64

	// Raw holds the elements as in ONNX's raw_data: little-endian, types of less
	// than a byte packed. After reading it may be a part of the file's bytes, and
	// tensors may share it: do not change it in place. It is empty if the file
	// keeps integers in int32_data, int64_data or uint64_data, and for STRING.
	Raw []byte

	// Strings holds the elements of a STRING tensor.
	Strings []string

	packed []byte // varints of int32_data, int64_data or uint64_data, as in the file
}

// Len is the number of elements: the product of Dims. Dims below zero, or a
// product above MaxElements, are an error.
func (t *Tensor) Len() (int, error) {
	n, err := t.elements()
	if err == nil && n > math.MaxInt {
		return 0, fmt.Errorf("dims %v are too large for this computer", t.Dims)
	}
	return int(n), err
}

func (t *Tensor) elements() (int64, error) {
	n := int64(1)
	for _, d := range t.Dims {
		if d < 0 {
			return 0, fmt.Errorf("dims %v hold a negative size", t.Dims)
		}
		if d > 0 && n > MaxElements/d {
			n = MaxElements + 1
		} else {
			n *= d
		}
	}
	if n > MaxElements {
		return 0, fmt.Errorf("dims %v mean more than %d elements", t.Dims, MaxElements)
	}
	return n, nil
}
