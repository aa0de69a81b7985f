package plot

import (
	"math"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/plotter"
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
