package plot

import (
	"errors"
	"fmt"

	"gonum.org/v1/plot"
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
	// Aspect is the height of a panel's data by its width; 0 for 0.62.
	Aspect float64
	// ShareX and ShareY give all panels the same range, and labels only to the outer ones.
	ShareX, ShareY bool
	// Scale is a bar to the right that tells which colour is which value.
	Scale *Scale
	// Custom draws the figure's contents in place of panels, if it is not nil: height is
	// theirs in points for a width in points.
	Custom interface {
		Height(width vg.Length, t *Theme) vg.Length
		Draw(c draw.Canvas, t *Theme)
	}
}

// Scale is the meaning of colours.
type Scale struct {
	Label    string
	Map      Colormap
	Min, Max float64
}

// Sizes of pictures in pixels: DefaultWidth is that of a README.
const (
	DefaultWidth = 800
	MinWidth     = 240
	MaxWidth     = 4000
)

// Lengths in points.
const (
	margin     vg.Length = 10
	panelGap   vg.Length = 12
	titleLine  vg.Length = 18
	noteLine   vg.Length = 13
	scaleWidth vg.Length = 62
	// axisSpace is about what ticks and labels take beside and below the data.
	axisSpace vg.Length = 38
)

// check is an error if there is nothing to draw, or too much.
func (f *Figure) check() error {
	if f.Width != 0 && (f.Width < MinWidth || f.Width > MaxWidth) {
		return fmt.Errorf("a picture of width %d: choose a width from %d to %d pixels", f.Width, MinWidth, MaxWidth)
	}
	if f.Custom != nil {
		return nil
	}
	for _, p := range f.Panels {
		if p != nil {
			return nil
		}
	}
	return errors.New("the picture has no panel")
}

// layout is where everything lies, in points.
type layout struct {
	width, height vg.Length
	legend        legend
	head          vg.Length // height of title, note and legend
	rows, columns int
	room          room // of each panel
}

func (f *Figure) layout(t *Theme) layout {
	l := layout{width: vg.Length(f.Width) * 72 / 96}
	if f.Width == 0 {
		l.width = DefaultWidth * 72 / 96
	}
	inner := l.width - 2*margin
	if f.Title != "" {
		l.head += titleLine
	}
	if f.Note != "" {
		l.head += noteLine
	}
	l.legend = newLegend(t, f.panels(), inner)
	if h := l.legend.height(); h > 0 {
		l.head += h + 4
	}
	if l.head > 0 {
		l.head += 6
	}
	if f.Custom != nil {
		l.height = l.head + f.Custom.Height(inner, t) + 2*margin
		return l
	}
	n := len(f.Panels)
	if l.columns = f.Columns; l.columns == 0 {
		l.columns = min(n, 2)
	}
	l.columns = min(l.columns, n)
	l.rows = (n + l.columns - 1) / l.columns
	if f.Scale != nil {
		inner -= scaleWidth
	}
	aspect := f.Aspect
	if aspect == 0 {
		aspect = 0.62
	}
	l.room.width = (inner-vg.Length(l.columns-1)*panelGap)/vg.Length(l.columns) - f.beside(func(p *Panel) bool { return p.Y.Hidden })
	l.room.height = max(l.room.width*vg.Length(aspect), 30)
	row := l.room.height + f.beside(func(p *Panel) bool { return p.X.Hidden })
	if f.titled() {
		row += panelTitleSize + 6
	}
	l.height = l.head + vg.Length(l.rows)*row + vg.Length(l.rows-1)*panelGap + 2*margin
	return l
}

// beside is about the room that axes take, none if they are hidden.
func (f *Figure) beside(hidden func(*Panel) bool) vg.Length {
	for _, p := range f.panels() {
		if !hidden(p) {
			return axisSpace
		}
	}
	return 0
}

func (f *Figure) titled() bool {
	for _, p := range f.panels() {
		if p.Title != "" {
			return true
		}
	}
	return false
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

// draw draws the figure on a canvas of its size.
func (f *Figure) draw(canvas vg.CanvasSizer, t *Theme, l layout) {
	c := draw.New(canvas)
	c.SetColor(t.Background)
	c.Fill(c.Rectangle.Path())
	c = draw.Crop(c, margin, -margin, margin, -margin)
	f.drawHead(c, t, l)
	c.Max.Y -= l.head
	if f.Custom != nil {
		f.Custom.Draw(c, t)
		return
	}
	if f.Scale != nil {
		f.Scale.draw(draw.Crop(c, c.Max.X-c.Min.X-scaleWidth+panelGap, 0, 0, 0), t, f.titled())
		c.Max.X -= scaleWidth
	}
	f.drawPanels(c, t, l)
}

func (f *Figure) drawHead(c draw.Canvas, t *Theme, l layout) {
	y := c.Max.Y
	if f.Title != "" {
		c.FillText(t.TextStyle(figureTitleSize, t.Text, true), vg.Point{X: c.Min.X, Y: y - titleLine + 7}, f.Title)
		y -= titleLine
	}
	if f.Note != "" {
		c.FillText(t.TextStyle(labelSize, t.Muted, false), vg.Point{X: c.Min.X, Y: y - noteLine + 5}, f.Note)
		y -= noteLine
	}
	c.Max.Y = y
	l.legend.draw(c)
}

// drawPanels draws the grid, with the data of all panels in line.
func (f *Figure) drawPanels(c draw.Canvas, t *Theme, l layout) {
	x, y := make([]span, len(f.Panels)), make([]span, len(f.Panels))
	allX, allY := noSpan(), noSpan()
	for i, p := range f.Panels {
		if p != nil {
			x[i], y[i] = p.spans()
			allX.union(x[i])
			allY.union(y[i])
		}
	}
	grid := make([][]*plot.Plot, l.rows)
	for r := range grid {
		grid[r] = make([]*plot.Plot, l.columns)
		for k := range grid[r] {
			i := r*l.columns + k
			if i >= len(f.Panels) || f.Panels[i] == nil {
				continue
			}
			here := l.room
			here.xLabels, here.yLabels = true, true
			if f.ShareX {
				x[i] = allX
				here.xLabels = i+l.columns >= len(f.Panels)
			}
			if f.ShareY {
				y[i] = allY
				here.yLabels = k == 0
			}
			grid[r][k] = f.Panels[i].plot(t, x[i], y[i], here)
		}
	}
	tiles := draw.Tiles{Rows: l.rows, Cols: l.columns, PadX: panelGap, PadY: panelGap}
	for r, row := range plot.Align(grid, tiles, c) {
		for k, tile := range row {
			if grid[r][k] != nil {
				grid[r][k].Draw(tile)
			}
		}
	}
}
