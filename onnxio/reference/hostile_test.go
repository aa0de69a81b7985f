package reference_test

import (
	"testing"

	"github.com/gonn-toolkit/gonn/onnxio/graph"
	"github.com/gonn-toolkit/gonn/onnxio/reference"
)

// TestHostile calls every operator with inputs and attributes of no plan.
func TestHostile(t *testing.T) {
	for _, name := range reference.Operators() {
		c := newChaos(name)
		for i := range 400 {
			c.node(name).survives(t, i%5 == 0)
		}
	}
}

// node is a node of an operator with inputs and attributes of no plan.
func (c chaos) node(op string) nodeCase {
	n := nodeCase{op: op, opset: 1 + c.Int64N(reference.MaxOpset)}
	shape := c.tensor().Shape
	typ := pickOne(c, types)
	for range c.IntN(5) {
		switch c.IntN(4) {
		case 0:
			n.in = append(n.in, c.tensor())
		case 1:
			n.in = append(n.in, i64(pickOne(c, odd)))
		default: // often of one kind, so that something is computed
			n.in = append(n.in, c.filled(typ, shape))
		}
	}
	for _, a := range reference.Attributes(op, n.opset) {
		if c.IntN(3) == 0 {
			n.attrs = append(n.attrs, &graph.Attr{Name: a, Value: c.value()})
		}
	}
	return n
}

// TestSignatures wants every operator to know what it takes, and nodes with something else
// refused.
func TestSignatures(t *testing.T) {
	for _, name := range reference.Operators() {
		reference.Attributes(name, 1)
	}
	axes := attrs(graph.IntsAttr("axes", 0))
	checkNodes(t,
		nodeCase{op: "Squeeze", opset: 12, in: all(vec(1)), attrs: axes, want: all(arr(nil, 1))},
		nodeCase{op: "Squeeze", opset: 13, in: all(vec(1)), attrs: axes, err: `an attribute "axes", which Squeeze of opset 13 does not`},
		nodeCase{op: "Squeeze", opset: 12, in: all(vec(1), i64(0)), err: "it has 2 inputs, Squeeze of opset 12 at most 1"},
		nodeCase{op: "Relu", in: all(vec(1)), attrs: attrs(graph.FloatAttr("alpha", 1)), err: `an attribute "alpha"`},
	)
}
