// Package layered draws directed acyclic graphs in layers from top to bottom, as Sugiyama, Tagawa
// and Toda do ("Methods for visual understanding of hierarchical system structures", 1981): nodes
// lie one layer below the lowest that they follow, the edges of a node share a place in each layer
// that they pass, and nodes are ordered so that few edges cross. The longest path is drawn in a
// straight line, and a graph that is too tall goes on in another column where a single node leads
// across.
//
// Lengths have any unit. y grows downwards.
package layered

// Graph is a graph to be drawn. Its nodes are numbers from 0, in topological order: an edge goes
// from a lower to a higher number.
type Graph struct {
	Nodes []Size
	Edges []Edge
}

// Size is that of a node's box.
type Size struct{ Width, Height float64 }

// Edge goes from a node to another.
type Edge struct{ From, To int }

// Gaps are the distances between boxes.
type Gaps struct {
	Layer  float64 // between layers
	Node   float64 // between nodes of a layer
	Column float64
}

// Point is a place in the drawing.
type Point struct{ X, Y float64 }

// Drawing is where everything lies.
type Drawing struct {
	Width, Height float64
	// Centers are those of the nodes' boxes.
	Centers []Point
	// Routes are the edges' lines, from the lower side of a box to the upper side of another.
	Routes [][]Point
}

// Draw draws the graph in as few columns as fit into a size, after it is made smaller if it is
// wider; in those that make it lowest if none do.
func (g Graph) Draw(gaps Gaps, into Size) Drawing {
	layers := g.layers()
	cuts := g.cuts(layers)
	best := g.drawColumns(layers, nil, gaps)
	for n := 2; n <= len(cuts)+1 && best.heightIn(into.Width) > into.Height; n++ {
		d := g.drawColumns(layers, g.balanced(layers, cuts, n, gaps), gaps)
		if d.heightIn(into.Width) >= best.heightIn(into.Width) {
			break
		}
		best = d
	}
	return best
}

// heightIn is the height after the drawing is made smaller to fit a width.
func (d *Drawing) heightIn(width float64) float64 { return d.Height * min(1, width/d.Width) }

// layers gives each node its layer: the longest way to it.
func (g Graph) layers() []int {
	layer := make([]int, len(g.Nodes))
	for to := range g.Nodes {
		for _, e := range g.Edges {
			if e.To == to {
				layer[to] = max(layer[to], layer[e.From]+1)
			}
		}
	}
	return layer
}

// depths gives each node the longest way from it to an end.
func (g Graph) depths() []int {
	depth := make([]int, len(g.Nodes))
	for from := len(g.Nodes) - 1; from >= 0; from-- {
		for _, e := range g.Edges {
			if e.From == from {
				depth[from] = max(depth[from], depth[e.To]+1)
			}
		}
	}
	return depth
}

// cut is a place where the drawing can go on in another column: all edges from layers up to
// layer to those below it begin at one node of that layer.
type cut struct{ layer, from int }

func (g Graph) cuts(layers []int) []cut {
	var cuts []cut
	for l := range count(layers) - 1 {
		from, ok := -1, true
		for _, e := range g.Edges {
			if layers[e.From] <= l && layers[e.To] > l {
				ok = ok && (from < 0 || from == e.From)
				from = e.From
			}
		}
		if ok && from >= 0 && layers[from] == l {
			cuts = append(cuts, cut{l, from})
		}
	}
	return cuts
}

// balanced chooses n-1 of the cuts, so that columns are about equally high.
func (g Graph) balanced(layers []int, cuts []cut, n int, gaps Gaps) []cut {
	heights := g.heights(layers)
	total := 0.0
	for _, h := range heights {
		total += h + gaps.Layer
	}
	var chosen []cut
	at, next := 0.0, 0
	for l, h := range heights {
		at += h + gaps.Layer
		for next < len(cuts) && cuts[next].layer < l {
			next++
		}
		if next == len(cuts) || len(chosen) == n-1 {
			break
		}
		if cuts[next].layer == l && at >= total*float64(len(chosen)+1)/float64(n)*0.97 {
			chosen = append(chosen, cuts[next])
		}
	}
	return chosen
}

// heights are those of the layers.
func (g Graph) heights(layers []int) []float64 {
	h := make([]float64, count(layers))
	for i, l := range layers {
		h[l] = max(h[l], g.Nodes[i].Height)
	}
	return h
}

func count(layers []int) int {
	n := 0
	for _, l := range layers {
		n = max(n, l+1)
	}
	return n
}
