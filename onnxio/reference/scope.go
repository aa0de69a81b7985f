package reference

import (
	"fmt"

	"github.com/gonn-toolkit/gonn/onnxio/graph"
)

// scope holds the values of a graph by name, and those of the graphs around it.
type scope struct {
	values map[string]*Tensor
	outer  *scope
	known  nodeOperators
	meter  *Meter
}

func (s *scope) find(name string) *Tensor {
	for ; s != nil; s = s.outer {
		if t := s.values[name]; t != nil {
			return t
		}
	}
	return nil
}

// enter gives a name a value, which is held from then on.
func (s *scope) enter(name string, t *Tensor) {
	s.values[name] = t
	s.meter.Hold(t)
}

// start enters the initializers of a graph inside a node. A value that is there already is one
// of an input, for which the initializer is the default.
func (s *scope) start(g *graph.Graph, c *call) error {
	for _, t := range g.Initializers {
		if s.values[t.Name] != nil {
			continue
		}
		if err := s.affords(t, c); err != nil {
			return err
		}
		v, err := FromGraph(t)
		if err != nil {
			return err
		}
		s.enter(t.Name, v)
	}
	return nil
}

// affords is an error if the meter has no room for a constant, which is made each time.
func (s *scope) affords(t *graph.Tensor, c *call) error {
	bytes := decodedBytes(t)
	if err := s.meter.work(c.node, bytes); err != nil {
		return err
	}
	return s.meter.room(c.node, bytes)
}

// compute evaluates a node and enters its outputs.
func (s *scope) compute(n *graph.Node, opsets func(domain string) int64) error {
	c := &call{node: n, opset: opsets(n.Domain), opsets: opsets, scope: s, meter: s.meter, known: s.known[n], in: make([]*Tensor, 0, len(n.Inputs))}
	for _, name := range n.Inputs {
		c.in = append(c.in, s.find(name)) // "" has no value
	}
	out, err := eval(c)
	if err != nil {
		return err
	}
	for k, name := range n.Outputs {
		if name != "" && out[k] != nil {
			s.enter(name, out[k])
		}
	}
	return s.meter.room(n, 0)
}

// run evaluates a graph inside the node of c, whose inputs are entered, and gives its outputs.
// From then on none of its values is held.
func (s *scope) run(g *graph.Graph, c *call) ([]*Tensor, error) {
	defer func() {
		for _, t := range s.values {
			s.meter.Free(t)
		}
	}()
	if err := s.start(g, c); err != nil {
		return nil, err
	}
	for _, n := range g.Nodes {
		if err := s.compute(n, c.opsets); err != nil {
			return nil, err
		}
	}
	out := make([]*Tensor, len(g.Outputs))
	for i, v := range g.Outputs {
		if out[i] = s.find(v.Name); out[i] == nil {
			return nil, fmt.Errorf("output %q has no value", v.Name)
		}
	}
	return out, nil
}
