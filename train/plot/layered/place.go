package layered

import "math"

// place gives every vertex its place and returns the size of the column, whose left edge is 0.
func (c *column) place(gaps Gaps) (width, height float64) {
	for _, layer := range c.layers {
		c.placeLayer(layer, gaps)
	}
	left, right := math.Inf(1), math.Inf(-1)
	for _, v := range c.all {
		left, right = min(left, v.at.X-v.size.Width/2), max(right, v.at.X+v.size.Width/2)
	}
	y, heights := 0.0, c.heights()
	for i, layer := range c.layers {
		h := heights[i]
		for _, v := range layer {
			c.all[v].at.X -= left
			c.all[v].at.Y = y + h/2
		}
		y += h
		if i < len(c.layers)-1 {
			y += gaps.Layer
		}
	}
	return right - left, y
}

// placeLayer puts the vertex of the longest path below what it follows on that path, and the
// others as near to what they follow as the order allows.
func (c *column) placeLayer(layer []int, gaps Gaps) {
	heavy := 0
	for i, v := range layer {
		if c.all[v].weight > c.all[layer[heavy]].weight {
			heavy = i
		}
	}
	c.all[layer[heavy]].at.X = c.wanted(layer[heavy])
	apart := func(a, b int) float64 {
		return (c.all[a].size.Width+c.all[b].size.Width)/2 + gaps.Node
	}
	for i := heavy + 1; i < len(layer); i++ {
		v, before := layer[i], layer[i-1]
		c.all[v].at.X = max(c.wanted(v), c.all[before].at.X+apart(before, v))
	}
	for i := heavy - 1; i >= 0; i-- {
		v, after := layer[i], layer[i+1]
		c.all[v].at.X = min(c.wanted(v), c.all[after].at.X-apart(v, after))
	}
}

// wanted is the place below the neighbour above on the longest path.
func (c *column) wanted(v int) float64 {
	best := -1
	for _, u := range c.all[v].up {
		if best < 0 || c.all[u].weight > c.all[best].weight {
			best = u
		}
	}
	if best < 0 {
		return 0
	}
	return c.all[best].at.X
}

// store writes the column into a drawing, with its left edge at left.
func (c *column) store(d *Drawing, left float64) {
	heights := c.heights()
	at := func(v int) Point { return Point{left + c.all[v].at.X, c.all[v].at.Y} }
	for i, v := range c.all {
		if v.node >= 0 {
			d.Centers[v.node] = at(i)
		}
	}
	for e, route := range c.routes {
		var line []Point
		for i, v := range route {
			p := at(v)
			half := c.all[v].size.Height / 2
			switch {
			case i == 0:
				p.Y += half
			case i == len(route)-1:
				p.Y -= half
			default:
				half = heights[c.all[v].layer] / 2 // edges pass it straight
				line = append(line, Point{p.X, p.Y - half})
				p.Y += half
			}
			line = append(line, p)
		}
		d.Routes[e] = line
	}
}

// heights are those of the layers.
func (c *column) heights() []float64 {
	h := make([]float64, len(c.layers))
	for _, v := range c.all {
		h[v.layer] = max(h[v.layer], v.size.Height)
	}
	return h
}
