package rewrite

import (
	"slices"

	"github.com/gonn-toolkit/gonn/onnxio/graph"
)

// makes is the node that makes a value, if it has the operator op and can be read; else nil.
func (w *work) makes(value, op string) *graph.Node {
	if n := w.maker[value]; n != nil && n.OpType == op && readable(n) {
		return n
	}
	return nil
}

// unexpanded is a node without the Expands in front of it that its operator does by itself:
// operands are brought to one shape anyway. Exporters write them for zeros like x.
func (w *work) unexpanded(n *graph.Node) *graph.Node {
	if !broadcasting[n.OpType] || !readable(n) {
		return n
	}
	for k, in := range n.Inputs {
		from, ok := w.expands(in)
		if !ok {
			continue
		}
		c := w.copyOf(n)
		c.Inputs[k] = from
		if w.sameResult(c, n) {
			n = c
		}
	}
	return n
}

// expands is the value that is only brought to a larger shape to make another.
func (w *work) expands(value string) (from string, ok bool) {
	if n := w.makes(value, "Expand"); n != nil {
		return n.Inputs[0], true
	}
	n := w.makes(value, "ConstantOfShape")
	if n == nil || w.dims(value) == nil {
		return "", false
	}
	t := graph.Float32Tensor("", nil, []float32{0})
	if a := n.Attr("value"); a != nil {
		c := *a.Value.(*graph.Tensor)
		if l, err := c.Len(); err != nil || l != 1 {
			return "", false
		}
		c.Dims, t = nil, &c
	}
	return w.constant(t, value), true
}

// uniform replaces constants that hold one number for each sample, as zeros like x become
// where the batch is fixed, by that number.
func (w *work) uniform(n *graph.Node) *graph.Node {
	if !broadcasting[n.OpType] || !readable(n) {
		return n
	}
	for k, in := range n.Inputs {
		t := w.consts[in]
		if t == nil || len(t.Dims) < 2 || len(t.Dims) != w.rankOf(n) || t.Dims[0] < 2 || t.Type != graph.Float || !w.spend(0, w.length(in)) {
			continue
		}
		v, err := t.Float32s()
		if err != nil || len(v) == 0 || slices.ContainsFunc(v, func(x float32) bool { return x != v[0] }) {
			continue
		}
		c := w.copyOf(n)
		c.Inputs[k] = w.constant(graph.Float32Tensor("", nil, v[:1]), in)
		if w.sameResult(c, n) {
			n = c
		}
	}
	return n
}

// rankOf is the number of axes of a broadcasting node's result, −1 if it is not known.
func (w *work) rankOf(n *graph.Node) int {
	if s := w.shapesOf(n, 0); s != nil && s[0] != nil {
		return len(s[0])
	}
	return -1
}

// insideExpand puts an operator of one operand in front of an Expand of a constant, where
// it can be computed: exp(zeros like x) is ones like x.
func (w *work) insideExpand(n *graph.Node) *graph.Node {
	if !elementwiseOps[n.OpType] || !readable(n) || len(n.Inputs) != 1 || len(n.Outputs) != 1 {
		return n
	}
	before := w.makes(n.Inputs[0], "Expand")
	if before == nil || w.consts[before.Inputs[0]] == nil {
		return n
	}
	c, ok := w.calculated(n.OpType, n.Attrs, before.Inputs[0])
	if !ok {
		return n
	}
	return w.like(&graph.Node{Name: n.Name, OpType: "Expand", Inputs: []string{c, before.Inputs[1]}, Outputs: n.Outputs}, n)
}

// mostStacked bounds the values of a stack that becomes a sum.
const mostStacked = 64

// stackToSum: the sum over an axis along which values were stacked is their sum.
func (w *work) stackToSum(n *graph.Node) *graph.Node {
	if n.OpType != "ReduceSum" || !readable(n) {
		return n
	}
	stack := w.makes(n.Inputs[0], "Concat")
	axes, ok := w.fixedInts(n, 1)
	keep, err := n.Int("keepdims", 1)
	if stack == nil || !ok || err != nil || keep != 0 || len(axes) != 1 || len(stack.Inputs) > mostStacked || !w.isFloat(n.Inputs[0]) {
		return n
	}
	if axis, err := stack.Int("axis", 0); err != nil || axis != axes[0] {
		return n
	}
	sum := &graph.Node{Name: n.Name, OpType: "Sum", Outputs: n.Outputs}
	behind := []*graph.Node{n, stack}
	for _, v := range stack.Inputs {
		u := w.makes(v, "Unsqueeze")
		if u == nil {
			return n
		}
		if at, ok := w.fixedInts(u, 1); !ok || !slices.Equal(at, axes) {
			return n
		}
		sum.Inputs, behind = append(sum.Inputs, u.Inputs[0]), append(behind, u)
	}
	return w.like(sum, behind...)
}

// sameResult reports whether two broadcasting nodes have results of the same known shape.
func (w *work) sameResult(a, b *graph.Node) bool {
	for p := range batches {
		s, t := w.shapesOf(a, p), w.shapesOf(b, p)
		if s == nil || t == nil || s[0] == nil || t[0] == nil || !slices.Equal(s[0], t[0]) {
			return false
		}
	}
	return true
}
