package plot

import (
	"image/color"
	"slices"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// Line adds a line through the points (x[i], y[i]), broken where one cannot be drawn. A point
// between two that cannot is drawn as a marker. An empty name stays out of the legend.
func (p *Panel) Line(name string, x, y []float64, s Style) {
	p.items = append(p.items, item{name: name, x: x, y: y,
		draw: func(t *Theme, p *Panel) []plot.Plotter {
			var all []plot.Plotter
			for _, part := range p.parts(x, y) {
				if len(part) == 1 {
					all = append(all, &plotter.Scatter{XYs: part, GlyphStyle: t.marker(s)})
					continue
				}
				all = append(all, &plotter.Line{XYs: part, LineStyle: t.line(s)})
				if t.marked(s) {
					all = append(all, &plotter.Scatter{XYs: some(part, s.Color), GlyphStyle: t.marker(s)})
				}
			}
			return all
		},
		thumb: func(t *Theme) plot.Thumbnailer { return lineThumb{t, s} },
	})
}

// Points adds markers at the points (x[i], y[i]).
func (p *Panel) Points(name string, x, y []float64, s Style) {
	p.items = append(p.items, item{name: name, x: x, y: y,
		draw: func(t *Theme, p *Panel) []plot.Plotter {
			var all []plot.Plotter
			for _, part := range p.parts(x, y) {
				all = append(all, &plotter.Scatter{XYs: part, GlyphStyle: t.marker(s)})
			}
			return all
		},
		thumb: func(t *Theme) plot.Thumbnailer { return &plotter.Scatter{GlyphStyle: t.marker(s)} },
	})
}

// Band adds the area between two lines, lo below hi: an interval around a mean. Where it is a
// single point wide it is a vertical line.
func (p *Panel) Band(name string, x, lo, hi []float64, s Style) {
	p.items = append(p.items, item{name: name, x: x, y: append(slices.Clone(lo), hi...), behind: true,
		draw: func(t *Theme, p *Panel) []plot.Plotter {
			var all []plot.Plotter
			for _, part := range p.bandParts(x, lo, hi) {
				if len(part) == 2 {
					all = append(all, &plotter.Line{XYs: part, LineStyle: t.line(s)})
					continue
				}
				all = append(all, &plotter.Polygon{XYs: []plotter.XYs{part}, Color: t.area(s)})
			}
			return all
		},
		thumb: func(t *Theme) plot.Thumbnailer { return &plotter.Polygon{Color: t.area(s)} },
	})
}

// HLine and VLine add a thin line across the panel, for a value to compare with.
func (p *Panel) HLine(name string, y float64, s Style) {
	p.across(name, nil, []float64{y}, s, func(c draw.Canvas, g *plot.Plot) []vg.Point {
		_, ty := g.Transforms(&c)
		return []vg.Point{{X: c.Min.X, Y: ty(y)}, {X: c.Max.X, Y: ty(y)}}
	})
}

func (p *Panel) VLine(name string, x float64, s Style) {
	p.across(name, []float64{x}, nil, s, func(c draw.Canvas, g *plot.Plot) []vg.Point {
		tx, _ := g.Transforms(&c)
		return []vg.Point{{X: tx(x), Y: c.Min.Y}, {X: tx(x), Y: c.Max.Y}}
	})
}

func (p *Panel) across(name string, x, y []float64, s Style, ends func(draw.Canvas, *plot.Plot) []vg.Point) {
	s.Thin = true
	p.items = append(p.items, item{name: name, x: x, y: y, guide: s.Muted || s.Faint,
		draw: func(t *Theme, p *Panel) []plot.Plotter {
			if len(x) > 0 && !p.X.shows(x[0]) || len(y) > 0 && !p.Y.shows(y[0]) {
				return nil
			}
			return []plot.Plotter{plotterFunc(func(c draw.Canvas, g *plot.Plot) {
				c.StrokeLines(t.line(s), c.ClipLinesXY(ends(c, g))...)
			})}
		},
		thumb: func(t *Theme) plot.Thumbnailer { return lineThumb{t, s} },
	})
}

// area is the colour of an area, through which lines behind it are seen.
func (t *Theme) area(s Style) color.Color {
	c := t.color(s)
	return color.NRGBA{c.R, c.G, c.B, 0x38}
}

// plotterFunc is a function that draws.
type plotterFunc func(c draw.Canvas, g *plot.Plot)

func (f plotterFunc) Plot(c draw.Canvas, g *plot.Plot) { f(c, g) }

// lineThumb is a line's sample in the legend.
type lineThumb struct {
	t *Theme
	s Style
}

func (l lineThumb) Thumbnail(c *draw.Canvas) {
	y := c.Center().Y
	c.StrokeLine2(l.t.line(l.s), c.Min.X, y, c.Max.X, y)
	if l.t.marked(l.s) {
		c.DrawGlyph(l.t.marker(l.s), c.Center())
	}
}

// parts are the stretches of a line that can be drawn.
func (p *Panel) parts(x, y []float64) []plotter.XYs {
	var all []plotter.XYs
	var part plotter.XYs
	for i := range min(len(x), len(y)) {
		if p.X.shows(x[i]) && p.Y.shows(y[i]) {
			part = append(part, plotter.XY{X: x[i], Y: y[i]})
		} else if part != nil {
			all, part = append(all, part), nil
		}
	}
	if part != nil {
		all = append(all, part)
	}
	return all
}

// bandParts are the outlines of a band's stretches. On a logarithmic axis a lower line that is
// not above 0 lies at the bottom of the panel.
func (p *Panel) bandParts(x, lo, hi []float64) []plotter.XYs {
	_, y := p.spans()
	low := make([]float64, len(lo))
	for i, v := range lo {
		if low[i] = v; p.Y.Log && v <= 0 {
			low[i] = y.min
		}
	}
	var all []plotter.XYs
	var top, bottom plotter.XYs
	flush := func() {
		for i := len(bottom) - 1; i >= 0; i-- {
			top = append(top, bottom[i])
		}
		if len(bottom) > 0 {
			all = append(all, top)
		}
		top, bottom = nil, nil
	}
	for i := range x {
		if !p.X.shows(x[i]) || !p.Y.shows(low[i]) || !p.Y.shows(hi[i]) {
			flush()
			continue
		}
		top = append(top, plotter.XY{X: x[i], Y: hi[i]})
		bottom = append(bottom, plotter.XY{X: x[i], Y: low[i]})
	}
	flush()
	return all
}

// some are about eight of a line's points, others for each colour, so that markers of lines that
// lie on each other do not.
func some(all plotter.XYs, shift int) plotter.XYs {
	every := max(1, len(all)/8)
	var few plotter.XYs
	for i := shift * every / 4 % every; i < len(all); i += every {
		few = append(few, all[i])
	}
	return few
}
