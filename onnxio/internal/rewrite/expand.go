package rewrite

import (
	"slices"

	"github.com/gonn-toolkit/gonn/onnxio/graph"
)

// unexpanded is a node without the Expands in front of it that its operator does by itself:
// operands are brought to one shape anyway. Exporters write them for zeros like x.
func (w *work) unexpanded(n *graph.Node, before []*graph.Node) *graph.Node {
	if !broadcasting[n.OpType] || !readable(n) {
		return n
	}
	for k, in := range n.Inputs {
		i := slices.IndexFunc(before, func(b *graph.Node) bool { return slices.Contains(b.Outputs, in) })
		if i < 0 || w.rank(in) < 0 {
			continue
		}
		from, ok := w.expands(before[i])
		if !ok {
			continue
		}
		c := *n
		c.Inputs = slices.Clone(n.Inputs)
		c.Inputs[k] = from
		if w.sameResult(&c, n) {
			n = w.like(&c, before[i], n)
		}
	}
	return n
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
