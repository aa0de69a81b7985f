package reference

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"

	"github.com/gonn-toolkit/gonn/onnxio/graph"
)

// Evaluator runs one model.
type Evaluator struct {
	model  *graph.Model
	known  nodeOperators
	consts map[string]*Tensor // initializers
	bytes  float64            // of these
	whole  *plan              // for the outputs
	ctx    context.Context
	limits Limits
}

// New prepares a model within DefaultLimits. If some operators cannot be evaluated the error
// names all of their nodes.
func New(m *graph.Model) (*Evaluator, error) { return NewWithin(m, Limits{}) }

// NewWithin is New within other limits, for the runs too.
func NewWithin(m *graph.Model, l Limits) (*Evaluator, error) {
	if err := m.Check(); err != nil {
		return nil, err
	}
	known := nodeOperators{}
	if err := errors.Join(known.lookUp(m.Graph, m.Opset)...); err != nil {
		return nil, err
	}
	e := &Evaluator{model: m, known: known, whole: newPlan(m.Graph), ctx: context.Background(), limits: l.or(DefaultLimits)}
	var err error
	e.consts, e.bytes, err = constants(m.Graph, e.limits)
	return e, err
}

// Constants is the memory that the initializers take.
func (e *Evaluator) Constants() int64 { return int64(e.bytes) }

// constants decodes the initializers of a model's graph, if there is room for them.
func constants(g *graph.Graph, l Limits) (consts map[string]*Tensor, bytes float64, err error) {
	for _, t := range g.Initializers {
		bytes += decodedBytes(t)
	}
	if limit := float64(l.Memory); bytes > limit {
		return nil, 0, &LimitError{Memory, "", bytes, limit}
	}
	consts = map[string]*Tensor{}
	var errs []error
	for _, t := range g.Initializers {
		v, err := FromGraph(t)
		if err != nil {
			errs = append(errs, err)
			continue
		}
		consts[t.Name] = v
	}
	return consts, bytes, errors.Join(errs...)
}

// decodedBytes is what a tensor of a file takes in an evaluation.
func decodedBytes(t *graph.Tensor) float64 {
	n, err := t.Len()
	switch {
	case err != nil: // decoding says so
		return 0
	case t.Type == graph.String:
		return valueBytes + textBytes*float64(n)
	}
	return valueBytes + numberBytes*float64(n)
}

// Within is the evaluator with other limits, whose runs end when a context is done.
func (e *Evaluator) Within(ctx context.Context, l Limits) *Evaluator {
	other := *e
	other.ctx, other.limits = ctx, l.or(DefaultLimits)
	return &other
}

// Run computes the model's outputs from its inputs, by their names. Inputs must have the
// types and shapes that the model says; sizes that it names by a symbol may be any. What
// it gives may share memory with inputs and constants, and must not be changed. A run that
// would go beyond the limits is a *LimitError. Several goroutines may call it at once.
func (e *Evaluator) Run(inputs map[string]*Tensor) (map[string]*Tensor, error) {
	return e.Observe(inputs, nil)
}

// Observe is Run that also shows every value of a node as it is computed. see may be nil.
func (e *Evaluator) Observe(inputs map[string]*Tensor, see func(name string, t *Tensor)) (map[string]*Tensor, error) {
	return e.run(inputs, e.whole, see)
}

// run computes the results of a plan.
func (e *Evaluator) run(inputs map[string]*Tensor, p *plan, see func(name string, t *Tensor)) (map[string]*Tensor, error) {
	s := &scope{values: maps.Clone(e.consts), known: e.known, meter: NewMeter(e.ctx, e.limits)}
	for _, t := range e.consts {
		s.meter.Hold(t)
	}
	if err := e.take(inputs, s); err != nil {
		return nil, err
	}
	for i, n := range p.nodes {
		if err := s.compute(n, e.model.Opset); err != nil {
			return nil, err
		}
		for _, name := range n.Outputs {
			if name != "" && see != nil {
				see(name, s.values[name])
			}
		}
		e.forget(p, i, s)
	}
	results := map[string]*Tensor{}
	for _, name := range p.results {
		results[name] = s.values[name]
	}
	return results, nil
}

// take enters the inputs.
func (e *Evaluator) take(inputs map[string]*Tensor, s *scope) error {
	for name := range inputs {
		if !slices.ContainsFunc(e.model.Graph.Inputs, func(v *graph.Value) bool { return v.Name == name }) {
			return fmt.Errorf("the model has no input %q", name)
		}
	}
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
		s.enter(v.Name, t)
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

// forget drops the values that no node after node i of a plan reads, so that a deep model
// does not keep all of its maps.
func (e *Evaluator) forget(p *plan, i int, s *scope) {
	n := p.nodes[i]
	for _, names := range [][]string{n.Inputs, n.Outputs} {
		for _, name := range names {
			if last, read := p.last[name]; !read || last <= i {
				if t := s.values[name]; t != nil && t != e.consts[name] {
					s.meter.Free(t)
				}
				delete(s.values, name)
			}
		}
	}
}
