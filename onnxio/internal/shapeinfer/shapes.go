package shapeinfer

import (
	"slices"

	"github.com/gonn-toolkit/gonn/onnxio/graph"
	"github.com/gonn-toolkit/gonn/onnxio/internal/ir"
	"github.com/gonn-toolkit/gonn/onnxio/internal/schema"
)

// query asks for the shapes of a node's results under one size of the batch.
type query struct {
	g *ir.Graph
	n *graph.Node
	p int
}

// in is the shape of operand k, nil if it is not known or left out.
func (q *query) in(k int) []int {
	if k >= len(q.n.Inputs) {
		return nil
	}
	return q.g.Facts[q.n.Inputs[k]].Shape[q.p]
}

// open reports whether axis a of operand k depends on the batch.
func (q *query) open(k, a int) bool {
	f := q.g.Facts[q.n.Inputs[k]]
	return len(f.Shape[0]) != len(f.Shape[1]) || f.Shape[0][a] != f.Shape[1][a]
}

// ints is operand k if its value is known.
func (q *query) ints(k int) ([]int64, bool) {
	if k >= len(q.n.Inputs) || q.n.Inputs[k] == "" {
		return nil, false
	}
	t := dataOf(q.g, q.n.Inputs[k], q.p)
	if t == nil || t.Ints == nil {
		return nil, false
	}
	return t.Ints, true
}

// FixedInts is operand k if its value is known and does not depend on the batch.
func FixedInts(g *ir.Graph, n *graph.Node, k int) ([]int64, bool) {
	v, ok := (&query{g, n, 0}).ints(k)
	u, also := (&query{g, n, 1}).ints(k)
	return v, ok && also && slices.Equal(u, v)
}

// shapeRule gives the shapes of the results; nil stands for one that is not known.
type shapeRule func(q *query) [][]int

// Shapes gives the shapes of a node's results under one size of the batch.
func Shapes(g *ir.Graph, n *graph.Node, p int) [][]int {
	rule := shapeRules[n.OpType]
	if rule == nil || !schema.Readable(n) {
		return nil
	}
	shapes := rule(&query{g, n, p})
	for i, s := range shapes {
		shapes[i] = ir.Sane(s)
	}
	return shapes
}

// shapeRules are the rules by operator.
var shapeRules = map[string]shapeRule{}

func init() {
	for _, op := range sameShape {
		shapeRules[op] = shapeAsFirst
	}
	for op := range schema.Broadcasting {
		shapeRules[op] = shapeBroadcast
	}
	for _, op := range schema.Reductions {
		shapeRules[op] = shapeReduced
	}
	for op, rule := range ownRules {
		shapeRules[op] = rule
	}
}

// Bounded reports whether an operator without a rule has results that are not much larger
// than its operands, so that it can be computed to see what it gives.
func Bounded(op string) bool {
	switch op {
	case "ArgMax", "ArgMin", "Compress", "GatherElements", "GatherND", "NonZero", "ScatterElements", "ScatterND", "TopK":
		return true
	}
	return false
}

// sameShape are the operators whose result has the shape of their first operand.
var sameShape = slices.Concat(schema.ElementwiseUnary, []string{
	"BatchNormalization", "InstanceNormalization", "LRN", "LayerNormalization", "GroupNormalization",
	"Softmax", "LogSoftmax", "Hardmax", "CumSum", "LpNormalization", "Trilu",
})

// ownRules are the operators with a rule of their own.
var ownRules = map[string]shapeRule{
	"Conv":              shapeConv,
	"ConvTranspose":     shapeConvTranspose,
	"MaxPool":           shapePool,
	"AveragePool":       shapePool,
	"LpPool":            shapePool,
	"GlobalAveragePool": shapeGlobal,
	"GlobalMaxPool":     shapeGlobal,
	"GlobalLpPool":      shapeGlobal,
	"MatMul":            shapeMatMul,
	"Gemm":              shapeGemm,
	"Flatten":           shapeFlatten,
	"Reshape":           shapeReshape,
	"Transpose":         shapeTranspose,
	"Squeeze":           shapeSqueeze,
	"Unsqueeze":         shapeUnsqueeze,
	"Concat":            shapeConcat,
	"Gather":            shapeGather,
	"Slice":             shapeSlice,
	"Split":             shapeSplit,
	"Pad":               shapePad,
	"Expand":            shapeExpand,
	"Tile":              shapeTile,
	"ConstantOfShape":   shapeGiven,
	"Shape":             shapeShape,
	"Size":              shapeSize,
	"Range":             shapeRange,
}

func shapeAsFirst(q *query) [][]int { return [][]int{q.in(0)} }

func shapeBroadcast(q *query) [][]int {
	s := q.in(0)
	for k := range q.n.Inputs {
		if s = Broadcast(s, q.in(k)); s == nil {
			return nil
		}
	}
	return [][]int{s}
}

// Broadcast is the shape that two shapes are brought to; nil if they do not fit or one
// is not known.
func Broadcast(a, b []int) []int {
	if a == nil || b == nil {
		return nil
	}
	if len(a) < len(b) {
		a, b = b, a
	}
	s := slices.Clone(a)
	for i, d := range b {
		at := len(a) - len(b) + i
		switch {
		case s[at] == 1:
			s[at] = d
		case d != 1 && d != s[at]:
			return nil
		}
	}
	if s == nil {
		s = []int{}
	}
	return s
}

func shapeReduced(q *query) [][]int {
	x := q.in(0)
	axes, none := q.axesOf(1)
	keep, err := q.n.Int("keepdims", 1)
	if x == nil || err != nil || axes == nil && !none {
		return nil
	}
	front, ok := FromFront(axes, len(x))
	if !ok {
		return nil
	}
	noop, _ := q.n.Int("noop_with_empty_axes", 0)
	s := []int{}
	for i, d := range x {
		switch reduced := slices.Contains(front, i) || len(axes) == 0 && noop == 0; {
		case !reduced:
			s = append(s, d)
		case keep != 0:
			s = append(s, 1)
		}
	}
	return [][]int{s}
}
