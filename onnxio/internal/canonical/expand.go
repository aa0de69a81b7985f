package canonical

import (
	"slices"

	"github.com/gonn-toolkit/gonn/onnxio/graph"
	"github.com/gonn-toolkit/gonn/onnxio/internal/constfold"
	"github.com/gonn-toolkit/gonn/onnxio/internal/ir"
	"github.com/gonn-toolkit/gonn/onnxio/internal/schema"
	"github.com/gonn-toolkit/gonn/onnxio/internal/shapeinfer"
)

// makes is the node that makes a value, if it has the operator op and can be read; else nil.
func makes(g *ir.Graph, value, op string) *graph.Node {
	if n := g.Maker[value]; n != nil && n.OpType == op && schema.Readable(n) {
		return n
	}
	return nil
}

// unexpanded is a node without the Expands in front of it that its operator does by itself:
// operands are brought to one shape anyway. Exporters write them for zeros like x.
func unexpanded(g *ir.Graph, n *graph.Node) *graph.Node {
	if !schema.Broadcasting[n.OpType] || !schema.Readable(n) {
		return n
	}
	for k, in := range n.Inputs {
		from, ok := expands(g, in)
		if !ok {
			continue
		}
		c := g.CopyOf(n)
		c.Inputs[k] = from
		if sameResult(g, c, n) {
			n = c
		}
	}
	return n
}

// expands is the value that is only brought to a larger shape to make another.
func expands(g *ir.Graph, value string) (from string, ok bool) {
	if n := makes(g, value, "Expand"); n != nil {
		return n.Inputs[0], true
	}
	n := makes(g, value, "ConstantOfShape")
	if n == nil || g.Dims(value) == nil {
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
	return g.AddConstant(t, value), true
}

// uniform replaces constants that hold one number for each sample, as zeros like x become
// where the batch is fixed, by that number.
func uniform(g *ir.Graph, n *graph.Node) *graph.Node {
	if !schema.Broadcasting[n.OpType] || !schema.Readable(n) {
		return n
	}
	for k, in := range n.Inputs {
		t := g.Consts[in]
		if t == nil || len(t.Dims) < 2 || len(t.Dims) != rankOf(g, n) || t.Dims[0] < 2 || t.Type != graph.Float || !g.Spend(0, g.Len(in)) {
			continue
		}
		v, err := t.Float32s()
		if err != nil || len(v) == 0 || slices.ContainsFunc(v, func(x float32) bool { return x != v[0] }) {
			continue
		}
		c := g.CopyOf(n)
		c.Inputs[k] = g.AddConstant(graph.Float32Tensor("", nil, v[:1]), in)
		if sameResult(g, c, n) {
			n = c
		}
	}
	return n
}

// rankOf is the number of axes of a broadcasting node's result, −1 if it is not known.
func rankOf(g *ir.Graph, n *graph.Node) int {
	if s := shapeinfer.Shapes(g, n, 0); s != nil && s[0] != nil {
		return len(s[0])
	}
	return -1
}

// insideExpand puts an operator of one operand in front of an Expand of a constant, where
// it can be computed: exp(zeros like x) is ones like x.
func insideExpand(g *ir.Graph, n *graph.Node) *graph.Node {
	if !schema.IsUnary(n.OpType) || !schema.Readable(n) || len(n.Inputs) != 1 || len(n.Outputs) != 1 {
		return n
	}
	before := makes(g, n.Inputs[0], "Expand")
	if before == nil || g.Consts[before.Inputs[0]] == nil {
		return n
	}
	c, ok := constfold.Calculate(g, n.OpType, n.Attrs, before.Inputs[0])
	if !ok {
		return n
	}
	return g.Like(&graph.Node{Name: n.Name, OpType: "Expand", Inputs: []string{c, before.Inputs[1]}, Outputs: n.Outputs}, n)
}

// sameResult reports whether two broadcasting nodes have results of the same known shape.
func sameResult(g *ir.Graph, a, b *graph.Node) bool {
	for p := range ir.Batches {
		s, t := shapeinfer.Shapes(g, a, p), shapeinfer.Shapes(g, b, p)
		if s == nil || t == nil || s[0] == nil || t[0] == nil || !slices.Equal(s[0], t[0]) {
			return false
		}
	}
	return true
}
