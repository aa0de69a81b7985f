package graph

import (
	"encoding/binary"
	"fmt"
	"math"
	"slices"
)

// Tensor is a constant (TensorProto): elements of one type in row-major order.
// No Dims is a scalar. Float32s and Int64s give the elements.
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

// Float32Tensor makes a FLOAT tensor. v must hold as many values as dims say.
func Float32Tensor(name string, dims []int64, v []float32) *Tensor {
	raw := make([]byte, 0, 4*len(v))
	for _, x := range v {
		raw = binary.LittleEndian.AppendUint32(raw, math.Float32bits(x))
	}
	return &Tensor{Name: name, Type: Float, Dims: slices.Clone(dims), Raw: raw}
}

// Int64Tensor makes an INT64 tensor. v must hold as many values as dims say.
func Int64Tensor(name string, dims []int64, v []int64) *Tensor {
	raw := make([]byte, 0, 8*len(v))
	for _, x := range v {
		raw = binary.LittleEndian.AppendUint64(raw, uint64(x))
	}
	return &Tensor{Name: name, Type: Int64, Dims: slices.Clone(dims), Raw: raw}
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
