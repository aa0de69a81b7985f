package reference

import (
	"errors"
	"fmt"

	"github.com/gonn-toolkit/gonn/onnxio/graph"
)

// Evaluator runs one model.
type Evaluator struct {
	model *graph.Model
	start map[string]*Tensor // initializers
	last  map[string]int     // the node that reads a value last
}

// New prepares a model. If some operators cannot be evaluated the error names all of
// their nodes.
func New(m *graph.Model) (*Evaluator, error) {
	if err := m.Check(); err != nil {
		return nil, err
	}
	var errs []error
	for _, n := range m.Graph.Nodes {
		errs = append(errs, known(n, m.Opset(n.Domain)))
	}
	e := &Evaluator{model: m, start: map[string]*Tensor{}, last: map[string]int{}}
	for _, t := range m.Graph.Initializers {
		v, err := FromGraph(t)
		errs = append(errs, err)
		e.start[t.Name] = v
	}
	for i, n := range m.Graph.Nodes {
		for _, name := range n.Inputs {
			e.last[name] = i
		}
	}
	return e, errors.Join(errs...)
}

// Run computes the model's outputs from its inputs, by their names. Inputs must have the
// types and ranks that the model says; sizes that it names by a symbol may be any.
func (e *Evaluator) Run(inputs map[string]*Tensor) (map[string]*Tensor, error) {
	return e.Observe(inputs, nil)
}

// Observe is Run that also shows every value of a node as it is computed. see may be nil.
func (e *Evaluator) Observe(inputs map[string]*Tensor, see func(name string, t *Tensor)) (map[string]*Tensor, error) {
	s := &scope{values: map[string]*Tensor{}}
	for name, t := range e.start {
		s.values[name] = t
	}
	if err := e.take(inputs, s); err != nil {
		return nil, err
	}
	for i, n := range e.model.Graph.Nodes {
		c := &call{node: n, opset: e.model.Opset(n.Domain), scope: s}
		for _, name := range n.Inputs {
			c.in = append(c.in, s.values[name]) // "" has no value
		}
		out, err := eval(c)
		if err != nil {
			return nil, err
		}
		for k, name := range n.Outputs {
			if name == "" {
				continue
			}
			s.values[name] = out[k]
			if see != nil {
				see(name, out[k])
			}
		}
		e.forget(i, n, s)
	}
	results := map[string]*Tensor{}
	for _, v := range e.model.Graph.Outputs {
		results[v.Name] = s.values[v.Name]
	}
	return results, nil
}

// take enters the inputs.
func (e *Evaluator) take(inputs map[string]*Tensor, s *scope) error {
	for _, v := range e.model.Graph.Inputs {
		t := inputs[v.Name]
		switch {
		case t == nil && s.values[v.Name] != nil: // an initializer is its default
			continue
		case t == nil:
			return fmt.Errorf("input %q is missing", v.Name)
		case t.Type != v.Type:
			return fmt.Errorf("input %q has element type %v, the model needs %v", v.Name, t.Type, v.Type)
		}
		if err := fits(t.Shape, v); err != nil {
			return fmt.Errorf("input %q: %w", v.Name, err)
		}
		s.values[v.Name] = t
	}
	return nil
}

// fits holds a shape against that of a value of the model.
func fits(shape []int, v *graph.Value) error {
	if !v.HasShape {
		return nil
	}
	ok := len(shape) == len(v.Shape)
	for i := 0; ok && i < len(shape); i++ {
		ok = !v.Shape[i].Known() || v.Shape[i].Size == int64(shape[i])
	}
	if !ok {
		return fmt.Errorf("it has shape %v, the model needs %v", shape, v.Shape)
	}
	return nil
}

// forget drops the values that no later node reads, so that a deep model does not keep
// all of its maps.
func (e *Evaluator) forget(i int, n *graph.Node, s *scope) {
	for _, name := range n.Inputs {
		if e.last[name] == i && !e.isOutput(name) {
			delete(s.values, name)
		}
	}
}

func (e *Evaluator) isOutput(name string) bool {
	for _, v := range e.model.Graph.Outputs {
		if v.Name == name {
			return true
		}
	}
	return false
}
