package layered

import (
	"math"
	"slices"
)

// column is a stretch of layers with a place for each edge that passes one.
type column struct {
	layers [][]int // vertices by layer, from left to right
	all    []vertex
	routes map[int][]int // vertices of an edge of the graph, from its start to its end
}

// vertex is a node of the graph or the place of an edge in a layer that it passes.
type vertex struct {
	node     int // -1 for a place of an edge
	size     Size
	weight   int // length of the longest path of the graph through it
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
			route = append(route, c.add(l-top, vertex{node: -1}))
		}
		route = append(route, to)
		c.routes[e] = route
		for i := 1; i < len(route); i++ {
			c.all[route[i-1]].down = append(c.all[route[i-1]].down, route[i])
			c.all[route[i]].up = append(c.all[route[i]].up, route[i-1])
		}
	}
	return c
}

func (c *column) add(layer int, v vertex) int {
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
		var ends []int // in the order of starts
		for _, v := range c.layers[i-1] {
			var here []int
			for _, to := range c.all[v].down {
				here = append(here, place[to])
			}
			slices.Sort(here)
			ends = append(ends, here...)
		}
		for a := range ends {
			for b := a + 1; b < len(ends); b++ {
				if ends[b] < ends[a] {
					total++
				}
			}
		}
	}
	return total
}
