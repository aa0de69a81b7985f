package rewrite

import (
	"slices"

	"github.com/gonn-toolkit/gonn/onnxio/graph"
)

// logOfSoftmax: the logarithm of a Softmax is LogSoftmax.
func logOfSoftmax(w *work, n *graph.Node) bool { return w.ofSoftmax(n, "Softmax", "LogSoftmax") }

// expOfLogSoftmax: the exponential of a LogSoftmax is Softmax.
func expOfLogSoftmax(w *work, n *graph.Node) bool { return w.ofSoftmax(n, "LogSoftmax", "Softmax") }

// ofSoftmax makes a function of a softmax the other softmax.
func (w *work) ofSoftmax(n *graph.Node, from, to string) bool {
	s := w.inner(n.Inputs[0], from)
	if s == nil {
		return false
	}
	w.replace(&graph.Node{OpType: to, Name: n.Name, Inputs: s.Inputs, Attrs: s.Attrs}, n, s)
	return true
}

// divToSoftmax: exp(x) by its sum along an axis is Softmax. Writers who are careful take
// the maximum along the axis from x first, which changes nothing.
func divToSoftmax(w *work, n *graph.Node) bool {
	if len(n.Inputs) != 2 {
		return false
	}
	exp, sum := w.maker[n.Inputs[0]], w.inner(n.Inputs[1], "ReduceSum")
	if exp == nil || exp.OpType != "Exp" || sum == nil || sum.Inputs[0] != n.Inputs[0] || w.uses[n.Inputs[0]] != 2 {
		return false
	}
	axis, ok := w.oneAxis(sum)
	if !ok {
		return false
	}
	x, others := exp.Inputs[0], []*graph.Node{exp, sum}
	if sub := w.inner(x, "Sub"); sub != nil {
		if m := w.inner(sub.Inputs[1], "ReduceMax"); m != nil && m.Inputs[0] == sub.Inputs[0] {
			if a, ok := w.oneAxis(m); ok && a == axis {
				x, others = sub.Inputs[0], append(others, sub, m)
			}
		}
	}
	w.replace(&graph.Node{OpType: "Softmax", Name: n.Name, Inputs: []string{x}, Attrs: []*graph.Attr{graph.IntAttr("axis", int64(axis))}}, n, others...)
	return true
}

// oneAxis is the axis of a reduction that keeps it.
func (w *work) oneAxis(n *graph.Node) (int, bool) {
	axes, ok := w.fixedInts(n, 1)
	keep, err := n.Int("keepdims", 1)
	front, inside := fromFront(axes, w.rank(n.Inputs[0]))
	if !ok || err != nil || keep == 0 || !inside || len(slices.Compact(front)) != 1 {
		return 0, false
	}
	return front[0], true
}
