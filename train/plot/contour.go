package plot

import (
	"image/color"
	"math"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// contourLevels is the number of lines between the ends of a scale.
const contourLevels = 14

// Contours adds a field as colours of a scale, with lines where it has the same value, at equal
// distances on the scale. Values that are not finite have no colour.
func (p *Panel) Contours(f *Field, s *Scale) {
	const pixels = 160 // across, between which nobody sees a step
	at := f.positions(s)
	x, y := [2]float64{f.X[0], f.X[len(f.X)-1]}, [2]float64{f.Y[0], f.Y[len(f.Y)-1]}
	p.HeatMap(HeatMap{
		Rows: pixels, Columns: pixels, Map: s.Map, Min: 0, Max: 1, X: &x, Y: &y,
		At: func(r, c int) float64 {
			return at.at(x[0]+(x[1]-x[0])*(float64(c)+0.5)/pixels, y[0]+(y[1]-y[0])*(float64(r)+0.5)/pixels)
		},
	})
	p.items = append(p.items, item{draw: func(*Theme, *Panel) []plot.Plotter {
		return []plot.Plotter{plotterFunc(func(c draw.Canvas, g *plot.Plot) {
			for i := 1; i <= contourLevels; i++ {
				level := float64(i) / (contourLevels + 1)
				line := color.NRGBA{0, 0, 0, 0x80}
				if dark(s.Map.At(level)) {
					line = color.NRGBA{0xff, 0xff, 0xff, 0xa0}
				}
				c.SetLineStyle(draw.LineStyle{Color: line, Width: 0.5})
				c.Stroke(contour(c, g, at, level))
			}
		})}
	}})
}

// contour is the line of a field at a level: in each cell of the grid from edge to edge of the four
// triangles that its middle makes with the corners, so that there is no cell with two answers.
// gonum/plot's contours come in another order each time.
func contour(c draw.Canvas, g *plot.Plot, f *Field, level float64) (line vg.Path) {
	tx, ty := g.Transforms(&c)
	for j := range len(f.Y) - 1 {
		for i := range len(f.X) - 1 {
			corner := func(k int) point3 {
				x, y := i+k%4/2, j+(k+1)%4/2
				return point3{f.X[x], f.Y[y], f.Values[y][x]}
			}
			var middle point3
			for k := range 4 {
				p := corner(k)
				middle = point3{middle.x + p.x/4, middle.y + p.y/4, middle.z + p.z/4}
			}
			if math.IsNaN(middle.z) {
				continue
			}
			for k := range 4 {
				if a, b, ok := crossing([3]point3{middle, corner(k), corner(k + 1)}, level); ok {
					line.Move(vg.Point{X: tx(a.x), Y: ty(a.y)})
					line.Line(vg.Point{X: tx(b.x), Y: ty(b.y)})
				}
			}
		}
	}
	return line
}

// crossing is where a level of z enters and leaves a triangle.
func crossing(t [3]point3, level float64) (a, b point3, ok bool) {
	var ends []point3
	for k, p := range t {
		q := t[(k+1)%3]
		if (p.z < level) != (q.z < level) {
			u := (level - p.z) / (q.z - p.z)
			ends = append(ends, point3{p.x + u*(q.x-p.x), p.y + u*(q.y-p.y), level})
		}
	}
	if len(ends) != 2 {
		return a, b, false
	}
	return ends[0], ends[1], true
}
