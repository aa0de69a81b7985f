package reference

import (
	"fmt"
	"slices"

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

// MaxElements is the largest number of elements that a value may have: 2 GiB of
// float64. A small file can ask for more than any computer has.
const MaxElements = 1 << 28

// MaxRank is the largest number of axes that a value may have.
const MaxRank = 32

// sizeOf is the number of elements of a shape.
func sizeOf(shape []int) (int, error) {
	if len(shape) > MaxRank {
		return 0, fmt.Errorf("a shape has %d axes, at most %d are allowed", len(shape), MaxRank)
	}
	n := 1 // of the sizes other than 0, so that no loop over one is endless
	for _, d := range shape {
		if d < 0 {
			return 0, fmt.Errorf("shape %v has a negative size", shape)
		}
		if d > 0 && n > MaxElements/d {
			return 0, fmt.Errorf("shape %v has more than %d elements", shape, MaxElements)
		}
		n *= max(1, d)
	}
	if slices.Contains(shape, 0) {
		return 0, nil
	}
	return n, nil
}

// newTensor makes a tensor of zeros (or empty strings).
func newTensor(t graph.DataType, shape ...int) (*Tensor, error) {
	n, err := sizeOf(shape)
	if err != nil {
		return nil, err
	}
	v := &Tensor{Type: t, Shape: slices.Clone(shape)}
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

// Rank is the number of axes.
func (t *Tensor) Rank() int { return len(t.Shape) }

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

// fromStrings makes a STRING value.
func fromStrings(shape []int, v []string) *Tensor {
	return &Tensor{Type: graph.String, Shape: shape, Strings: v}
}

// vector makes an INT64 value with one axis.
func vector(v []int) *Tensor {
	ints := make([]int64, len(v))
	for i, x := range v {
		ints[i] = int64(x)
	}
	return FromInt64s(graph.Int64, []int{len(v)}, ints)
}

// check is an error unless t holds as many elements as its shape says, in the slice of
// its type, and all are of the type.
func (t *Tensor) check() error {
	n, err := sizeOf(t.Shape)
	if err != nil {
		return err
	}
	var have int
	switch {
	case isFloat(t.Type):
		have = len(t.Floats)
	case isInt(t.Type):
		have = len(t.Ints)
	case t.Type == graph.String:
		have = len(t.Strings)
	default:
		return fmt.Errorf("element type %v is not evaluated", t.Type)
	}
	if have != n {
		return fmt.Errorf("shape %v of %v needs %d elements, but there are %d", t.Shape, t.Type, n, have)
	}
	if !isInt(t.Type) {
		return nil
	}
	for i, v := range t.Ints {
		if wrap(t.Type, v) != v {
			return fmt.Errorf("element %d, %d, is outside the range of %v", i, v, t.Type)
		}
	}
	return nil
}

// numbers is an error unless t is of a type to calculate with.
func (t *Tensor) numbers() error {
	if !isNumber(t.Type) {
		return fmt.Errorf("an input has type %v, it must be of numbers", t.Type)
	}
	return nil
}

// fractions is an error unless t is of a floating-point type.
func (t *Tensor) fractions() error {
	if !isFloat(t.Type) {
		return fmt.Errorf("an input has type %v, it must be FLOAT, DOUBLE, FLOAT16 or BFLOAT16", t.Type)
	}
	return nil
}

// integers gives the elements of a tensor of INT64 or INT32 that says sizes or
// indices: a scalar or one axis.
func (t *Tensor) integers() ([]int, error) {
	if t.Type != graph.Int64 && t.Type != graph.Int32 {
		return nil, fmt.Errorf("an input has type %v, it must be INT64 or INT32", t.Type)
	}
	if len(t.Shape) > 1 {
		return nil, fmt.Errorf("an input has shape %v, it must have one axis", t.Shape)
	}
	return append([]int{}, toInts(t.Ints)...), nil
}
