package ir

import "github.com/gonn-toolkit/gonn/onnxio/graph"

// Links tell who makes and who reads each value, and where each node stands. They are those
// of the last Index, and of Link and Unlink since.
type Links struct {
	Maker   map[string]*graph.Node
	Readers map[string][]*graph.Node // some may have been taken away since
	Uses    map[string]int           // how many operands and outputs a value is
	Place   map[*graph.Node]int      // in Graph.Nodes
}

// Index finds the links of all nodes.
func (g *Graph) Index() {
	g.Links = Links{map[string]*graph.Node{}, map[string][]*graph.Node{}, map[string]int{}, map[*graph.Node]int{}}
	for i, n := range g.Nodes {
		g.Link(n, i)
	}
	for _, v := range g.Outputs {
		g.Uses[v.Name]++
	}
}

// Link enters a node that stands at a place.
func (l *Links) Link(n *graph.Node, place int) {
	l.Place[n] = place
	for _, out := range n.Outputs {
		l.Maker[out] = n
	}
	for _, in := range n.Inputs {
		l.Readers[in] = append(l.Readers[in], n)
		l.Uses[in]++
	}
}

// Unlink takes a node out. Its results have no maker until another is linked.
func (l *Links) Unlink(n *graph.Node) {
	delete(l.Place, n)
	for _, out := range n.Outputs {
		if l.Maker[out] == n {
			delete(l.Maker, out)
		}
	}
	for _, in := range n.Inputs {
		l.Uses[in]--
	}
}

// Linked reports whether a node is in the graph.
func (l *Links) Linked(n *graph.Node) bool {
	_, ok := l.Place[n]
	return ok
}
