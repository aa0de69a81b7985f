package layered

import (
	"math"
	"slices"
)

// column is a stretch of layers with a place in each for what passes it: the edges of a node share
// theirs.
type column struct {
	layers [][]int // vertices by layer, from left to right
	all    []vertex
	routes map[int][]int // vertices of an edge of the graph, from its start to its end
}

// vertex is a node of the graph or the place of a node's edges in a layer that they pass.
type vertex struct {
	node     int // -1 for a place of edges
	size     Size
	weight   int // length of the longest path of the graph through it
	layer    int // of the column
	up, down []int
	at       Point
}

// newColumn takes the layers from first to last. If there is a cut before it, a vertex above
// them stands for the node that leads across.
func newColumn(g Graph, layer, depth []int, first, last int, before *cut) *column {
	top := first
	if before != nil {
		top--
	}
	c := &column{layers: make([][]int, last-top+1), routes: map[int][]int{}}
	vertexOf := map[int]int{}
	if before != nil {
		vertexOf[before.from] = c.add(0, vertex{node: -1, weight: math.MaxInt})
	}
	for i, l := range layer {
		if first <= l && l <= last {
			vertexOf[i] = c.add(l-top, vertex{node: i, size: g.Nodes[i], weight: l + depth[i]})
		}
	}
	passing := map[[2]int]int{} // vertices by where their edges come from, and layer
	for e, edge := range g.Edges {
		to, inside := vertexOf[edge.To]
		from, ok := vertexOf[edge.From]
		if !inside || !ok {
			continue
		}
		start := layer[edge.From]
		if before != nil && edge.From == before.from {
			start = top
		}
		route := []int{from}
		for l := start + 1; l < layer[edge.To]; l++ {
			v, there := passing[[2]int{from, l}]
			if !there {
				v = c.add(l-top, vertex{node: -1})
				passing[[2]int{from, l}] = v
				c.join(route[len(route)-1], v)
			}
			route = append(route, v)
		}
		c.join(route[len(route)-1], to)
		c.routes[e] = append(route, to)
	}
	return c
}

// join notes that an edge goes from a vertex to one of the next layer.
func (c *column) join(from, to int) {
	c.all[from].down = append(c.all[from].down, to)
	c.all[to].up = append(c.all[to].up, from)
}

func (c *column) add(layer int, v vertex) int {
	v.layer = layer
	c.all = append(c.all, v)
	c.layers[layer] = append(c.layers[layer], len(c.all)-1)
	return len(c.all) - 1
}

// nodeOf is the vertex of a node, -1 if it is in another column.
func (c *column) nodeOf(node int) int {
	return slices.IndexFunc(c.all, func(v vertex) bool { return v.node == node })
}

// order sorts layers by the mean place of their neighbours above and below, in turns, and keeps
// the order with the fewest crossings.
func (c *column) order() {
	best, fewest := c.copied(), c.crossings()
	for round := range 8 {
		for i := range c.layers {
			if round%2 == 0 && i > 0 {
				c.sort(i, i-1, func(v vertex) []int { return v.up })
			}
			if j := len(c.layers) - 2 - i; round%2 == 1 && j >= 0 {
				c.sort(j, j+1, func(v vertex) []int { return v.down })
			}
		}
		if n := c.crossings(); n < fewest {
			best, fewest = c.copied(), n
		}
	}
	c.layers = best
}

func (c *column) copied() [][]int {
	var all [][]int
	for _, l := range c.layers {
		all = append(all, slices.Clone(l))
	}
	return all
}

// sort orders a layer by the mean place of neighbours in another. What has none stays where it
// is.
func (c *column) sort(layer, by int, neighbours func(vertex) []int) {
	place := map[int]float64{}
	for i, v := range c.layers[by] {
		place[v] = float64(i)
	}
	mean := map[int]float64{}
	for i, v := range c.layers[layer] {
		mean[v] = float64(i)
		if list := neighbours(c.all[v]); len(list) > 0 {
			sum := 0.0
			for _, n := range list {
				sum += place[n]
			}
			mean[v] = sum / float64(len(list))
		}
	}
	slices.SortStableFunc(c.layers[layer], func(a, b int) int {
		switch {
		case mean[a] < mean[b]:
			return -1
		case mean[a] > mean[b]:
			return 1
		}
		return 0
	})
}

// crossings counts the pairs of edges between neighbouring layers that cross.
func (c *column) crossings() int {
	total := 0
	for i := 1; i < len(c.layers); i++ {
		place := map[int]int{}
		for k, v := range c.layers[i] {
			place[v] = k
		}
		ends := make(counts, len(c.layers[i])+1) // of edges that start further to the left
		for _, v := range c.layers[i-1] {
			for _, to := range c.all[v].down {
				total += ends.from(place[to] + 1)
			}
			for _, to := range c.all[v].down {
				ends.add(place[to])
			}
		}
	}
	return total
}

// counts has how many there are at each place from 0, as a tree whose sums are quick (Fenwick: A new
// data structure for cumulative frequency tables, 1994).
type counts []int

func (c counts) add(at int) {
	c[0]++
	for i := at + 1; i < len(c); i += i & -i {
		c[i]++
	}
}

// from is how many there are at a place or to the right of it.
func (c counts) from(at int) int {
	n := c[0]
	for ; at > 0; at &= at - 1 {
		n -= c[at]
	}
	return n
}
