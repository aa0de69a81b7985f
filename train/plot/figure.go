package plot

import (
	"fmt"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// Figure is a picture: one or more panels in a grid, below a title and a legend.
type Figure struct {
	Title string
	// Note is a line below the title: what the numbers are of.
	Note string
	// Panels fill the rows of the grid from the left. A nil leaves a place empty.
	Panels []*Panel
	// Columns of the grid; 0 for one, or two if there is more than one panel.
	Columns int
	// Width in pixels of 1/96 inch; 0 for DefaultWidth. The height follows from it.
	Width int
	// Aspect is the height of a panel's data by its width; 0 for 0.62. Height, if it is not 0,
	// is the height itself, in points: 72 of them are 96 pixels.
	Aspect, Height float64
	// ShareX and ShareY give all panels the same range, and labels only to the outer ones.
	ShareX, ShareY bool
	// Scale is a bar to the right that tells which colour is which value.
	Scale *Scale
	// Below is another figure under this one, of the same width, with its own grid, legend and
	// scale.
	Below *Figure
	// Custom draws the figure's contents in place of panels, if it is not nil: height is
	// theirs in points for a width in points.
	Custom interface {
		Height(width vg.Length, t *Theme) vg.Length
		Draw(c draw.Canvas, t *Theme)
	}
}

// Sizes of pictures in pixels: DefaultWidth is that of a README.
const (
	DefaultWidth = 800
	MinWidth     = 240
	MaxWidth     = 4000
)

// check is an error if there is nothing to draw, or too much.
func (f *Figure) check() error {
	if f.Width != 0 && (f.Width < MinWidth || f.Width > MaxWidth) {
		return fmt.Errorf("a picture of width %d: choose a width from %d to %d pixels", f.Width, MinWidth, MaxWidth)
	}
	switch {
	case f.Custom == nil && len(f.panels()) == 0:
		return fmt.Errorf("the picture %q has no panel", f.Title)
	case f.Below != nil:
		return f.Below.check()
	}
	return nil
}

// panels are those that are not nil.
func (f *Figure) panels() []*Panel {
	var all []*Panel
	for _, p := range f.Panels {
		if p != nil {
			all = append(all, p)
		}
	}
	return all
}
