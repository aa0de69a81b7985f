package plot

import (
	"gonum.org/v1/plot"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/vg/draw"
)

// dress gives an axis the fonts and colours of the theme and keeps how its text is aligned.
func (t *Theme) dress(a *plot.Axis) {
	x, y := a.Label.TextStyle, a.Tick.Label
	a.Label.TextStyle = t.TextStyle(labelSize, t.Text, false)
	a.Label.TextStyle.XAlign, a.Label.TextStyle.YAlign = x.XAlign, x.YAlign
	a.Label.Padding = 3
	a.Tick.Label = t.TextStyle(tickSize, t.Muted, false)
	a.Tick.Label.XAlign, a.Tick.Label.YAlign = y.XAlign, y.YAlign
	a.Tick.LineStyle = draw.LineStyle{Color: t.Muted, Width: 0.5}
	a.Tick.Length = 3
	a.LineStyle = draw.LineStyle{Color: t.Muted, Width: 0.5}
	a.Padding = 0
}

// hide leaves out an axis, or the text at it where the panel beside it has the same.
func hide(a *plot.Axis, all, labels bool) {
	if all {
		a.Label.Text, a.Width, a.Tick.Width, a.Tick.Length = "", 0, 0, 0
		a.Tick.Marker = plot.ConstantTicks(nil)
		return
	}
	if labels {
		return
	}
	a.Label.Text = ""
	marker := a.Tick.Marker
	a.Tick.Marker = plot.TickerFunc(func(lo, hi float64) []plot.Tick {
		ticks := marker.Ticks(lo, hi)
		for i := range ticks {
			if ticks[i].Label != "" {
				ticks[i].Label = " " // a tick of full length, and a line of the grid
			}
		}
		return ticks
	})
}

func (t *Theme) grid() plot.Plotter {
	g := plotter.NewGrid()
	g.Vertical = draw.LineStyle{Color: t.Grid, Width: 0.5}
	g.Horizontal = g.Vertical
	return g
}

// message is text in the middle of a panel that has nothing else to show.
type message struct {
	theme *Theme
	text  string
}

func (m message) Plot(c draw.Canvas, _ *plot.Plot) {
	s := m.theme.TextStyle(labelSize, m.theme.Muted, false)
	s.XAlign, s.YAlign = draw.XCenter, draw.YCenter
	c.FillText(s, c.Center(), m.text)
}
