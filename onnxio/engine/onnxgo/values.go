package onnxgo

import (
	"fmt"

	"gorgonia.org/tensor"

	"github.com/gonn-toolkit/gonn/onnxio/graph"
)

// attribute gives an attribute that onnx-go has decoded.
func attribute(name string, v any) (*graph.Attr, error) {
	switch v := v.(type) {
	case float32, int64, string, []float32, []int64, []string:
		return &graph.Attr{Name: name, Value: v}, nil
	case tensor.Tensor:
		t, err := fromTensor("", v)
		if err != nil {
			return nil, fmt.Errorf("attribute %q: %w", name, err)
		}
		return graph.TensorAttr(name, t), nil
	}
	return nil, fmt.Errorf("attribute %q: onnx-go gives a %T, which is no value of an attribute", name, v)
}

// fromTensor gives a constant that onnx-go has decoded.
func fromTensor(name string, t tensor.Tensor) (*graph.Tensor, error) {
	var dims []int64
	for _, d := range t.Shape() {
		dims = append(dims, int64(d))
	}
	var made *graph.Tensor
	var err error
	switch v := t.Data().(type) {
	case []float32:
		made = graph.Float32Tensor(name, dims, v)
	case float32: // a scalar
		made = graph.Float32Tensor(name, dims, []float32{v})
	case []int64:
		made = graph.Int64Tensor(name, dims, v)
	case int64:
		made = graph.Int64Tensor(name, dims, []int64{v})
	case []float64:
		made, err = graph.FromFloat64s(name, graph.Double, dims, v)
	case float64:
		made, err = graph.FromFloat64s(name, graph.Double, dims, []float64{v})
	case []int32:
		wide := make([]int64, len(v))
		for i, x := range v {
			wide[i] = int64(x)
		}
		made, err = graph.FromInt64s(name, graph.Int32, dims, wide)
	case int32:
		made, err = graph.FromInt64s(name, graph.Int32, dims, []int64{int64(v)})
	case []bool:
		made, err = graph.FromBools(name, dims, v)
	case bool:
		made, err = graph.FromBools(name, dims, []bool{v})
	default:
		return nil, fmt.Errorf("constant %q: onnx-go gives a %T", name, v)
	}
	if err != nil {
		return nil, fmt.Errorf("constant %q: %w", name, err)
	}
	return made, nil
}
