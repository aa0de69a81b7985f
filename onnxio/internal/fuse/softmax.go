package fuse

import (
	"slices"

	"github.com/gonn-toolkit/gonn/onnxio/graph"
	"github.com/gonn-toolkit/gonn/onnxio/internal/shapeinfer"
)

// logOfSoftmax: the logarithm of a Softmax is LogSoftmax.
func logOfSoftmax(f *fuser, n *graph.Node) bool { return f.ofSoftmax(n, "Softmax", "LogSoftmax") }

// expOfLogSoftmax: the exponential of a LogSoftmax is Softmax.
func expOfLogSoftmax(f *fuser, n *graph.Node) bool { return f.ofSoftmax(n, "LogSoftmax", "Softmax") }

// ofSoftmax makes a function of a softmax the other softmax.
func (f *fuser) ofSoftmax(n *graph.Node, from, to string) bool {
	s := f.inner(n.Inputs[0], from)
	if s == nil {
		return false
	}
	f.replace(&graph.Node{OpType: to, Name: n.Name, Inputs: s.Inputs, Attrs: s.Attrs}, n, s)
	return true
}

// divToSoftmax: exp(x) by its sum along an axis is Softmax. Writers who are careful take
// the maximum along the axis from x first, which changes nothing.
func divToSoftmax(f *fuser, n *graph.Node) bool {
	if len(n.Inputs) != 2 {
		return false
	}
	exp, sum := f.Maker[n.Inputs[0]], f.inner(n.Inputs[1], "ReduceSum")
	if exp == nil || exp.OpType != "Exp" || sum == nil || sum.Inputs[0] != n.Inputs[0] || f.Uses[n.Inputs[0]] != 2 {
		return false
	}
	axis, ok := f.oneAxis(sum)
	if !ok {
		return false
	}
	x, others := exp.Inputs[0], []*graph.Node{exp, sum}
	if sub := f.inner(x, "Sub"); sub != nil {
		if m := f.inner(sub.Inputs[1], "ReduceMax"); m != nil && m.Inputs[0] == sub.Inputs[0] {
			if a, ok := f.oneAxis(m); ok && a == axis {
				x, others = sub.Inputs[0], append(others, sub, m)
			}
		}
	}
	f.replace(&graph.Node{OpType: "Softmax", Name: n.Name, Inputs: []string{x}, Attrs: []*graph.Attr{graph.IntAttr("axis", int64(axis))}}, n, others...)
	return true
}

// oneAxis is the axis of a reduction that keeps it.
func (f *fuser) oneAxis(n *graph.Node) (int, bool) {
	axes, ok := shapeinfer.FixedInts(f.Graph, n, 1)
	keep, err := n.Int("keepdims", 1)
	front, inside := shapeinfer.FromFront(axes, f.Rank(n.Inputs[0]))
	if !ok || err != nil || keep == 0 || !inside || len(slices.Compact(front)) != 1 {
		return 0, false
	}
	return front[0], true
}
