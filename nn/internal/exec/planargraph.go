package exec

import (
	"slices"

	"github.com/gonn-toolkit/gonn/nn/op"
)

// planarNode is a node of the graph for single samples: one of the network's nodes, or several
// that are fused, at the place of the last.
type planarNode struct {
	op      op.Planar
	in      []Value
	weights op.Weights
	view    bool // the output may be the memory of the input
}

// planarGraph is the graph for single samples.
type planarGraph struct {
	nodes []*planarNode // by the network's nodes; nil if not computed, or fused into a later one
	uses  []int         // number of reads of each value, as an output too
}

// newPlanarGraph returns false if a node cannot run on a single sample. Nodes whose values are
// observed are not fused.
func newPlanarGraph(f *flow) (*planarGraph, bool) {
	g := &planarGraph{nodes: make([]*planarNode, len(f.Nodes)), uses: make([]int, f.numValues())}
	for i, node := range f.Nodes {
		if !f.computed[i] {
			continue
		}
		o, ok := node.Op.(op.Planar)
		if !ok {
			return nil, false
		}
		v, isView := node.Op.(op.View)
		g.nodes[i] = &planarNode{o, node.In, node.Weights, isView && v.View(false)}
		for _, v := range node.In {
			g.uses[f.index(v)]++
		}
	}
	kept := make([]bool, f.numValues())
	for _, v := range f.cfg.Outputs {
		g.uses[f.index(v)]++
		kept[f.index(v)] = true
	}
	for _, v := range f.cfg.Observed {
		kept[f.index(v)] = true
	}
	for i, n := range g.nodes {
		for n != nil && g.fuseInput(i, kept) {
			n = g.nodes[i]
		}
	}
	return g, true
}

// fuseInput fuses node i with a node whose output only it reads. It reports whether it did.
func (g *planarGraph) fuseInput(i int, kept []bool) bool {
	n := g.nodes[i]
	for at, v := range n.in {
		if v < 0 || kept[v] || g.uses[v] != 1 {
			continue
		}
		before := g.nodes[v]
		fuser, ok := before.op.(op.PlanarFuser)
		if !ok {
			continue
		}
		o, ok := fuser.FusePlanar(n.op, at)
		if !ok {
			continue
		}
		g.nodes[i], g.nodes[v] = &planarNode{
			op:      o,
			in:      slices.Concat(before.in, n.in[:at], n.in[at+1:]),
			weights: slices.Concat(before.weights, n.weights),
		}, nil
		return true
	}
	return false
}

// borders is the border that the readers of each value want, if it is packed.
func (g *planarGraph) borders(f *flow) []int {
	list := make([]int, f.numValues())
	for i := len(g.nodes) - 1; i >= 0; i-- {
		n := g.nodes[i]
		if n == nil {
			continue
		}
		r, ok := n.op.(op.PackedReader)
		if !ok {
			continue
		}
		border, _ := r.ReadsPacked()
		if n.view {
			border = max(border, list[i])
		}
		for _, v := range n.in {
			list[f.index(v)] = max(list[f.index(v)], border)
		}
	}
	return list
}
