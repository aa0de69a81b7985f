package fuse

import (
	"github.com/gonn-toolkit/gonn/onnxio/graph"
	"github.com/gonn-toolkit/gonn/onnxio/internal/ir"
	"github.com/gonn-toolkit/gonn/onnxio/reference"
)

// A constant that holds one number for each channel has often been computed from others,
// and brought into another shape or order since. Here it is followed back.

// constants are those of a graph, with what each was made of.
type constants struct{ *ir.Graph }

// beginning follows a constant back through all that only moved its elements.
func (c constants) beginning(constant string) string {
	for {
		before := c.before(constant)
		if before == "" {
			return constant
		}
		constant = before
	}
}

// before is the constant that holds what another does in another shape or order, "" if
// there is none.
func (c constants) before(constant string) string {
	if o := c.Origin[constant]; o != "" {
		return o
	}
	n := c.ComputedBy[constant]
	if n == nil || len(n.Inputs) == 0 || c.Consts[n.Inputs[0]] == nil {
		return ""
	}
	switch n.OpType {
	case "Reshape", "Transpose", "Unsqueeze", "Squeeze", "Expand", "Identity", "Cast", "Flatten":
		return n.Inputs[0]
	}
	return ""
}

// computedBy is the node with operator op that computed a constant, nil if it was another.
func (c constants) computedBy(constant, op string) *graph.Node {
	if n := c.ComputedBy[c.beginning(constant)]; n != nil && n.OpType == op {
		return n
	}
	return nil
}

// source is the constant that the file has for one that others were computed from, in the
// order that like has got since: a weight, rather than what was made of it. If the file's
// is of another size or type, it is the constant itself.
func (c constants) source(constant, like string) string {
	from := constant
	for before := from; before != ""; before = c.before(before) {
		if c.Len(before) == c.Len(like) && c.Consts[before].Type == graph.Float {
			from = before
		}
	}
	for to := like; to != ""; to = c.before(to) {
		if reorder := c.Orders[to]; reorder != nil {
			return c.again(from, c.Origin[to], reorder)
		}
	}
	return from
}

// again brings a constant into the order that another, the origin, was brought into.
func (c constants) again(constant, origin string, reorder ir.Order) string {
	if !c.Spend(c.Len(constant), c.Len(constant)) {
		return constant
	}
	t, err := reference.FromGraph(c.Consts[constant])
	if err != nil || int64(t.Len()) != c.Len(origin) {
		return constant
	}
	t.Shape = ir.ToInts(c.Consts[origin].Dims)
	if t, err = reorder(t); err != nil {
		return constant
	}
	g, err := t.Graph("")
	if err != nil {
		return constant
	}
	to := c.AddConstant(g, constant, constant)
	c.Origin[to], c.Orders[to] = constant, reorder
	return to
}
