package plot

import (
	"image/color"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// Style tells lines apart. Themes make colours, dashes and markers of it.
type Style struct {
	// Color is the number of a colour, from 0. There are as many as a Theme's palette has; a
	// higher number begins anew with other dashes.
	Color int
	// Dashed marks the second line of a pair, such as training beside validation.
	Dashed bool
	// Thin and Faint lines stand back: single seeds behind their mean.
	Thin, Faint bool
	// Muted takes the colour of labels in place of Color.
	Muted bool
}

func (t *Theme) color(s Style) color.RGBA {
	c := t.Muted
	if !s.Muted {
		c = t.Palette[s.Color%len(t.Palette)]
	}
	if s.Faint {
		c = t.Faded(c, 0.35)
	}
	return c
}

// rounds are the dashes of the colours' first, second and third time, in points.
var rounds = [][]vg.Length{nil, {7, 2.5}, {7, 2, 1.5, 2}, {1.5, 2}}

func (t *Theme) line(s Style) draw.LineStyle {
	l := draw.LineStyle{Color: t.color(s), Width: 1.5, Dashes: rounds[s.Color/len(t.Palette)%len(rounds)]}
	if s.Dashed {
		l.Dashes = []vg.Length{3.5, 2}
	}
	if s.Dashed || s.Thin {
		l.Width = 1
	}
	return l
}

var shapes = []draw.GlyphDrawer{draw.CircleGlyph{}, draw.SquareGlyph{}, draw.PyramidGlyph{}, draw.RingGlyph{},
	draw.CrossGlyph{}, draw.BoxGlyph{}, draw.PlusGlyph{}, draw.TriangleGlyph{}}

// marked reports whether lines of a style have markers.
func (t *Theme) marked(s Style) bool { return t.Markers && !s.Thin && !s.Faint && !s.Muted }

// marker is the style of points.
func (t *Theme) marker(s Style) draw.GlyphStyle {
	shape := draw.GlyphDrawer(draw.CircleGlyph{})
	if t.Markers {
		shape = shapes[s.Color%len(shapes)]
	}
	return draw.GlyphStyle{Color: t.color(s), Radius: 2.2, Shape: shape}
}
