package plot

import (
	"image"
	"image/color"
	"math"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// HeatMap is a matrix whose values are shown as colours.
type HeatMap struct {
	// Rows and Columns are its size, and At its values; At is not called outside.
	Rows, Columns int
	At            func(row, column int) float64
	// Map gives colours to the values from Min to Max. With Log equal steps of colour are equal
	// factors. Values that have no colour, those that are not finite and with Log those that are
	// not above 0, have cells of Theme.Grid.
	Map      Colormap
	Min, Max float64
	Log      bool
	// X and Y are the coordinates of the outer edges; if nil, the middles of columns and rows
	// are at 0, 1, 2, …
	X, Y *[2]float64
	// Down puts row 0 at the top, as matrices and pictures are written.
	Down bool
	// Text is what is written on a cell; nil for nothing. It is left out if it has no room.
	Text func(row, column int) string
}

// HeatMap adds a heat map. Its axes are as long as it.
func (p *Panel) HeatMap(h HeatMap) {
	x, y := edges(h.X, h.Columns), edges(h.Y, h.Rows)
	p.NoGrid, p.Tight = true, true
	if h.Down {
		p.Y.Names = reversed(p.Y.Names)
	}
	p.items = append(p.items, item{x: x[:], y: y[:], draw: func(t *Theme, _ *Panel) []plot.Plotter {
		img := image.NewRGBA(image.Rect(0, 0, h.Columns, h.Rows))
		for r := range h.Rows {
			for c := range h.Columns {
				if color, ok := h.colorOf(r, c); ok {
					img.SetRGBA(c, h.line(r), color)
				}
			}
		}
		all := []plot.Plotter{raster{img, x, y}}
		if !img.Opaque() { // the theme's colour lies below, so that the raster is every theme's
			all = []plot.Plotter{rectangle{t.Grid, x, y}, all[0]}
		}
		if h.Text != nil {
			all = append(all, h.texts(t, x, y))
		}
		return all
	}})
}

// Image adds a picture that covers the coordinates from 0 to its width and height, whose pixels
// stay sharp squares.
func (p *Panel) Image(img image.Image) {
	b := img.Bounds()
	x, y := [2]float64{0, float64(b.Dx())}, [2]float64{0, float64(b.Dy())}
	p.NoGrid, p.Tight, p.X.Hidden, p.Y.Hidden = true, true, true, true
	p.items = append(p.items, item{x: x[:], y: y[:], draw: func(*Theme, *Panel) []plot.Plotter {
		return []plot.Plotter{raster{img, x, y}}
	}})
}

func edges(given *[2]float64, n int) [2]float64 {
	if given != nil {
		return *given
	}
	return [2]float64{-0.5, float64(n) - 0.5}
}

// line is the line of pixels, from the top, that shows a row.
func (h *HeatMap) line(row int) int {
	if h.Down {
		return row
	}
	return h.Rows - 1 - row
}

// colorOf is the colour of a cell; false if its value has none.
func (h *HeatMap) colorOf(row, column int) (color.RGBA, bool) {
	v, lo, hi := h.At(row, column), h.Min, h.Max
	if h.Log {
		v, lo, hi = math.Log(v), math.Log(lo), math.Log(hi)
	}
	switch {
	case v-v != 0:
		return color.RGBA{}, false
	case hi > lo:
		return h.Map.At((v - lo) / (hi - lo)), true
	}
	return h.Map.At(0.5), true
}

// texts writes on cells, black or white on colours of the map.
func (h *HeatMap) texts(t *Theme, x, y [2]float64) plot.Plotter {
	return plotterFunc(func(c draw.Canvas, g *plot.Plot) {
		tx, ty := g.Transforms(&c)
		if !h.fits(t, c.Size()) {
			return
		}
		for r := range h.Rows {
			for k := range h.Columns {
				text := h.Text(r, k)
				s := t.TextStyle(tickSize, color.Black, false)
				if below, ok := h.colorOf(r, k); !ok {
					s.Color = t.Text
				} else if dark(below) {
					s.Color = color.White
				}
				s.XAlign, s.YAlign = draw.XCenter, draw.YCenter
				c.FillText(s, vg.Point{
					X: tx(x[0] + (x[1]-x[0])*(float64(k)+0.5)/float64(h.Columns)),
					Y: ty(y[1] - (y[1]-y[0])*(float64(h.line(r))+0.5)/float64(h.Rows)),
				}, text)
			}
		}
	})
}

// fits reports whether all texts have room on their cells.
func (h *HeatMap) fits(t *Theme, all vg.Point) bool {
	s := t.TextStyle(tickSize, color.Black, false)
	for r := range h.Rows {
		for k := range h.Columns {
			if s.Width(h.Text(r, k))+2 > all.X/vg.Length(h.Columns) {
				return false
			}
		}
	}
	return tickSize+1 <= all.Y/vg.Length(h.Rows)
}

// rectangle is an area of one colour.
type rectangle struct {
	color color.RGBA
	x, y  [2]float64
}

func (r rectangle) Plot(c draw.Canvas, g *plot.Plot) {
	c.SetColor(r.color)
	c.Fill(area(c, g, r.x, r.y).Path())
}

// area is where the coordinates from x[0] to x[1] and from y[0] to y[1] are on a canvas.
func area(c draw.Canvas, g *plot.Plot, x, y [2]float64) vg.Rectangle {
	tx, ty := g.Transforms(&c)
	return vg.Rectangle{Min: vg.Point{X: tx(x[0]), Y: ty(y[0])}, Max: vg.Point{X: tx(x[1]), Y: ty(y[1])}}
}

// raster draws a picture whose pixels stay sharp.
type raster struct {
	img  image.Image
	x, y [2]float64
}

func (r raster) Plot(c draw.Canvas, g *plot.Plot) {
	area, b := area(c, g, r.x, r.y), r.img.Bounds()
	// Canvases smooth what they enlarge: three pixels a point leave them little to do.
	times := int(3*area.Size().X/vg.Length(b.Dx())) + 1
	for times > 1 && times*times*b.Dx()*b.Dy() > maxRaster {
		times--
	}
	c.DrawImage(area, enlarged(r.img, times))
}

// maxRaster is the most pixels that a picture is enlarged to.
const maxRaster = 1 << 24

// enlarged repeats each pixel in both directions.
func enlarged(img image.Image, times int) image.Image {
	b := img.Bounds()
	large := image.NewRGBA(image.Rect(0, 0, b.Dx()*times, b.Dy()*times))
	for y := range large.Rect.Dy() {
		for x := range large.Rect.Dx() {
			large.Set(x, y, img.At(b.Min.X+x/times, b.Min.Y+y/times))
		}
	}
	return large
}

func reversed(names []string) []string {
	var r []string
	for i := len(names) - 1; i >= 0; i-- {
		r = append(r, names[i])
	}
	return r
}
