package canonical

import (
	"math"
	"slices"

	"github.com/gonn-toolkit/gonn/onnxio/graph"
	"github.com/gonn-toolkit/gonn/onnxio/internal/ir"
	"github.com/gonn-toolkit/gonn/onnxio/internal/schema"
	"github.com/gonn-toolkit/gonn/onnxio/internal/shapeinfer"
)

// PassesOn is the operand that a node gives on unchanged, "" if it does not.
func PassesOn(g *ir.Graph, n *graph.Node) string {
	if !schema.Readable(n) || len(n.Inputs) == 0 || len(n.Outputs) != 1 {
		return ""
	}
	if keepsAll(g, n) && (g.Consts[n.Inputs[0]] == nil || n.OpType == "CastLike") {
		return n.Inputs[0]
	}
	return neutral(g, n)
}

// keepsAll reports whether the result of a node is its first operand.
func keepsAll(g *ir.Graph, n *graph.Node) bool {
	x, y := g.Facts[n.Inputs[0]], g.Facts[n.Outputs[0]]
	same := x.Shape[0] != nil && y.Shape[0] != nil && slices.Equal(x.Shape[0], y.Shape[0]) && slices.Equal(x.Shape[1], y.Shape[1])
	switch n.OpType {
	case "Identity":
		return true
	case "Cast", "CastLike":
		return x.Type != graph.Undefined && x.Type == y.Type
	case "Concat", "Sum", "Max", "Min", "Mean":
		return len(n.Inputs) == 1
	case "Reshape", "Flatten", "Squeeze", "Unsqueeze", "Expand", "Tile":
		return same
	case "Pad":
		return same && padsNothing(g, n)
	case "Slice":
		return same && goesForward(g, n)
	case "Clip":
		return Unbounded(g, n, 1) && Unbounded(g, n, 2)
	}
	return false
}

// Unbounded reports whether a Clip has no bound as operand k: none at all, or the infinite
// or largest number that exporters write in its place.
func Unbounded(g *ir.Graph, n *graph.Node, k int) bool {
	if k >= len(n.Inputs) || n.Inputs[k] == "" {
		return true
	}
	v, ok := g.Scalar(n.Inputs[k])
	return ok && (k == 1 && v <= -math.MaxFloat32 || k == 2 && v >= math.MaxFloat32)
}

// goesForward reports whether a slice takes elements in their order.
func goesForward(g *ir.Graph, n *graph.Node) bool {
	if len(n.Inputs) < 5 || n.Inputs[4] == "" {
		return true
	}
	steps, ok := shapeinfer.FixedInts(g, n, 4)
	return ok && !slices.ContainsFunc(steps, func(s int64) bool { return s < 0 })
}

// padsNothing reports whether all pads are 0: those of one axis may also cancel.
func padsNothing(g *ir.Graph, n *graph.Node) bool {
	pads, ok := shapeinfer.FixedPads(g, n, g.Rank(n.Inputs[0]))
	return ok && !slices.ContainsFunc(pads, func(p int64) bool { return p != 0 })
}

// neutral is the operand that a node leaves as it is because the other is 1 or 0, or for
// the larger and the smaller of two −∞ and +∞.
func neutral(g *ir.Graph, n *graph.Node) string {
	if len(n.Inputs) != 2 {
		return ""
	}
	one := map[string]float64{"Mul": 1, "Div": 1, "Add": 0, "Sub": 0, "Max": math.Inf(-1), "Min": math.Inf(1)}
	want, ok := one[n.OpType]
	if !ok {
		return ""
	}
	x, c := n.Inputs[0], n.Inputs[1]
	if g.Consts[x] != nil && n.OpType != "Div" && n.OpType != "Sub" {
		x, c = c, x
	}
	v, isNumber := g.Scalar(c)
	if g.Consts[x] != nil || !isNumber || v != want || len(g.Roots[c]) > 0 && !math.IsInf(want, 0) {
		return ""
	}
	if !slices.Equal(g.Dims(x), g.Dims(n.Outputs[0])) || g.Dims(x) == nil {
		return ""
	}
	return x
}
