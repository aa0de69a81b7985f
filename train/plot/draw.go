package plot

import (
	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// draw draws the figure on a canvas of its size.
func (f *Figure) draw(canvas vg.CanvasSizer, t *Theme, l layout) {
	c := draw.New(canvas)
	c.SetColor(t.Background)
	c.Fill(c.Rectangle.Path())
	f.drawOn(c, t, l)
}

func (f *Figure) drawOn(c draw.Canvas, t *Theme, l layout) {
	if f.Below != nil {
		f.Below.drawOn(draw.Crop(c, 0, 0, 0, l.below.height-c.Size().Y), t, *l.below)
		c.Min.Y += l.below.height
	}
	c = draw.Crop(c, margin, -margin, margin, -margin)
	f.drawHead(c, t, l)
	c.Max.Y -= l.head
	if f.Custom != nil {
		f.Custom.Draw(c, t)
		return
	}
	if f.Scale != nil {
		width := f.Scale.width(t)
		f.Scale.draw(draw.Crop(c, c.Size().X-width+panelGap, 0, 0, 0), t, l.above)
		c.Max.X -= width
	}
	f.drawPanels(c, t, l)
}

func (f *Figure) drawHead(c draw.Canvas, t *Theme, l layout) {
	y := c.Max.Y
	for _, line := range l.title {
		c.FillText(t.figureTitle(), vg.Point{X: c.Min.X, Y: y - titleLine + 7}, line)
		y -= titleLine
	}
	for _, line := range l.note {
		c.FillText(t.note(), vg.Point{X: c.Min.X, Y: y - noteLine + 5}, line)
		y -= noteLine
	}
	c.Max.Y = y
	l.legend.draw(c)
}

// drawPanels draws the grid, with the data of all panels in line and their titles above.
func (f *Figure) drawPanels(c draw.Canvas, t *Theme, l layout) {
	x, y := f.spans()
	grid := make([][]*plot.Plot, l.rows)
	for r := range grid {
		grid[r] = make([]*plot.Plot, l.columns)
		for k := range grid[r] {
			i := r*l.columns + k
			if i >= len(f.Panels) || f.Panels[i] == nil {
				continue
			}
			here := l.room
			here.xLabels = !f.ShareX || i+l.columns >= len(f.Panels)
			here.yLabels = !f.ShareY || k == 0
			grid[r][k] = f.Panels[i].plot(t, x[i], y[i], here)
		}
	}
	tiles := draw.Tiles{Rows: l.rows, Cols: l.columns, PadX: panelGap, PadY: panelGap}
	tiles.PadTop = l.above
	tiles.PadY += tiles.PadTop
	style := t.panelTitle()
	style.XAlign = draw.XCenter
	for r, row := range plot.Align(grid, tiles, c) {
		for k, tile := range row {
			if g := grid[r][k]; g != nil {
				g.Draw(tile)
				data := g.DataCanvas(tile)
				lines := l.titles[r*l.columns+k]
				for i, line := range lines {
					above := vg.Length(len(lines)-1-i) * panelTitleLine
					c.FillText(style, vg.Point{X: data.Center().X, Y: data.Max.Y + 6 + above}, line)
				}
			}
		}
	}
}

// spans are the ranges of the panels' data, or of all together if they share an axis.
func (f *Figure) spans() (x, y []span) {
	x, y = make([]span, len(f.Panels)), make([]span, len(f.Panels))
	allX, allY := noSpan(), noSpan()
	for i, p := range f.Panels {
		if p != nil {
			x[i], y[i] = p.spans()
			allX.union(x[i])
			allY.union(y[i])
		}
	}
	for i := range f.Panels {
		if f.ShareX {
			x[i] = allX
		}
		if f.ShareY {
			y[i] = allY
		}
	}
	return x, y
}
