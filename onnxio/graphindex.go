package onnxio

import (
	"slices"

	"github.com/gonn-toolkit/gonn/onnxio/graph"
	"github.com/gonn-toolkit/gonn/onnxio/internal/ir"
)

// graphIndex says who makes and who reads each value of a graph, and which are constants.
type graphIndex struct {
	graph    *graph.Graph
	consts   map[string]*graph.Tensor // constant values by name
	ir.Links                          // Place is that of a node in the graph
}

func indexOf(g *graph.Graph) *graphIndex {
	x := &graphIndex{graph: g, consts: map[string]*graph.Tensor{}}
	for _, t := range g.Initializers {
		x.consts[t.Name] = t
	}
	linked := ir.Graph{Nodes: g.Nodes, Outputs: g.Outputs}
	linked.Index()
	x.Links = linked.Links
	return x
}

// computed are the operands of a node that are no constants, each once.
func (x *graphIndex) computed(n *graph.Node) (values []string) {
	seen := map[string]bool{"": true}
	for _, v := range n.Inputs {
		if !seen[v] && x.consts[v] == nil {
			seen[v] = true
			values = append(values, v)
		}
	}
	return values
}

// isOutput reports whether a value is one that the graph gives.
func (x *graphIndex) isOutput(value string) bool {
	return slices.ContainsFunc(x.graph.Outputs, func(v *graph.Value) bool { return v.Name == value })
}

// closed reports whether only nodes of a list read what those behind the first give, and the
// graph gives none of it, so that nothing is lost when they become one layer.
func (x *graphIndex) closed(nodes []*graph.Node) bool {
	for _, n := range nodes[1:] {
		for _, out := range n.Outputs {
			unlisted := func(r *graph.Node) bool { return !slices.Contains(nodes, r) }
			if x.isOutput(out) || slices.ContainsFunc(x.Readers[out], unlisted) {
				return false
			}
		}
	}
	return true
}

// scalar is the number that a constant of one FLOAT is.
func (x *graphIndex) scalar(value string) (float32, bool) {
	c := x.consts[value]
	if c == nil || c.Type != graph.Float {
		return 0, false
	}
	if n, err := c.Len(); err != nil || n != 1 {
		return 0, false
	}
	v, err := c.Float32s()
	if err != nil {
		return 0, false
	}
	return v[0], true
}
