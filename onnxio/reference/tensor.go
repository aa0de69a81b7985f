package reference

import (
	"fmt"

	"github.com/gonn-toolkit/gonn/onnxio/graph"
)

// Tensor is a value in an evaluation: elements in row-major order. No Shape is a scalar.
// Exactly one of the element slices is used, by Type.
type Tensor struct {
	Type    graph.DataType
	Shape   []int
	Floats  []float64 // FLOAT, DOUBLE, FLOAT16, BFLOAT16
	Ints    []int64   // integers of 8 bits or more (UINT64 as its bits) and BOOL (0 or 1)
	Strings []string  // STRING
}

// isFloat tells whether values of a type are kept in Floats.
func isFloat(t graph.DataType) bool {
	return t == graph.Float || t == graph.Double || t == graph.Float16 || t == graph.BFloat16
}

// isInt tells whether values of a type are kept in Ints.
func isInt(t graph.DataType) bool {
	switch t {
	case graph.Int8, graph.Int16, graph.Int32, graph.Int64,
		graph.Uint8, graph.Uint16, graph.Uint32, graph.Uint64, graph.Bool:
		return true
	}
	return false
}

// MaxElements is the largest number of elements that a value may have: 2 GiB of
// float64. A small file can ask for more than any computer has.
const MaxElements = 1 << 28

// sizeOf is the number of elements of a shape.
func sizeOf(shape []int) (int, error) {
	n := 1
	for _, d := range shape {
		if d < 0 {
			return 0, fmt.Errorf("shape %v has a negative size", shape)
		}
		if d > 0 && n > MaxElements/d {
			return 0, fmt.Errorf("shape %v has more than %d elements", shape, MaxElements)
		}
		n *= d
	}
	return n, nil
}

// newTensor makes a tensor of zeros (or empty strings).
func newTensor(t graph.DataType, shape ...int) (*Tensor, error) {
	n, err := sizeOf(shape)
	if err != nil {
		return nil, err
	}
	v := &Tensor{Type: t, Shape: append([]int(nil), shape...)}
	switch {
	case isFloat(t):
		v.Floats = make([]float64, n)
	case isInt(t):
		v.Ints = make([]int64, n)
	case t == graph.String:
		v.Strings = make([]string, n)
	default:
		return nil, fmt.Errorf("element type %v is not evaluated", t)
	}
	return v, nil
}

// Len is the number of elements.
func (t *Tensor) Len() int { return max(len(t.Floats), len(t.Ints), len(t.Strings)) }

// FromFloat64s makes a value of a type with a fraction. v is kept, not copied.
func FromFloat64s(t graph.DataType, shape []int, v []float64) *Tensor {
	return &Tensor{Type: t, Shape: shape, Floats: v}
}

// FromInt64s makes a value of an integer type or BOOL. v is kept, not copied.
func FromInt64s(t graph.DataType, shape []int, v []int64) *Tensor {
	return &Tensor{Type: t, Shape: shape, Ints: v}
}

// FromFloat32s makes a FLOAT value of numbers that are copied.
func FromFloat32s(shape []int, v []float32) *Tensor {
	f := make([]float64, len(v))
	for i, x := range v {
		f[i] = float64(x)
	}
	return FromFloat64s(graph.Float, shape, f)
}
