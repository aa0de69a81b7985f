package plot

import (
	"math"

	"gonum.org/v1/plot/text"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// drawBox draws the floor and the back walls of the box around a surface, with lines at the ticks of
// its axes and their labels: of x at the front edge to the right, of y at that to the left, of the
// scale at the left corner.
func (v view) drawBox(c draw.Canvas, t *Theme, f *Field, s *Scale, x, y string) {
	grid := draw.LineStyle{Color: t.Grid, Width: 0.5}
	line := func(style draw.LineStyle, points ...point3) {
		at := make([]vg.Point, len(points))
		for i, p := range points {
			at[i] = v.point(p)
		}
		c.StrokeLines(style, at)
	}
	heights := Axis{Log: s.Log}
	heights.eachTick(s.Min, s.Max, 5, func(value float64, label string) {
		z := boxHeight * s.position(value)
		line(grid, point3{-1, 1, z}, point3{1, 1, z}, point3{1, -1, z})
		v.label(c, t, label, point3{-1.1, 1, z}, draw.XRight)
	})
	floorTicks(f.X, func(at float64, label string) {
		line(grid, point3{at, -1, 0}, point3{at, 1, 0}, point3{at, 1, boxHeight})
		v.label(c, t, label, point3{at, -1.16, 0}, draw.XCenter)
	})
	floorTicks(f.Y, func(at float64, label string) {
		line(grid, point3{-1, at, 0}, point3{1, at, 0}, point3{1, at, boxHeight})
		v.label(c, t, label, point3{-1.16, at, 0}, draw.XCenter)
	})
	edge := draw.LineStyle{Color: t.Muted, Width: 0.5}
	line(edge, point3{-1, 1, boxHeight}, point3{-1, 1, 0}, point3{-1, -1, 0}, point3{1, -1, 0})
	v.label(c, t, x, point3{0.25, -1.32, 0}, draw.XCenter)
	v.label(c, t, y, point3{-1.32, 0.25, 0}, draw.XCenter)
}

// floorTicks calls f with the places of an axis' ticks on the floor, from −1 to 1, and their labels,
// which are empty at the ends, where those of two axes meet.
func floorTicks(values []float64, f func(at float64, label string)) {
	lo, hi := values[0], values[len(values)-1]
	var floor Axis
	floor.eachTick(lo, hi, 4, func(value float64, label string) {
		at := 2*(value-lo)/(hi-lo) - 1
		if math.Abs(at) > 0.95 {
			label = ""
		}
		f(at, label)
	})
}

// eachTick calls f with the ticks of an axis from lo to hi that have a label.
func (a *Axis) eachTick(lo, hi float64, count int, f func(value float64, label string)) {
	ticks := linearTicks(lo, hi, count, false)
	if a.Log {
		ticks = logTicks(lo, hi, count)
	}
	for _, tick := range ticks {
		if tick.Label != "" && tick.Value >= lo && tick.Value <= hi {
			f(tick.Value, tick.Label)
		}
	}
}

// label writes text at a point outside of the box.
func (v view) label(c draw.Canvas, t *Theme, name string, at point3, align text.XAlignment) {
	style := t.TextStyle(tickSize, t.Muted, false)
	style.XAlign, style.YAlign = align, draw.YCenter
	c.FillText(style, v.point(at), name)
}
