package plot

import (
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// draw draws the bar with its values to the left of it, beside panels that may have titles.
func (s *Scale) draw(c draw.Canvas, t *Theme, titled bool) {
	const steps = 128
	p := &Panel{X: Axis{Hidden: true}, Y: Axis{Label: s.Label}}
	lo, hi := s.Min, s.Max
	if !(hi > lo) {
		lo, hi = lo-0.5, lo+0.5
	}
	p.HeatMap(HeatMap{Rows: steps, Columns: 1, Map: s.Map, Min: 0, Max: steps - 1, Y: &[2]float64{lo, hi},
		At: func(r, _ int) float64 { return float64(r) }})
	if titled {
		c.Max.Y -= panelTitleSize + 6
	}
	height := c.Size().Y
	c.Min.Y += vg.Length(0.1) * height
	x, y := p.spans()
	g := p.plot(t, x, y, room{width: 12, height: c.Size().Y, yLabels: true})
	g.Draw(c)
}
