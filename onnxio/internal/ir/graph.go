package ir

import (
	"maps"
	"slices"

	"github.com/gonn-toolkit/gonn/onnxio/graph"
)

// Opset is the version of ONNX's operators that a Graph is written in, unless the file's is
// later.
const Opset = 20

// Graph is a graph under the passes' hands. Nodes and tensors of the file are never
// changed: a pass that needs another node makes one and says where it comes from.
type Graph struct {
	File    *graph.Model
	Opset   int64 // of the file
	Target  int64 // that Nodes are written in
	Nodes   []*graph.Node
	Inputs  []*graph.Value
	Outputs []*graph.Value

	Constants
	Facts
	Links
	Provenance
	Budget
	names
}

// New is the graph of a file. Facts and Links are empty.
func New(m *graph.Model) *Graph {
	g := &Graph{
		File: m, Opset: m.Opset(""), Target: max(m.Opset(""), Opset), Nodes: m.Graph.Nodes, Outputs: m.Graph.Outputs,
		Constants: newConstants(m.Graph.Initializers), Facts: Facts{}, Provenance: newProvenance(m.Graph.Nodes), names: newNames(m.Graph),
	}
	for _, v := range m.Graph.Inputs {
		if g.Consts[v.Name] == nil { // before IR 4 initializers were inputs too
			g.Inputs = append(g.Inputs, v)
		}
	}
	g.Budget = newBudget(g.Consts)
	return g
}

// Clone gives a graph that passes may change while g stays. Links are shared until Index is
// called.
func (g *Graph) Clone() *Graph {
	c := *g
	c.Nodes, c.Inputs, c.Outputs = slices.Clone(g.Nodes), slices.Clone(g.Inputs), slices.Clone(g.Outputs)
	c.Constants, c.Facts, c.Provenance, c.names = g.Constants.clone(), maps.Clone(g.Facts), g.Provenance.clone(), g.names.clone()
	return &c
}

// IsInput reports whether a value is an input.
func (g *Graph) IsInput(value string) bool {
	return slices.ContainsFunc(g.Inputs, func(v *graph.Value) bool { return v.Name == value })
}

// Model is the graph as it is now, with the constants that it reads.
func (g *Graph) Model() *graph.Model {
	clean := &graph.Graph{Name: g.File.Graph.Name, Nodes: g.Nodes, Inputs: g.Inputs, Outputs: g.Outputs}
	read := map[string]bool{}
	MarkRead(read, g.Nodes, g.Outputs)
	for _, name := range slices.Sorted(maps.Keys(g.Consts)) {
		if read[name] {
			t := *g.Consts[name]
			t.Name = name
			clean.Initializers = append(clean.Initializers, &t)
		}
	}
	model := *g.File
	model.Graph = clean
	model.Opsets = slices.Clone(g.File.Opsets)
	for i, o := range model.Opsets {
		if o.Domain == "" || o.Domain == "ai.onnx" {
			model.Opsets[i].Version = g.Target
		}
	}
	return &model
}

// DropUnread takes out the nodes whose results nobody reads, and gives the file's nodes
// that this concerns.
func (g *Graph) DropUnread() (dropped []*graph.Node) {
	read := map[string]bool{}
	MarkRead(read, nil, g.Outputs)
	var kept []*graph.Node
	for _, n := range slices.Backward(g.Nodes) {
		if !slices.ContainsFunc(n.Outputs, func(out string) bool { return read[out] }) {
			dropped = append(dropped, g.From[n]...)
			continue
		}
		MarkRead(read, []*graph.Node{n}, nil)
		kept = append(kept, n)
	}
	slices.Reverse(kept)
	g.Nodes = kept
	return dropped
}

// MarkRead marks all names that nodes and outputs read, also those that graphs inside nodes
// read: they may be values from around them.
func MarkRead(read map[string]bool, nodes []*graph.Node, outputs []*graph.Value) {
	for _, n := range nodes {
		for _, in := range n.Inputs {
			read[in] = true
		}
		for _, a := range n.Attrs {
			if inner, ok := a.Value.(*graph.Graph); ok {
				MarkRead(read, inner.Nodes, inner.Outputs)
			}
		}
	}
	for _, v := range outputs {
		read[v.Name] = true
	}
}
