package ir

import (
	"maps"
	"slices"

	"github.com/gonn-toolkit/gonn/onnxio/graph"
)

// Provenance tells which nodes of the file are behind those of a Graph, and what has become
// of the others.
type Provenance struct {
	From   map[*graph.Node][]*graph.Node // the file's nodes behind a node, in the file's order
	Folded []*graph.Node                 // nodes of the file that computed constants or shapes only
	Moved  []*graph.Node                 // nodes of the file that only moved axes
	Notes  []string                      // what was taken otherwise than the file has it, one sentence each

	place map[*graph.Node]int // in the file
}

func newProvenance(file []*graph.Node) Provenance {
	p := Provenance{From: map[*graph.Node][]*graph.Node{}, place: map[*graph.Node]int{}}
	for i, n := range file {
		p.From[n], p.place[n] = []*graph.Node{n}, i
	}
	return p
}

func (p *Provenance) clone() Provenance {
	return Provenance{maps.Clone(p.From), slices.Clone(p.Folded), slices.Clone(p.Moved), slices.Clone(p.Notes), p.place}
}

// Like enters a node in the place of others: it stands for all of the file's nodes that they
// stand for. It gives n.
func (p *Provenance) Like(n *graph.Node, others ...*graph.Node) *graph.Node {
	var all []*graph.Node
	for _, o := range others {
		all = append(all, p.From[o]...)
	}
	p.From[n] = p.InFileOrder(all)
	return n
}

// CopyOf is a copy of a node, to be changed, in its place.
func (p *Provenance) CopyOf(n *graph.Node) *graph.Node {
	c := *n
	c.Inputs, c.Outputs, c.Attrs = slices.Clone(n.Inputs), slices.Clone(n.Outputs), slices.Clone(n.Attrs)
	return p.Like(&c, n)
}

// InFileOrder sorts nodes of the file as they stand in it, each once. It may change the
// slice.
func (p *Provenance) InFileOrder(nodes []*graph.Node) []*graph.Node {
	if len(nodes) < 2 {
		return nodes
	}
	slices.SortStableFunc(nodes, func(a, b *graph.Node) int { return p.place[a] - p.place[b] })
	return slices.Compact(nodes)
}
