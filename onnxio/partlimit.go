package onnxio

import (
	"fmt"

	"github.com/gonn-toolkit/gonn/onnxio/graph"
)

// MaxParts bounds the models that become networks: their nodes, what these read and give,
// and initializers, each of which counts as one, also inside nodes and in functions. Importing
// keeps far more of each than the bytes that it has in the file.
const MaxParts = 16_000

// checkParts refuses a model of too many parts.
func checkParts(m *graph.Model) error {
	nodes, parts := partsOf(m.Graph)
	for _, f := range m.Uncalled {
		n, p := partsOf(f.Graph)
		nodes, parts = nodes+n, parts+p
	}
	if parts > MaxParts {
		return fmt.Errorf("the model has %d nodes, which with their inputs and outputs and the initializers are %d; "+
			"at most %d are read as a network", nodes, parts, MaxParts)
	}
	return nil
}

func partsOf(g *graph.Graph) (nodes, parts int) {
	nodes, parts = len(g.Nodes), len(g.Nodes)+len(g.Initializers)
	for _, n := range g.Nodes {
		parts += len(n.Inputs) + len(n.Outputs)
		for _, a := range n.Attrs {
			if inner, ok := a.Value.(*graph.Graph); ok {
				n, p := partsOf(inner)
				nodes, parts = nodes+n, parts+p
			}
		}
	}
	return nodes, parts
}
