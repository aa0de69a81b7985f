package exec

import (
	"slices"

	"github.com/gonn-toolkit/gonn/nn/op"
)

// fuse returns the graph with nodes fused where op.Fuser allows it. Nodes keep their numbers: a
// fused node is at the place of the last one, and nothing reads the others. Values that the
// Config names are kept.
func fuse(g *Graph, c Config) *Graph {
	f := &Graph{Inputs: g.Inputs, Nodes: slices.Clone(g.Nodes), unfused: g, parts: make([][]int, len(g.Nodes))}
	readers := make([]int, len(g.Nodes))
	for i, node := range g.Nodes {
		f.parts[i] = []int{i}
		for _, v := range node.In {
			if v >= 0 {
				readers[v]++
			}
		}
	}
	for _, list := range [][]Value{c.Outputs, c.Observed, c.Seeds, c.Gradients} {
		for _, v := range list {
			if v >= 0 {
				readers[v]++
			}
		}
	}
	for i := range f.Nodes {
		for f.fuseInput(i, readers, c.Training) {
		}
	}
	return f
}

// fuseInput fuses node i with a node whose output only it reads. It reports whether it did.
func (g *Graph) fuseInput(i int, readers []int, training bool) bool {
	node := g.Nodes[i]
	for at, v := range node.In {
		if v < 0 || readers[v] != 1 {
			continue
		}
		before := g.Nodes[v]
		fuser, ok := before.Op.(op.Fuser)
		if !ok {
			continue
		}
		o, ok := fuser.Fuse(node.Op, at, training)
		if !ok {
			continue
		}
		g.Nodes[i] = Node{
			Op:      o,
			In:      slices.Concat(before.In, node.In[:at], node.In[at+1:]),
			Weights: slices.Concat(before.Weights, node.Weights),
			Trained: slices.Concat(before.Trained, node.Trained),
		}
		g.parts[i] = slices.Concat(g.parts[v], g.parts[i])
		return true
	}
	return false
}
