package rewrite

import (
	"slices"

	"github.com/gonn-toolkit/gonn/onnxio/graph"
)

// unexpanded is a node without the Expands in front of it that its operator does by itself:
// operands are brought to one shape anyway. Exporters write them for zeros like x.
func (w *work) unexpanded(n *graph.Node) *graph.Node {
	if !broadcasting[n.OpType] || !readable(n) {
		return n
	}
	for k, in := range n.Inputs {
		expand := w.maker[in]
		if expand == nil || w.rank(in) < 0 {
			continue
		}
		from, ok := w.expands(expand)
		if !ok {
			continue
		}
		c := *n
		c.Inputs = slices.Clone(n.Inputs)
		c.Inputs[k] = from
		if w.sameResult(&c, n) {
			n = w.like(&c, expand, n)
		}
	}
	return n
}

// uniform replaces constants that hold one number for each sample, as zeros like x become
// where the batch is fixed, by that number.
func (w *work) uniform(n *graph.Node) *graph.Node {
	if !broadcasting[n.OpType] || !readable(n) {
		return n
	}
	for k, in := range n.Inputs {
		t := w.consts[in]
		if t == nil || len(t.Dims) < 2 || len(t.Dims) != w.rankOf(n) || t.Dims[0] < 2 || t.Type != graph.Float {
			continue
		}
		v, err := t.Float32s()
		if err != nil || slices.ContainsFunc(v, func(x float32) bool { return x != v[0] }) {
			continue
		}
		c := *n
		c.Inputs = slices.Clone(n.Inputs)
		c.Inputs[k] = w.constant(graph.Float32Tensor("", nil, v[:1]), in)
		if w.sameResult(&c, n) {
			n = w.like(&c, n)
		}
	}
	return n
}

// rankOf is the number of axes of a broadcasting node's result, −1 if it is not known.
func (w *work) rankOf(n *graph.Node) int {
	if s := w.shapesOf(n, 0); s != nil {
		return len(s[0])
	}
	return -1
}

// insideExpand puts an operator of one operand in front of an Expand of a constant, where
// it can be computed: exp(zeros like x) is ones like x.
func (w *work) insideExpand(n *graph.Node) *graph.Node {
	if !elementwiseOps[n.OpType] || !readable(n) || len(n.Inputs) != 1 {
		return n
	}
	expand := w.maker[n.Inputs[0]]
	if expand == nil || expand.OpType != "Expand" || !readable(expand) || w.consts[expand.Inputs[0]] == nil {
		return n
	}
	c, ok := w.calculated(n.OpType, n.Attrs, expand.Inputs[0])
	if !ok {
		return n
	}
	e := *expand
	e.Inputs = slices.Clone(e.Inputs)
	e.Inputs[0], e.Outputs = c, n.Outputs
	return w.like(&e, expand, n)
}

// stackToSum: the sum over an axis along which values were stacked is their sum.
func (w *work) stackToSum(n *graph.Node) *graph.Node {
	if n.OpType != "ReduceSum" || !readable(n) || len(n.Inputs) == 0 {
		return n
	}
	stack := w.maker[n.Inputs[0]]
	if stack == nil {
		return n
	}
	axes, ok := (&shapeQuery{w, n, 0}).ints(1)
	keep, err1 := n.Int("keepdims", 1)
	axis, err2 := stack.Int("axis", 0)
	if stack.OpType != "Concat" || !ok || err1 != nil || err2 != nil || keep != 0 || len(axes) != 1 || axes[0] != axis {
		return n
	}
	sum := &graph.Node{Name: n.Name, OpType: "Sum", Outputs: n.Outputs}
	behind := []*graph.Node{n, stack}
	for _, v := range stack.Inputs {
		u := w.maker[v]
		if u == nil || u.OpType != "Unsqueeze" {
			return n
		}
		at, ok := (&shapeQuery{w, u, 0}).ints(1)
		if !ok || len(at) != 1 || at[0] != axis {
			return n
		}
		sum.Inputs, behind = append(sum.Inputs, u.Inputs[0]), append(behind, u)
	}
	return w.like(sum, behind...)
}

// expands is the value that a node only brings to a larger shape.
func (w *work) expands(n *graph.Node) (from string, ok bool) {
	switch n.OpType {
	case "Expand":
		return n.Inputs[0], true
	case "ConstantOfShape":
		t := graph.Float32Tensor("", nil, []float32{0})
		if a := n.Attr("value"); a != nil {
			v, isTensor := a.Value.(*graph.Tensor)
			if !isTensor {
				return "", false
			}
			c := *v
			c.Dims = nil
			t = &c
		}
		if l, err := t.Len(); err != nil || l != 1 || w.dims(n.Outputs[0]) == nil {
			return "", false
		}
		return w.constant(t, n.Outputs[0]), true
	}
	return "", false
}

// sameResult tells whether two broadcasting nodes have results of the same known shape.
func (w *work) sameResult(a, b *graph.Node) bool {
	for p := range batches {
		s, t := w.shapesOf(a, p), w.shapesOf(b, p)
		if s == nil || t == nil || !slices.Equal(s[0], t[0]) {
			return false
		}
	}
	return true
}
