package engine

import (
	"fmt"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/onnxio/graph"
	"github.com/gonn-toolkit/gonn/onnxio/reference"
)

// Reference runs a model, node by node, in the float64 evaluator: the yardstick. It also
// runs models that have no trainable form, with several inputs and outputs. Inputs may be
// of any type with a fraction and outputs of any number type.
type Reference struct{}

// Name is "reference".
func (Reference) Name() string { return "reference" }

// Open prepares the model. Operators that cannot be evaluated are all named at once.
func (Reference) Open(m *graph.Model) (Session, error) {
	e, err := reference.New(m)
	if err != nil {
		return nil, err
	}
	types := map[string]graph.DataType{}
	for _, v := range m.Graph.Inputs {
		types[v.Name] = v.Type
	}
	return &evaluation{e, types}, nil
}

type evaluation struct {
	evaluator *reference.Evaluator
	types     map[string]graph.DataType // of the inputs
}

func (s *evaluation) Run(inputs map[string]*nn.Tensor) (map[string]*nn.Tensor, error) {
	in := map[string]*reference.Tensor{}
	for name, x := range inputs {
		t, known := s.types[name]
		if !known {
			return nil, fmt.Errorf("the model has no input %q", name)
		}
		v, err := toReference(x, t)
		if err != nil {
			return nil, fmt.Errorf("input %q: %w", name, err)
		}
		in[name] = v
	}
	out, err := s.evaluator.Run(in)
	if err != nil {
		return nil, err
	}
	results := map[string]*nn.Tensor{}
	for name, v := range out {
		if results[name], err = fromReference(v); err != nil {
			return nil, fmt.Errorf("output %q: %w", name, err)
		}
	}
	return results, nil
}

func (s *evaluation) Close() error { return nil }

// Concurrent: an evaluation keeps nothing between runs.
func (s *evaluation) Concurrent() {}

// toReference gives a tensor the type that the model wants.
func toReference(x *nn.Tensor, t graph.DataType) (*reference.Tensor, error) {
	if err := whole(x); err != nil {
		return nil, err
	}
	switch t {
	case graph.Float, graph.Double, graph.Float16, graph.BFloat16:
		v := reference.FromFloat32s(x.Shape, x.Data)
		v.Type = t
		return v, nil
	}
	return nil, fmt.Errorf("the model needs element type %v; only types with a fraction can be given", t)
}

// fromReference rounds a value to float32.
func fromReference(v *reference.Tensor) (*nn.Tensor, error) {
	y := &nn.Tensor{Shape: v.Shape, Data: make([]float32, v.Len())}
	switch {
	case v.Strings != nil:
		return nil, fmt.Errorf("element type %v is not a number", v.Type)
	case v.Ints != nil:
		for i, n := range v.Ints {
			y.Data[i] = float32(n)
		}
	default:
		for i, f := range v.Floats {
			y.Data[i] = float32(f)
		}
	}
	return y, nil
}
