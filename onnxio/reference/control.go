package reference

import (
	"fmt"

	"github.com/gonn-toolkit/gonn/onnxio/graph"
)

// controlOps are the operators that run a graph of their own, named by an attribute.
var controlOps = map[string]op{
	"If":   ifOp,
	"Loop": loop,
	"Scan": scan,
}

// body gives the graph that an attribute holds, as a function of its inputs.
func (c *call) body(name string) (*graph.Graph, func(in []*Tensor) ([]*Tensor, error), error) {
	a := c.node.Attr(name)
	if a == nil {
		return nil, nil, fmt.Errorf("attribute %q is missing", name)
	}
	g, ok := a.Value.(*graph.Graph)
	if !ok {
		return nil, nil, fmt.Errorf("attribute %q is of kind %v, it must be GRAPH", name, a.Kind())
	}
	return g, func(in []*Tensor) ([]*Tensor, error) {
		if len(in) != len(g.Inputs) {
			return nil, fmt.Errorf("attribute %q: the graph has %d inputs, it is given %d", name, len(g.Inputs), len(in))
		}
		s := &scope{values: map[string]*Tensor{}, outer: c.scope, meter: c.meter}
		if c.scope != nil {
			s.known = c.scope.known
		}
		for i, v := range g.Inputs {
			s.enter(v.Name, in[i])
		}
		out, err := s.run(g, c)
		if err != nil {
			return nil, fmt.Errorf("attribute %q: %w", name, err)
		}
		return out, nil
	}, nil
}

// truth is the value of a tensor of one BOOL.
func truth(t *Tensor) (bool, error) {
	if t.Type != graph.Bool || t.Len() != 1 {
		return false, fmt.Errorf("a condition is %v of shape %v, it must be one BOOL", t.Type, t.Shape)
	}
	return t.Ints[0] != 0, nil
}

func ifOp(c *call) ([]*Tensor, error) {
	condition, err := c.input(0)
	if err != nil {
		return nil, err
	}
	yes, err := truth(condition)
	if err != nil {
		return nil, err
	}
	name := "else_branch"
	if yes {
		name = "then_branch"
	}
	_, run, err := c.body(name)
	if err != nil {
		return nil, err
	}
	return run(nil)
}
