package fuse

import (
	"github.com/gonn-toolkit/gonn/onnxio/graph"
	"github.com/gonn-toolkit/gonn/onnxio/internal/ir"
	"github.com/gonn-toolkit/gonn/onnxio/reference"
)

// beginning follows a constant back through all that only moved its elements.
func (f *fuser) beginning(constant string) string {
	for {
		before := f.before(constant)
		if before == "" {
			return constant
		}
		constant = before
	}
}

// before is the constant that holds what another does in another shape or order, "" if
// there is none.
func (f *fuser) before(constant string) string {
	if o := f.Origin[constant]; o != "" {
		return o
	}
	n := f.ComputedBy[constant]
	if n == nil || len(n.Inputs) == 0 || f.Consts[n.Inputs[0]] == nil {
		return ""
	}
	switch n.OpType {
	case "Reshape", "Transpose", "Unsqueeze", "Squeeze", "Expand", "Identity", "Cast", "Flatten":
		return n.Inputs[0]
	}
	return ""
}

// computedBy is the node with operator op that computed a constant, nil if it was another.
func (f *fuser) computedBy(constant, op string) *graph.Node {
	if n := f.ComputedBy[f.beginning(constant)]; n != nil && n.OpType == op {
		return n
	}
	return nil
}

// source is the constant that the file has for one that others were computed from, in the
// order that like has got since: a weight, rather than what was made of it. If the file's
// is of another size or type, it is the constant itself.
func (f *fuser) source(constant, like string) string {
	from := constant
	for before := from; before != ""; before = f.before(before) {
		if f.Len(before) == f.Len(like) && f.Consts[before].Type == graph.Float {
			from = before
		}
	}
	for to := like; to != ""; to = f.before(to) {
		if reorder := f.Orders[to]; reorder != nil {
			return f.again(from, f.Origin[to], reorder)
		}
	}
	return from
}

// again brings a constant into the order that another, the origin, was brought into.
func (f *fuser) again(constant, origin string, reorder ir.Order) string {
	if !f.Spend(f.Len(constant), f.Len(constant)) {
		return constant
	}
	t, err := reference.FromGraph(f.Consts[constant])
	if err != nil || int64(t.Len()) != f.Len(origin) {
		return constant
	}
	t.Shape = ir.ToInts(f.Consts[origin].Dims)
	if t, err = reorder(t); err != nil {
		return constant
	}
	g, err := t.Graph("")
	if err != nil {
		return constant
	}
	to := f.AddConstant(g, constant, constant)
	f.Origin[to], f.Orders[to] = constant, reorder
	return to
}
