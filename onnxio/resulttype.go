package onnxio

import (
	"fmt"
	"slices"

	"github.com/gonn-toolkit/gonn/onnxio/graph"
)

// A file that computes in FLOAT may give its results in another type of fractions: a Cast at
// its end, or in front of the softmax there, makes them wider for who reads them, or
// narrower. A network gives float32.

// keepsType are operators of one value, whose type their result has.
var keepsType = map[string]bool{
	"Exp": true, "Flatten": true, "Identity": true, "Log": true, "LogSoftmax": true, "Reshape": true, "Sigmoid": true,
	"Softmax": true, "Squeeze": true, "Transpose": true, "Unsqueeze": true,
}

// resultsInFloat is a model with FLOAT in the place of the type of fractions that the Casts
// at its end give, and a note that says so.
func resultsInFloat(m *graph.Model) (*graph.Model, []string, error) {
	f := &floats{}
	changed := map[*graph.Node]*graph.Node{}
	if len(m.Graph.Outputs) == 1 {
		for _, n := range lastSteps(m.Graph) {
			if c := f.node(n); n.OpType == "Cast" && c != n {
				changed[n] = c
			}
		}
	}
	if len(changed) == 0 {
		return m, nil, nil
	}
	types := slices.Clone(f.seen)
	g := *m.Graph
	g.Outputs = f.ends(g.Outputs)
	g.Nodes = slices.Clone(g.Nodes)
	for i, n := range g.Nodes {
		if c := changed[n]; c != nil {
			g.Nodes[i] = c
		}
	}
	c := *m
	c.Graph = &g
	return &c, []string{fmt.Sprintf("the file gives its result as %s; the network as FLOAT", types[0])}, nil
}

// lastSteps lists the nodes that the output comes through, the last first, as long as each
// is a Cast or keeps its operand's type, and the next alone reads what it gives.
func lastSteps(g *graph.Graph) (nodes []*graph.Node) {
	maker, uses := map[string]*graph.Node{}, map[string]int{}
	for _, n := range g.Nodes {
		for _, in := range n.Inputs {
			uses[in]++
		}
		for _, out := range n.Outputs {
			maker[out] = n
		}
	}
	value, readers := g.Outputs[0].Name, 0
	for len(nodes) < len(g.Nodes) {
		n := maker[value]
		if n == nil || uses[value] != readers || !n.Standard() || n.OpType != "Cast" && !keepsType[n.OpType] || len(n.Inputs) == 0 || len(n.Outputs) != 1 {
			break
		}
		nodes = append(nodes, n)
		value, readers = n.Inputs[0], 1
	}
	return nodes
}
