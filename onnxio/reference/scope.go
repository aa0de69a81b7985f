package reference

import (
	"fmt"

	"github.com/gonn-toolkit/gonn/onnxio/graph"
)

// scope holds the values of a graph by name, and those of the graphs around it.
type scope struct {
	values map[string]*Tensor
	outer  *scope
	budget *budget // nil for a run without end
}

// left is the budget of a run, of which graphs inside nodes take their part.
func (s *scope) left() *budget {
	if s == nil {
		return nil
	}
	return s.budget
}

func (s *scope) find(name string) *Tensor {
	for ; s != nil; s = s.outer {
		if t := s.values[name]; t != nil {
			return t
		}
	}
	return nil
}

// start enters the initializers of a graph. A value that is there already is one of an
// input, for which the initializer is the default.
func (s *scope) start(g *graph.Graph) error {
	for _, t := range g.Initializers {
		if s.values[t.Name] != nil {
			continue
		}
		v, err := FromGraph(t)
		if err != nil {
			return err
		}
		s.values[t.Name] = v
	}
	return nil
}

// compute evaluates a node and enters its outputs.
func (s *scope) compute(n *graph.Node, opsets func(domain string) int64) error {
	c := &call{node: n, opset: opsets(n.Domain), opsets: opsets, scope: s}
	for _, name := range n.Inputs {
		c.in = append(c.in, s.find(name)) // "" has no value
	}
	if err := s.budget.spend(c); err != nil {
		return err
	}
	out, err := eval(c)
	if err != nil {
		return err
	}
	for k, name := range n.Outputs {
		if name != "" {
			s.values[name] = out[k]
			s.budget.hold(out[k])
		}
	}
	return s.budget.check(c)
}

// run evaluates a graph whose inputs are entered, and gives its outputs. Of its values these
// are held from then on.
func (s *scope) run(g *graph.Graph, opsets func(domain string) int64) (out []*Tensor, err error) {
	if err := s.start(g); err != nil {
		return nil, err
	}
	if b := s.budget; b != nil {
		before := b.held
		defer func() {
			b.held = before
			for _, t := range out {
				b.hold(t)
			}
		}()
	}
	for _, n := range g.Nodes {
		if err := s.compute(n, opsets); err != nil {
			return nil, err
		}
	}
	out = make([]*Tensor, len(g.Outputs))
	for i, v := range g.Outputs {
		if out[i] = s.find(v.Name); out[i] == nil {
			return nil, fmt.Errorf("output %q has no value", v.Name)
		}
	}
	return out, nil
}
