package plot

import (
	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// Text writes text that begins above the point (x, y), in a style's colour.
func (p *Panel) Text(x, y float64, text string, s Style) {
	p.items = append(p.items, item{x: []float64{x}, y: []float64{y},
		draw: func(t *Theme, p *Panel) []plot.Plotter {
			if !p.X.shows(x) || !p.Y.shows(y) {
				return nil
			}
			return []plot.Plotter{plotterFunc(func(c draw.Canvas, g *plot.Plot) {
				tx, ty := g.Transforms(&c)
				c.FillText(t.TextStyle(tickSize, t.color(s), false), vg.Point{X: tx(x), Y: ty(y) + 2}, text)
			})}
		},
	})
}

// Corner writes lines of text in the upper right corner of the panel, each in a style's colour.
func (p *Panel) Corner(text string, s Style) {
	p.corner = append(p.corner, cornerLine{text, s})
}

// cornerLine is a line in the corner of a panel.
type cornerLine struct {
	text  string
	style Style
}

// corners draws the lines in the corner.
func (p *Panel) corners(t *Theme) plot.Plotter {
	return plotterFunc(func(c draw.Canvas, _ *plot.Plot) {
		y := c.Max.Y
		for _, l := range p.corner {
			s := t.TextStyle(tickSize, t.color(l.style), false)
			s.XAlign = draw.XRight
			y -= tickSize + 2
			c.FillText(s, vg.Point{X: c.Max.X - 2, Y: y}, l.text)
		}
	})
}
