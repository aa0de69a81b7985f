package layout

import (
	"slices"

	"github.com/gonn-toolkit/gonn/onnxio/graph"
	"github.com/gonn-toolkit/gonn/onnxio/internal/ir"
	"github.com/gonn-toolkit/gonn/onnxio/internal/schema"
)

// rule emits a node on operands as they lie in the cleaned graph, and enters the
// map of its result. It gives false, and has then done nothing, where the node needs its
// operands as in the file.
type rule func(l *layouter, n *graph.Node) bool

// rules are the operators that a rule lays out; the others need their operands as in the file.
var rules = map[string]rule{
	"Transpose": layTranspose,
	"Reshape":   layReshape, "Flatten": layReshape, "Squeeze": layReshape, "Unsqueeze": layReshape,
	"Concat":  layConcat,
	"Gather":  layTake,
	"Softmax": layAlongAxis, "LogSoftmax": layAlongAxis, "Hardmax": layAlongAxis,
	"Pad":     layPad,
	"MaxPool": layPool, "AveragePool": layPool,
	"GlobalMaxPool": layGlobal, "GlobalAveragePool": layGlobal,
	"Conv": layConv, "ConvTranspose": layConv,
	"MatMul":             layMatMul,
	"Gemm":               layGemm,
	"BatchNormalization": layBatchNorm,
}

func init() {
	for _, op := range schema.ElementwiseUnary {
		rules[op] = layElementwise
	}
	for op := range schema.Broadcasting {
		rules[op] = layBroadcast
	}
	for _, op := range schema.Reductions {
		rules[op] = layReduce
	}
}

// result emits a copy of n with other operands, and enters its result: over parts, seen
// as v sees its own.
func (l *layouter) result(n *graph.Node, c *graph.Node, v axisMap, parts []ir.Size, operands ...axisMap) {
	l.emit(c, n, operands...)
	u := v.over(c.Outputs[0], parts)
	l.Describe(u.name, u.stored())
	l.enter(n, u)
}

// enter makes u the map of a node's result. A value of two axes (N, features), or of the
// features of one sample alone, is flattened at once, so that the layer stands where the file
// has it.
func (l *layouter) enter(n *graph.Node, u axisMap) {
	if len(u.axes) == 2 && len(u.groups) > 2 && slices.Equal(u.axes[0], []int{0}) && u.groups[0] == 1 {
		u = l.flattened(n, u)
	} else if len(u.axes) == 1 && len(u.groups) > 2 && len(u.axes[0]) > 1 && u.parts[0] == ir.Unit && u.groups[0] == 1 && !slices.Contains(u.axes[0], 0) {
		u.axes = [][]int{{0}, u.axes[0]}
		u = l.flattened(n, u)
		u.axes = u.axes[1:]
	}
	l.maps[n.Outputs[0]] = u
}

// plainResult emits a node whose result lies as in the file.
func (l *layouter) plainResult(n, c *graph.Node, operands ...axisMap) {
	l.emit(c, n, operands...)
	l.maps[n.Outputs[0]] = identityMap(n.Outputs[0], l.Sizes(n.Outputs[0]))
}

// flattened joins all axes of the cleaned value but the first.
func (l *layouter) flattened(n *graph.Node, u axisMap) axisMap {
	to := l.Unique(u.name + ".flat")
	f := &graph.Node{Name: n.Name, OpType: "Flatten", Inputs: []string{u.name}, Outputs: []string{to}, Attrs: []*graph.Attr{graph.IntAttr("axis", 1)}}
	l.emit(f, nil, u)
	flat := u
	flat.name, flat.groups, flat.moves = to, []int{1, len(u.parts) - 1}, new([]*graph.Node)
	l.Facts[to] = ir.Fact{Type: l.Facts[u.name].Type}
	l.Describe(to, flat.stored())
	// Parts of one element that the file has dropped belong to the features all the same.
	flat.axes = [][]int{{0}, slices.Clone(u.axes[1])}
	for p := 1; p < len(flat.parts); p++ {
		if !slices.Contains(flat.axes[1], p) {
			flat.axes[1] = append(flat.axes[1], p)
		}
	}
	if slices.IsSorted(flat.order()) {
		slices.Sort(flat.axes[1])
	}
	return flat
}

// movedBy is u, made of v, with one more node that moved axes.
func (l *layouter) movedBy(n *graph.Node, u axisMap, v axisMap) axisMap {
	all := append(*v.moves, l.From[n]...)
	*v.moves = nil
	u.moves = &all
	return u
}
