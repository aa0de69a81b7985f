package layered

// drawColumns draws the graph in a column between cuts.
func (g Graph) drawColumns(layers []int, cuts []cut, gaps Gaps) Drawing {
	d := Drawing{Centers: make([]Point, len(g.Nodes)), Routes: make([][]Point, len(g.Edges))}
	depths := g.depths()
	first := 0
	var before *cut
	var bottom float64 // of the column before
	for i := 0; i <= len(cuts); i++ {
		last := count(layers) - 1
		if i < len(cuts) {
			last = cuts[i].layer
		}
		c := newColumn(g, layers, depths, first, last, before)
		c.order()
		width, height := c.place(gaps)
		left := d.Width
		if before != nil {
			left += gaps.Column
		}
		c.store(&d, left)
		if before != nil {
			c.joint(&d, g, *before, left, bottom, gaps)
		}
		d.Width, d.Height = left+width, max(d.Height, height)
		bottom = height
		if i < len(cuts) {
			before, first = &cuts[i], cuts[i].layer+1
		}
	}
	if len(cuts) > 0 {
		d.Height += gaps.Layer / 2
	}
	return d
}

// joint leads the edges across a cut: from the node below the column before, up between the
// columns, and down from above this one.
func (c *column) joint(d *Drawing, g Graph, at cut, left, bottom float64, gaps Gaps) {
	from := d.Centers[at.from]
	from.Y += g.Nodes[at.from].Height / 2
	gutter := left - gaps.Column/2
	low := bottom + gaps.Layer/2
	for e, edge := range g.Edges {
		if edge.From != at.from || c.nodeOf(edge.To) < 0 {
			continue
		}
		top := d.Routes[e][0] // of the column
		d.Routes[e] = append([]Point{from, {from.X, low}, {gutter, low}, {gutter, top.Y}}, d.Routes[e]...)
	}
}
