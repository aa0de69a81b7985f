package engine

import (
	"context"
	"fmt"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/onnxio/graph"
	"github.com/gonn-toolkit/gonn/onnxio/reference"
)

// Reference runs a model, node by node, in the float64 evaluator: the yardstick. It also
// runs models that have no trainable form, with several inputs and outputs, of any number
// type. What an input of integers or BOOL is given must be whole numbers of its type. A
// model that was exported in training mode runs as in inference (reference.Inference).
type Reference struct {
	// Limits bound each run; Operations are those for a sample.
	Limits reference.Limits
	// Context ends runs when it is done; nil never does.
	Context context.Context
}

// Name is "reference".
func (Reference) Name() string { return "reference" }

// Open prepares the model. Operators that cannot be evaluated are all named at once.
func (r Reference) Open(m *graph.Model) (Session, error) {
	m, _ = reference.Inference(m)
	e, err := reference.NewWithin(m, r.Limits)
	if err != nil {
		return nil, err
	}
	return newEvaluation(e, m, r), nil
}

// Notes say how the reference evaluator runs a model otherwise than the file says, one
// sentence each.
func Notes(m *graph.Model) []string {
	_, notes := reference.Inference(m)
	return notes
}

func typesOf(values []*graph.Value) map[string]graph.DataType {
	types := map[string]graph.DataType{}
	for _, v := range values {
		types[v.Name] = v.Type
	}
	return types
}

// toReferences gives tensors the types that the model wants.
func toReferences(inputs map[string]*nn.Tensor, types map[string]graph.DataType) (map[string]*reference.Tensor, error) {
	in := map[string]*reference.Tensor{}
	for name, x := range inputs {
		t, known := types[name]
		if !known {
			return nil, fmt.Errorf("the model has no input %q", name)
		}
		v, err := toReference(x, t)
		if err != nil {
			return nil, fmt.Errorf("input %q: %w", name, err)
		}
		in[name] = v
	}
	return in, nil
}

// toReference gives a tensor the type that the model wants. Types with a fraction round,
// others take what is of them.
func toReference(x *nn.Tensor, t graph.DataType) (*reference.Tensor, error) {
	if err := whole(x); err != nil {
		return nil, err
	}
	v, err := reference.FromFloat32s(x.Shape, x.Data).As(t)
	if err != nil {
		return nil, err
	}
	if v.Strings != nil {
		return nil, fmt.Errorf("the model needs element type %v; only numbers can be given", t)
	}
	if v.Ints == nil {
		return v, nil
	}
	back, err := v.As(graph.Double)
	if err != nil {
		return nil, err
	}
	for i, f := range x.Data {
		if back.Floats[i] != float64(f) {
			return nil, fmt.Errorf("the model needs element type %v, and element %d is %v", t, i, f)
		}
	}
	return v, nil
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
