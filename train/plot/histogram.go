package plot

import (
	"math"
	"slices"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// Histogram adds the outline of a histogram of values over bins of equal width between lo and
// hi, with the area below it filled. Values outside fall into the outermost bins; NaN is not
// counted. Heights are densities, so that areas are 1 whatever the bins. If lo or hi is not finite,
// no value was, and there is nothing to draw.
func (p *Panel) Histogram(name string, values []float64, lo, hi float64, bins int, s Style) {
	if math.IsInf(lo, 0) || math.IsInf(hi, 0) || lo != lo || hi != hi {
		p.Steps(name, nil, nil, s)
		return
	}
	if !(hi > lo) || bins < 1 {
		lo, hi, bins = lo-0.5, lo+0.5, max(bins, 1)
	}
	heights := make([]float64, bins)
	counted := 0.0
	for _, v := range values {
		if v != v {
			continue
		}
		at := math.Floor((v - lo) / (hi - lo) * float64(bins))
		heights[int(min(max(at, 0), float64(bins-1)))]++
		counted++
	}
	edges := make([]float64, bins+1)
	for i := range edges {
		edges[i] = lo + (hi-lo)*float64(i)/float64(bins)
	}
	for i := range heights {
		heights[i] /= math.Max(counted, 1) * (hi - lo) / float64(bins)
	}
	p.Steps(name, edges, heights, s)
}

// Steps adds bars without gaps between them: heights[i] from edges[i] to edges[i+1].
func (p *Panel) Steps(name string, edges, heights []float64, s Style) {
	p.items = append(p.items, item{name: name, x: edges, y: append([]float64{0}, heights...), base: true,
		draw: func(t *Theme, p *Panel) []plot.Plotter {
			outline := p.outline(edges, heights)
			return []plot.Plotter{
				&plotter.Polygon{XYs: []plotter.XYs{outline}, Color: t.area(s)},
				&plotter.Line{XYs: outline, LineStyle: t.line(s)},
			}
		},
		thumb: func(t *Theme) plot.Thumbnailer {
			return &plotter.Polygon{Color: t.area(s), LineStyle: t.line(s)}
		},
	})
}

// outline is that of steps whose edges and heights can be drawn. On a logarithmic axis, which has
// no 0, they stand on the lowest value.
func (p *Panel) outline(edges, heights []float64) plotter.XYs {
	base := 0.0
	if p.Y.Log {
		_, y := p.spans()
		base = y.min
	}
	var line plotter.XYs
	for i, h := range heights {
		if p.Y.Log && h <= 0 {
			h = base
		}
		if a, b := edges[i], edges[i+1]; p.X.shows(a) && p.X.shows(b) && p.Y.shows(h) {
			line = append(line, plotter.XY{X: a, Y: h}, plotter.XY{X: b, Y: h})
		}
	}
	if len(line) == 0 {
		return nil
	}
	line = append(plotter.XYs{{X: line[0].X, Y: base}}, line...)
	return append(line, plotter.XY{X: line[len(line)-1].X, Y: base})
}

// Bars adds a bar of a width from 0 to each y[i] at x[i]. A value that is not finite has none.
func (p *Panel) Bars(name string, x, y []float64, width float64, s Style) {
	sides := slices.Clone(x)
	for _, v := range x {
		sides = append(sides, v-width/2, v+width/2)
	}
	p.items = append(p.items, item{name: name, x: sides, y: append([]float64{0}, y...), base: true,
		draw: func(t *Theme, p *Panel) []plot.Plotter {
			var all []plot.Plotter
			for i, v := range y {
				if p.X.shows(x[i]-width/2) && p.Y.shows(v) {
					all = append(all, bar(x[i]-width/2, x[i]+width/2, v, t, s))
				}
			}
			return all
		},
		thumb: func(t *Theme) plot.Thumbnailer { return &plotter.Polygon{Color: t.color(s)} },
	})
}

func bar(left, right, y float64, t *Theme, s Style) plot.Plotter {
	return plotterFunc(func(c draw.Canvas, g *plot.Plot) {
		tx, ty := g.Transforms(&c)
		base := ty(math.Max(0, g.Y.Min))
		corners := []vg.Point{{X: tx(left), Y: base}, {X: tx(right), Y: base}, {X: tx(right), Y: ty(y)}, {X: tx(left), Y: ty(y)}}
		c.FillPolygon(t.color(s), c.ClipPolygonXY(corners))
	})
}
