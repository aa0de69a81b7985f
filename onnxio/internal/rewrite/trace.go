package rewrite

import (
	"github.com/gonn-toolkit/gonn/onnxio/graph"
	"github.com/gonn-toolkit/gonn/onnxio/reference"
)

// A constant that holds one number for each channel has often been computed from others,
// and brought into another shape or order since. Here it is followed back.

// order is how a constant was made of another's elements.
type order func(t *tensor) (*tensor, error)

// beginning follows a constant back through all that only moved its elements.
func (w *work) beginning(constant string) string {
	for {
		before := w.before(constant)
		if before == "" {
			return constant
		}
		constant = before
	}
}

// before is the constant that holds what another does in another shape or order, "" if
// there is none.
func (w *work) before(constant string) string {
	if o := w.origin[constant]; o != "" {
		return o
	}
	n := w.made[constant]
	if n == nil || len(n.Inputs) == 0 || w.consts[n.Inputs[0]] == nil {
		return ""
	}
	switch n.OpType {
	case "Reshape", "Transpose", "Unsqueeze", "Squeeze", "Expand", "Identity", "Cast", "Flatten":
		return n.Inputs[0]
	}
	return ""
}

// computedBy is the node with operator op that computed a constant, nil if it was another.
func (w *work) computedBy(constant, op string) *graph.Node {
	if n := w.made[w.beginning(constant)]; n != nil && n.OpType == op {
		return n
	}
	return nil
}

// source is the constant that the file has for one that others were computed from, in the
// order that like has got since: a weight, rather than what was made of it. If the file's
// is of another size or type, it is the constant itself.
func (w *work) source(constant, like string) string {
	from := constant
	for before := from; before != ""; before = w.before(before) {
		if w.length(before) == w.length(like) && w.consts[before].Type == graph.Float {
			from = before
		}
	}
	for to := like; to != ""; to = w.before(to) {
		if f := w.orders[to]; f != nil {
			return w.again(from, w.origin[to], f)
		}
	}
	return from
}

// again brings a constant into the order that another, the origin, was brought into.
func (w *work) again(constant, origin string, f order) string {
	if !w.spend(w.length(constant), w.length(constant)) {
		return constant
	}
	t, err := reference.FromGraph(w.consts[constant])
	if err != nil || int64(t.Len()) != w.length(origin) {
		return constant
	}
	t.Shape = toInts(w.consts[origin].Dims)
	if t, err = f(t); err != nil {
		return constant
	}
	g, err := t.Graph("")
	if err != nil {
		return constant
	}
	to := w.constant(g, constant, constant)
	w.origin[to], w.orders[to] = constant, f
	return to
}

// floats are the elements of a constant, nil if there is none of them.
func (w *work) floats(constant string) []float64 {
	t := w.consts[constant]
	if t == nil {
		return nil
	}
	v, err := t.Float64s()
	if err != nil {
		return nil
	}
	return v
}
