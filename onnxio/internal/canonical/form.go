package canonical

import (
	"slices"

	"github.com/gonn-toolkit/gonn/onnxio/graph"
	"github.com/gonn-toolkit/gonn/onnxio/internal/ir"
	"github.com/gonn-toolkit/gonn/onnxio/internal/schema"
	"github.com/gonn-toolkit/gonn/onnxio/internal/shapeinfer"
)

// Form is a node that does the same in the form that the later passes know.
func Form(g *ir.Graph, n *graph.Node) *graph.Node {
	return gatherToSqueeze(g, stackToSum(g, insideExpand(g, uniform(g, unexpanded(g, n)))))
}

// gatherToSqueeze: taking the one element of an axis, as x[:, :, 0, 0] does, drops the axis.
func gatherToSqueeze(g *ir.Graph, n *graph.Node) *graph.Node {
	if n.OpType != "Gather" || !schema.Readable(n) {
		return n
	}
	x := g.Dims(n.Inputs[0])
	axis, err := n.Int("axis", 0)
	front, inside := shapeinfer.FromFront([]int64{axis}, len(x))
	at := g.Consts[n.Inputs[1]]
	if err != nil || !inside || x[front[0]] != 1 || at == nil || len(at.Dims) != 0 {
		return n
	}
	axes := g.AddInts(n.Outputs[0]+".axes", front[0])
	return g.Like(&graph.Node{Name: n.Name, OpType: "Squeeze", Inputs: []string{n.Inputs[0], axes}, Outputs: n.Outputs}, n)
}

// mostStacked bounds the values of a stack that becomes a sum.
const mostStacked = 64

// stackToSum: the sum over an axis along which values were stacked is their sum.
func stackToSum(g *ir.Graph, n *graph.Node) *graph.Node {
	if n.OpType != "ReduceSum" || !schema.Readable(n) {
		return n
	}
	stack := makes(g, n.Inputs[0], "Concat")
	axes, ok := shapeinfer.FixedInts(g, n, 1)
	keep, err := n.Int("keepdims", 1)
	if stack == nil || !ok || err != nil || keep != 0 || len(axes) != 1 || len(stack.Inputs) > mostStacked || !g.IsFloat(n.Inputs[0]) {
		return n
	}
	if axis, err := stack.Int("axis", 0); err != nil || axis != axes[0] {
		return n
	}
	sum := &graph.Node{Name: n.Name, OpType: "Sum", Outputs: n.Outputs}
	behind := []*graph.Node{n, stack}
	for _, v := range stack.Inputs {
		u := makes(g, v, "Unsqueeze")
		if u == nil {
			return n
		}
		if at, ok := shapeinfer.FixedInts(g, u, 1); !ok || !slices.Equal(at, axes) {
			return n
		}
		sum.Inputs, behind = append(sum.Inputs, u.Inputs[0]), append(behind, u)
	}
	return g.Like(sum, behind...)
}
