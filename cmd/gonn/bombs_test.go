package main

import (
	"fmt"
	"slices"
	"strings"

	"github.com/gonn-toolkit/gonn/onnxio/graph"
)

// bomb is a small graph that asks for much. x is a batch of pictures, [N, 1, 28, 28].
type bomb struct {
	name  string
	opset int64 // 0 stands for 20
	nodes []*graph.Node
	ints  map[string][]int64 // initializers: lists, or a number if there is one and its name ends with 0
	reals map[string][]float32
	last  string // the value that becomes the output y, [N, 10]; "" stands for t
	long  bool   // even reading it takes seconds
}

// node is one with inputs and outputs that are separated by spaces; "-" is one left out.
func node(text string, attrs ...*graph.Attr) *graph.Node {
	out, rest, _ := strings.Cut(text, " = ")
	fields := strings.Fields(rest)
	n := &graph.Node{Name: fields[0] + "_" + strings.Fields(out)[0], OpType: fields[0], Inputs: fields[1:], Outputs: strings.Fields(out), Attrs: attrs}
	for i, in := range n.Inputs {
		if in == "-" {
			n.Inputs[i] = ""
		}
	}
	return n
}

// chain repeats a node of one input and output n times, from value x to value t.
func chain(n int, operator, x string, attrs ...*graph.Attr) (nodes []*graph.Node) {
	for i := range n {
		to := fmt.Sprint("c", i)
		if i == n-1 {
			to = "t"
		}
		nodes, x = append(nodes, node(to+" = "+strings.ReplaceAll(operator, "_", x), attrs...)), to
	}
	return nodes
}

// body is a graph inside a node.
func body(in, out string, nodes ...*graph.Node) *graph.Attr {
	g := &graph.Graph{Name: "body", Nodes: nodes}
	for _, v := range strings.Fields(in) {
		g.Inputs = append(g.Inputs, &graph.Value{Name: v})
	}
	for _, v := range strings.Fields(out) {
		g.Outputs = append(g.Outputs, &graph.Value{Name: v})
	}
	return &graph.Attr{Name: "body", Value: g}
}

// model is the bomb as a file.
func (b bomb) model() *graph.Model {
	batch := []graph.Dim{{Param: "N"}}
	g := &graph.Graph{Name: b.name, Nodes: slices.Clone(b.nodes)}
	g.Inputs = []*graph.Value{{Name: "x", Type: graph.Float, HasShape: true, Shape: append(slices.Clone(batch), graph.Dim{Size: 1}, graph.Dim{Size: 28}, graph.Dim{Size: 28})}}
	g.Outputs = []*graph.Value{{Name: "y", Type: graph.Float, HasShape: true, Shape: append(batch, graph.Dim{Size: 10})}}
	for name, v := range b.ints {
		dims := []int64{int64(len(v))}
		if len(v) == 1 && strings.HasSuffix(name, "0") {
			dims = nil
		}
		g.Initializers = append(g.Initializers, graph.Int64Tensor(name, dims, v))
	}
	for name, v := range b.reals {
		g.Initializers = append(g.Initializers, graph.Float32Tensor(name, []int64{int64(len(v))}, v))
	}
	slices.SortFunc(g.Initializers, func(a, b *graph.Tensor) int { return strings.Compare(a.Name, b.Name) })
	last := b.last
	if last == "" {
		last = "t"
	}
	// Whatever the shape of the last value, the output is ten numbers for each sample.
	g.Nodes = append(g.Nodes, node("end_f = Cast "+last, graph.IntAttr("to", int64(graph.Float))), node("end_m = ReduceMean end_f", graph.IntAttr("keepdims", 0)),
		node("end_s = Shape x"), node("end_n = Gather end_s end_0"), node("end_d = Concat end_n end_10", graph.IntAttr("axis", 0)), node("y = Expand end_m end_d"))
	g.Initializers = append(g.Initializers, graph.Int64Tensor("end_10", []int64{1}, []int64{10}), graph.Int64Tensor("end_0", []int64{1}, []int64{0}))
	opset := b.opset
	if opset == 0 {
		opset = 20
	}
	return &graph.Model{IRVersion: 10, Opsets: []graph.Opset{{Version: opset}}, Graph: g}
}
