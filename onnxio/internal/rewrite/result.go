package rewrite

import (
	"slices"

	"github.com/gonn-toolkit/gonn/onnxio/graph"
	"github.com/gonn-toolkit/gonn/onnxio/internal/ir"
	"github.com/gonn-toolkit/gonn/onnxio/internal/layout"
)

// Place says where a value of the file is in the cleaned model, and how its axes lie there.
type Place = layout.Place

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

	facts  ir.Facts
	alias  map[string]string // values that were passed on unchanged, and what from
	layout *layout.Map       // nil if no pass has run
}

// Fact is what is known of a value of the cleaned model.
func (r *Result) Fact(value string) ir.Fact { return r.facts[value] }

// Sample is the shape of a value of the cleaned model without its first axis, nil if it is
// not known or depends on the batch.
func (r *Result) Sample(value string) []int {
	f := r.facts[value]
	if len(f.Shape[0]) == 0 || len(f.Shape[1]) == 0 || !slices.Equal(f.Shape[0][1:], f.Shape[1][1:]) {
		return nil
	}
	return f.Shape[0][1:]
}

// Place finds a value of the file; ok is false if no value of the cleaned model has its
// elements, as far as is known.
func (r *Result) Place(value string) (p Place, ok bool) {
	if to := r.alias[value]; to != "" {
		value = to
	}
	if r.layout == nil {
		return Place{Value: value}, true
	}
	return r.layout.Place(value)
}

// resultOf is a graph as it is now.
func resultOf(g *ir.Graph, alias map[string]string, axes *layout.Map) *Result {
	r := &Result{Model: g.Model(), From: g.From, Roots: g.Roots, Folded: g.InFileOrder(g.Folded), Moved: g.InFileOrder(g.Moved), Notes: g.Notes,
		facts: g.Facts, alias: alias, layout: axes}
	if axes != nil {
		r.Input, r.Output = axes.Input, axes.Output
	}
	return r
}
