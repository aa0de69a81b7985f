package plot

import (
	"slices"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
)

// Panel is one pair of axes with what is drawn between them, in the order of the calls that add
// it.
type Panel struct {
	Title string // one line or more
	X, Y  Axis
	// NoGrid leaves out the lines behind the data: heat maps and images.
	NoGrid bool
	// Tight leaves no margin around the data.
	Tight bool
	items []item
	// corner is written over the data.
	corner []cornerLine
}

// item is one of a panel's contents.
type item struct {
	name string // in the legend; "" for none
	// x and y are the values that the axes must show.
	x, y []float64
	draw func(t *Theme, p *Panel) []plot.Plotter
	// base reports whether y counts from 0, which then lies on the axis: histograms.
	base bool
	// guide reports whether it only helps to read the others, as a line at 0.
	guide bool
	// behind is drawn before all that is not: areas, behind lines.
	behind bool
	// thumb is the sample beside the name.
	thumb func(t *Theme) plot.Thumbnailer
}

// spans are the ranges of the values that can be drawn.
func (p *Panel) spans() (x, y span) {
	x, y = noSpan(), noSpan()
	for _, it := range p.items {
		for _, v := range it.x {
			if p.X.shows(v) {
				x.add(v)
			}
		}
		for _, v := range it.y {
			if p.Y.shows(v) {
				y.add(v)
			}
		}
	}
	return x, y
}

// visible reports whether an item has a value that can be drawn. A line across the panel has values
// on one axis.
func (p *Panel) visible(it item) bool {
	some := func(values []float64, a *Axis) bool { return len(values) == 0 || slices.ContainsFunc(values, a.shows) }
	return !it.guide && len(it.x)+len(it.y) > 0 && some(it.x, &p.X) && some(it.y, &p.Y)
}

// room is the size of a panel's data in points, about, and which labels stand at its axes.
type room struct {
	width, height    vg.Length
	xLabels, yLabels bool
}

// plot makes a plot of gonum of the panel.
func (p *Panel) plot(t *Theme, x, y span, r room) *plot.Plot {
	g := plot.New()
	g.BackgroundColor = nil
	t.dress(&g.X)
	t.dress(&g.Y)
	if !p.NoGrid {
		g.Add(t.grid())
	}
	for _, behind := range []bool{true, false} {
		for _, it := range p.items {
			if it.behind == behind {
				g.Add(it.draw(t, p)...)
			}
		}
	}
	if !slices.ContainsFunc(p.items, p.visible) {
		g.Add(message{t, "no finite values"})
	}
	g.Add(p.corners(t))
	p.axes(g, x, y, r)
	return g
}

// axes sets the axes of a plot for ranges of data.
func (p *Panel) axes(g *plot.Plot, x, y span, r room) {
	margin := 0.05
	if p.Tight {
		margin = 0
	}
	if n := len(p.corner); n > 0 && !p.Y.Log { // room for it above the data
		y.max += (y.max - y.min) * float64(n) * float64((tickSize+2)/r.height)
	}
	ySpan := p.Y.span(y, margin)
	if y.min == 0 && p.based() && p.Y.Limits == nil {
		ySpan.min = 0
	}
	across := p.X.labelWidth()
	along := vg.Length(24)
	if p.Y.Names != nil {
		along = tickSize + 3
	}
	p.X.apply(&g.X, p.X.span(x, 0), max(1, int(r.width/across)))
	named := p.Y // with names that leave room for the data
	named.Names = nil
	for _, name := range p.Y.Names {
		named.Names = append(named.Names, shortened(g.Y.Tick.Label, name, max(r.width/2, 60)))
	}
	named.apply(&g.Y, ySpan, max(2, int(r.height/along)))
	g.X.Label.Text, g.Y.Label.Text = p.X.Label, p.Y.Label
	hide(&g.X, p.X.Hidden, r.xLabels)
	hide(&g.Y, p.Y.Hidden, r.yLabels)
}

// based reports whether one of the items counts from 0.
func (p *Panel) based() bool {
	return slices.ContainsFunc(p.items, func(it item) bool { return it.base })
}

// labelWidth is about the room in points that a label of a horizontal axis needs.
func (a *Axis) labelWidth() vg.Length {
	if a.Whole {
		return 26
	}
	longest := 6
	for _, n := range a.Names {
		longest = max(longest, len([]rune(n)))
	}
	return vg.Length(longest)*4.5 + 12
}
