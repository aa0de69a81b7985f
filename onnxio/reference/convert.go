package reference

import (
	"fmt"
	"slices"

	"github.com/gonn-toolkit/gonn/onnxio/graph"
)

// FromGraph takes a tensor of a file.
func FromGraph(t *graph.Tensor) (*Tensor, error) {
	shape := toInts(t.Dims)
	n, err := sizeOf(shape)
	if err != nil {
		return nil, fmt.Errorf("tensor %q: %w", t.Name, err)
	}
	switch {
	case isFloat(t.Type):
		v, err := t.Float64s()
		return FromFloat64s(t.Type, shape, v), err
	case t.Type == graph.Uint64:
		v, err := t.Uint64s()
		bits := make([]int64, len(v))
		for i, x := range v {
			bits[i] = int64(x)
		}
		return FromInt64s(t.Type, shape, bits), err
	case isInt(t.Type):
		v, err := t.Int64s()
		return FromInt64s(t.Type, shape, v), err
	case t.Type == graph.String && len(t.Strings) == n:
		return fromStrings(shape, slices.Clone(t.Strings)), nil
	case t.Type == graph.String:
		return nil, fmt.Errorf("tensor %q: shape %v needs %d strings, but there are %d", t.Name, shape, n, len(t.Strings))
	}
	return nil, fmt.Errorf("tensor %q: element type %v is not evaluated", t.Name, t.Type)
}

// Graph gives a value as ONNX stores it, rounded to its type.
func (t *Tensor) Graph(name string) (*graph.Tensor, error) {
	if err := t.check(); err != nil {
		return nil, fmt.Errorf("value %q: %w", name, err)
	}
	dims := make([]int64, len(t.Shape))
	for i, d := range t.Shape {
		dims[i] = int64(d)
	}
	switch {
	case isFloat(t.Type):
		return graph.FromFloat64s(name, t.Type, dims, t.Floats)
	case t.Type == graph.Uint64:
		bits := make([]uint64, len(t.Ints))
		for i, v := range t.Ints {
			bits[i] = uint64(v)
		}
		return graph.FromUint64s(name, t.Type, dims, bits)
	case isInt(t.Type):
		return graph.FromInt64s(name, t.Type, dims, t.Ints)
	}
	return &graph.Tensor{Name: name, Type: t.Type, Dims: dims, Strings: slices.Clone(t.Strings)}, nil
}

// As gives a value in another type, as Cast does.
func (t *Tensor) As(to graph.DataType) (*Tensor, error) { return cast(t, to) }
