package reference

import (
	"fmt"

	"github.com/gonn-toolkit/gonn/onnxio/graph"
)

// FromGraph takes a tensor of a file.
func FromGraph(t *graph.Tensor) (*Tensor, error) {
	shape := make([]int, len(t.Dims))
	for i, d := range t.Dims {
		shape[i] = int(d)
	}
	if _, err := sizeOf(shape); err != nil {
		return nil, fmt.Errorf("tensor %q: %w", t.Name, err)
	}
	switch {
	case isFloat(t.Type):
		v, err := t.Float32s()
		if err != nil {
			return nil, err
		}
		r := FromFloat32s(shape, v)
		r.Type = t.Type
		return r, nil
	case isInt(t.Type):
		v, err := t.Int64s()
		if err != nil {
			return nil, err
		}
		return FromInt64s(t.Type, shape, v), nil
	}
	return nil, fmt.Errorf("tensor %q: element type %v is not evaluated", t.Name, t.Type)
}

// Graph gives a value as ONNX stores it, rounded to its type.
func (t *Tensor) Graph(name string) (*graph.Tensor, error) {
	dims := make([]int64, len(t.Shape))
	for i, d := range t.Shape {
		dims[i] = int64(d)
	}
	switch t.Type {
	case graph.Float:
		v := make([]float32, len(t.Floats))
		for i, x := range t.Floats {
			v[i] = float32(x)
		}
		return graph.Float32Tensor(name, dims, v), nil
	case graph.Int64:
		return graph.Int64Tensor(name, dims, t.Ints), nil
	}
	return nil, fmt.Errorf("value %q: element type %v is not written", name, t.Type)
}
