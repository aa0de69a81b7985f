package reference

import (
	"context"
	"errors"
	"fmt"

	"github.com/gonn-toolkit/gonn/onnxio/graph"
	"github.com/gonn-toolkit/gonn/onnxio/internal/operators"
)

// Eval computes one node from its inputs: nil stands for one that is left out. opset is
// the version of the node's domain. The node must not hold graphs that read values from
// around it.
func Eval(n *graph.Node, opset int64, in []*Tensor) ([]*Tensor, error) {
	return EvalWithin(n, opset, in, Limits{})
}

// EvalWithin is Eval within limits, of what the inputs hold too.
func EvalWithin(n *graph.Node, opset int64, in []*Tensor, l Limits) ([]*Tensor, error) {
	m := NewMeter(context.Background(), l)
	for _, t := range in {
		m.Hold(t)
	}
	return m.Eval(n, opset, in)
}

func eval(c *call) ([]*Tensor, error) {
	n := c.node
	if c.known == nil {
		if err := known(n, c.opset, len(c.in)); err != nil {
			return nil, err
		}
	}
	for k, t := range c.in {
		if t == nil {
			continue
		}
		if err := t.check(); err != nil {
			return nil, fmt.Errorf("%s: input %d: %w", n.Label(), k, err)
		}
	}
	if err := c.meter.begin(c); err != nil {
		return nil, err
	}
	out, err := compute(c)
	var limit *LimitError
	switch {
	case errors.As(err, &limit), err != nil && c.meter.ctx.Err() != nil:
		return nil, err // it says which node
	case err != nil:
		return nil, fmt.Errorf("%s: %w", n.Label(), err)
	}
	return out, nil
}

func compute(c *call) ([]*Tensor, error) {
	out, err := c.operator().run(c)
	switch {
	case c.err != nil:
		return nil, c.err
	case err != nil:
		return nil, err
	case len(out) < len(c.node.Outputs):
		return nil, fmt.Errorf("it has %d outputs, the operator gives %d", len(c.node.Outputs), len(out))
	}
	return out, nil
}

// lookUp finds the operators of a graph's nodes and of those inside it, and lists the nodes that
// cannot be evaluated.
func (o nodeOperators) lookUp(g *graph.Graph, opsets func(domain string) int64) []error {
	var errs []error
	for _, n := range g.Nodes {
		o[n] = ops[n.OpType]
		errs = append(errs, known(n, opsets(n.Domain), len(n.Inputs)))
		for _, a := range n.Attrs {
			if inner, ok := a.Value.(*graph.Graph); ok {
				errs = append(errs, o.lookUp(inner, opsets)...)
			}
		}
	}
	return errs
}

// MaxOpset is the newest version of ONNX's operators that is known here.
const MaxOpset = 28

// known is an error if a node, with so many inputs, cannot be evaluated.
func known(n *graph.Node, opset int64, inputs int) error {
	switch {
	case !n.Standard():
		return fmt.Errorf("%s: operator %s of domain %q is not known", n.Label(), n.OpType, n.Domain)
	case ops[n.OpType] == nil:
		return fmt.Errorf("%s: operator %s is not known", n.Label(), n.OpType)
	case opset < 1 || opset > MaxOpset:
		return fmt.Errorf("%s: operators of version %d are not known, only 1 to %d are", n.Label(), opset, MaxOpset)
	}
	if err := takes(n, opset, inputs); err != nil {
		return fmt.Errorf("%s: %w", n.Label(), err)
	}
	return nil
}

// takes is an error if a node has an attribute or inputs that its operator does not have:
// what they mean would be left out. An operator that the opset does not have yet is that of
// its first version.
func takes(n *graph.Node, opset int64, inputs int) error {
	s := operators.Nearest("", n.OpType, opset)
	for _, a := range n.Attrs {
		if s.Attr(a.Name) == nil {
			return fmt.Errorf("it has an attribute %q, which %s of opset %d does not", a.Name, n.OpType, opset)
		}
	}
	if most := s.MostInputs(); most >= 0 && inputs > most {
		return fmt.Errorf("it has %d inputs, %s of opset %d at most %d", inputs, n.OpType, opset, most)
	}
	return nil
}
