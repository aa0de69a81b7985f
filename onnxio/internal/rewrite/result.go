package rewrite

import (
	"maps"
	"slices"

	"github.com/gonn-toolkit/gonn/onnxio/graph"
)

// Result is a cleaned model and where its parts come from.
type Result struct {
	Model *graph.Model
	// From lists the nodes of the file that a node stands for, in the file's order.
	From map[*graph.Node][]*graph.Node
	// Roots lists the initializers of the file that a constant was computed from, at most
	// 16. A constant without any was a number in the graph.
	Roots map[string][]string
	// Input says how the axes of the file's input lie in the model's: axis i of the file's
	// is axis Input[i], or, for −1, an axis of one element that the model's does not have.
	// Axes of the model's that are not named have one element. nil is the same order. Output
	// is the same for the output.
	Input, Output []int
	// Folded are the nodes that computed constants or shapes only.
	Folded []*graph.Node
	// Moved are the nodes that only moved axes and are not needed any more.
	Moved []*graph.Node
	// Notes say what was taken otherwise than the file has it, one sentence each.
	Notes []string

	facts     map[string]fact
	alias     map[string]string
	views     map[string]view
	regrouped map[string]view
}

// Sample is the shape of a value of the cleaned model without its first axis, nil if it is
// not known or depends on the batch.
func (r *Result) Sample(value string) []int {
	f := r.facts[value]
	if len(f.shape[0]) == 0 || len(f.shape[1]) == 0 || !slices.Equal(f.shape[0][1:], f.shape[1][1:]) {
		return nil
	}
	return f.shape[0][1:]
}

// Clean runs all passes. The model is not changed; the result may share its tensors. A
// model with graphs inside its nodes, which only control flow has, is given back as it is.
func Clean(m *graph.Model) *Result { return CleanAs(m, nil) }

// CleanAs is Clean for a model of one input whose axes are to lie otherwise than in the
// file: as Result.Input says. nil leaves the choice to Clean, and so does an input that has
// not so many axes or whose sizes are not known.
func CleanAs(m *graph.Model, input []int) *Result {
	w := newWork(m)
	if nested(m) {
		w.target = w.opset
		return w.result()
	}
	w.fold()
	w.layout(input)
	w.merge()
	return w.result()
}

// Constants only turns the nodes that hold constants into initializers.
func Constants(m *graph.Model) *Result {
	w := newWork(m)
	w.target = w.opset
	w.nodes = slices.DeleteFunc(slices.Clone(w.nodes), func(n *graph.Node) bool {
		return n.OpType == "Constant" && w.compute(n)
	})
	return w.result()
}

func nested(m *graph.Model) bool {
	for _, n := range m.Graph.Nodes {
		for _, a := range n.Attrs {
			if a.Kind() == graph.KindGraph {
				return true
			}
		}
	}
	return false
}

// result gives the graph as it is now.
func (w *work) result() *Result {
	r := &Result{From: w.from, facts: w.facts, Notes: w.notes, Roots: w.roots, Input: w.inputOrder, Output: w.outputOrder,
		Folded: w.inOrder(w.folded), Moved: w.inOrder(w.moved), alias: w.alias, views: w.views, regrouped: w.regrouped}
	g := &graph.Graph{Name: w.file.Graph.Name, Nodes: w.nodes, Inputs: w.inputs, Outputs: w.outputs}
	read := map[string]bool{}
	markRead(read, w.nodes, w.outputs)
	for _, name := range slices.Sorted(maps.Keys(w.consts)) {
		if read[name] {
			t := *w.consts[name]
			t.Name = name
			g.Initializers = append(g.Initializers, &t)
		}
	}
	model := *w.file
	model.Graph = g
	model.Opsets = slices.Clone(w.file.Opsets)
	for i, o := range model.Opsets {
		if o.Domain == "" || o.Domain == "ai.onnx" {
			model.Opsets[i].Version = w.target
		}
	}
	r.Model = &model
	return r
}
