package rewrite

import (
	"slices"

	"github.com/gonn-toolkit/gonn/onnxio/graph"
)

// shapeQuery asks for the shapes of a node's results under one size of the batch.
type shapeQuery struct {
	w *work
	n *graph.Node
	p int
}

// in is the shape of operand k, nil if it is not known or left out.
func (q *shapeQuery) in(k int) []int {
	if k >= len(q.n.Inputs) {
		return nil
	}
	return q.w.facts[q.n.Inputs[k]].shape[q.p]
}

// open reports whether axis a of operand k depends on the batch.
func (q *shapeQuery) open(k, a int) bool {
	f := q.w.facts[q.n.Inputs[k]]
	return len(f.shape[0]) != len(f.shape[1]) || f.shape[0][a] != f.shape[1][a]
}

// ints is operand k if its value is known.
func (q *shapeQuery) ints(k int) ([]int64, bool) {
	if k >= len(q.n.Inputs) || q.n.Inputs[k] == "" {
		return nil, false
	}
	t := q.w.dataOf(q.n.Inputs[k], q.p)
	if t == nil || t.Ints == nil {
		return nil, false
	}
	return t.Ints, true
}

// fixedInts is operand k if its value is known and does not depend on the batch.
func (w *work) fixedInts(n *graph.Node, k int) ([]int64, bool) {
	v, ok := (&shapeQuery{w, n, 0}).ints(k)
	u, also := (&shapeQuery{w, n, 1}).ints(k)
	return v, ok && also && slices.Equal(u, v)
}

// shapeRule gives the shapes of the results; nil stands for one that is not known.
type shapeRule func(q *shapeQuery) [][]int

// shapesOf gives the shapes of a node's results under one size of the batch.
func (w *work) shapesOf(n *graph.Node, p int) [][]int {
	rule := shapeRules[n.OpType]
	if rule == nil || !readable(n) {
		return nil
	}
	shapes := rule(&shapeQuery{w, n, p})
	for i, s := range shapes {
		shapes[i] = sane(s)
	}
	return shapes
}

var shapeRules = map[string]shapeRule{}

func init() {
	for _, op := range elementwise {
		elementwiseOps[op] = op != "Dropout"
	}
	for _, op := range sameShape {
		shapeRules[op] = shapeAsFirst
	}
	for op := range broadcasting {
		shapeRules[op] = shapeBroadcast
	}
	for _, op := range reductions {
		shapeRules[op] = shapeReduced
	}
	for op, rule := range ownRules {
		shapeRules[op] = rule
	}
}

// bounded are operators without a rule whose results are not much larger than their
// operands, so that they can be computed to see what they give.
var bounded = []string{"ArgMax", "ArgMin", "Compress", "GatherElements", "GatherND", "NonZero", "ScatterElements", "ScatterND", "TopK"}

// sameShape are the operators whose result has the shape of their first operand.
var sameShape = slices.Concat(elementwise, []string{
	"BatchNormalization", "InstanceNormalization", "LRN", "LayerNormalization", "GroupNormalization",
	"Softmax", "LogSoftmax", "Hardmax", "CumSum", "LpNormalization", "Trilu",
})

// elementwise are the operators of one tensor that treat every element alike.
var elementwise = []string{
	"Abs", "Acos", "Acosh", "Asin", "Asinh", "Atan", "Atanh", "Cast", "CastLike", "Ceil", "Celu", "Clip", "Cos", "Cosh",
	"Dropout", "Elu", "Erf", "Exp", "Floor", "Gelu", "HardSigmoid", "HardSwish", "Identity", "IsInf", "IsNaN", "LeakyRelu",
	"Log", "Mish", "Neg", "Not", "Reciprocal", "Relu", "Round", "Selu", "Shrink", "Sigmoid", "Sign", "Sin", "Sinh",
	"Softplus", "Softsign", "Sqrt", "Swish", "Tan", "Tanh", "ThresholdedRelu",
}

// Elementwise reports whether an operator's result depends, element by element, on the
// operands brought to one shape.
func Elementwise(op string) bool { return elementwiseOps[op] || broadcasting[op] }

var elementwiseOps = map[string]bool{}

// broadcasting are the operators whose operands are brought to one shape.
var broadcasting = map[string]bool{
	"Add": true, "Sub": true, "Mul": true, "Div": true, "Pow": true, "Mod": true, "PRelu": true, "Where": true,
	"Max": true, "Min": true, "Sum": true, "Mean": true, "And": true, "Or": true, "Xor": true,
	"Equal": true, "Greater": true, "GreaterOrEqual": true, "Less": true, "LessOrEqual": true,
}

// reductions are the operators that take axes away or make them 1.
var reductions = []string{
	"ReduceMean", "ReduceSum", "ReduceMax", "ReduceMin", "ReduceProd", "ReduceL1", "ReduceL2", "ReduceLogSum",
	"ReduceLogSumExp", "ReduceSumSquare",
}

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

func shapeAsFirst(q *shapeQuery) [][]int { return [][]int{q.in(0)} }

func shapeBroadcast(q *shapeQuery) [][]int {
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

func shapeReduced(q *shapeQuery) [][]int {
	x := q.in(0)
	axes, none := q.axesOf(1)
	keep, err := q.n.Int("keepdims", 1)
	if x == nil || err != nil || axes == nil && !none {
		return nil
	}
	front, ok := fromFront(axes, len(x))
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

// axesOf are the axes in operand k, nil if they are not known; none says that there is no
// such operand.
func (q *shapeQuery) axesOf(k int) (axes []int64, none bool) {
	if k >= len(q.n.Inputs) || q.n.Inputs[k] == "" {
		return nil, true
	}
	axes, _ = q.ints(k)
	return axes, false
}

// fromFront counts axes from the front; ok is false if there is one that rank has not.
func fromFront(axes []int64, rank int) (front []int, ok bool) {
	for _, a := range axes {
		if a < -int64(rank) || a >= int64(rank) {
			return nil, false
		}
		front = append(front, int((a+int64(rank))%int64(rank)))
	}
	return front, true
}
