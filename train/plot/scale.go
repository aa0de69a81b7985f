package plot

import (
	"math"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// Scale is the meaning of colours: those of a HeatMap of the same Map, Min, Max and Log.
type Scale struct {
	Label    string
	Map      Colormap
	Min, Max float64
	Log      bool
}

// draw draws the bar with its values to the left of it, beside panels with titles of a height.
func (s *Scale) draw(c draw.Canvas, t *Theme, titles vg.Length) {
	const steps = 128
	axis, lo, hi := s.axis()
	p := &Panel{X: Axis{Hidden: true}, Y: axis}
	p.HeatMap(HeatMap{Rows: steps, Columns: 1, Map: s.Map, Min: 0, Max: steps - 1, Y: &[2]float64{lo, hi},
		At: func(r, _ int) float64 { return float64(r) }})
	c.Max.Y -= titles
	c.Min.Y += 0.1 * c.Size().Y
	x, y := p.spans()
	p.plot(t, x, y, room{width: 12, height: c.Size().Y, xLabels: true, yLabels: true}).Draw(c)
}

// axis is that of the bar, and what it goes from and to.
func (s *Scale) axis() (a Axis, lo, hi float64) {
	a = Axis{Label: s.Label, Log: s.Log && s.Min > 0}
	switch {
	case s.Max > s.Min:
		return a, s.Min, s.Max
	case a.Log:
		return a, s.Min / 2, s.Min * 2
	}
	return a, s.Min - 0.5, s.Min + 0.5
}

// width is what the bar takes beside panels, with its gap, label and values.
func (s *Scale) width(t *Theme) vg.Length {
	axis, lo, hi := s.axis()
	style, widest := t.TextStyle(tickSize, t.Muted, false), vg.Length(0)
	axis.eachTick(lo, hi, 20, func(_ float64, label string) { widest = max(widest, style.Width(label)) })
	return max(scaleWidth, widest+40)
}

// position is the place of a value on the scale, from 0 to 1, where values outside have that of the
// end; NaN for values that are not finite.
func (s *Scale) position(v float64) float64 {
	lo, hi := s.Min, s.Max
	switch {
	case v-v != 0:
		return math.NaN()
	case s.Log:
		v, lo, hi = math.Log(max(v, lo)), math.Log(lo), math.Log(hi)
	}
	if !(hi > lo) {
		return 0.5
	}
	return min(max((v-lo)/(hi-lo), 0), 1)
}
