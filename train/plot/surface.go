package plot

import (
	"cmp"
	"image/color"
	"math"
	"slices"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// Surface adds a field as a surface in perspective, its height and colours by a scale, in place of
// the panel's axes, whose labels it takes. Values that are not finite leave a hole.
func (p *Panel) Surface(f *Field, s *Scale) {
	p.NoGrid, p.Tight, p.X.Hidden, p.Y.Hidden = true, true, true, true
	x, y := p.X.Label, p.Y.Label
	p.X.Label, p.Y.Label = "", ""
	p.items = append(p.items, item{x: []float64{0, 1}, y: []float64{0, 1}, draw: func(t *Theme, _ *Panel) []plot.Plotter {
		return []plot.Plotter{plotterFunc(func(c draw.Canvas, _ *plot.Plot) {
			v := newView(c)
			v.drawBox(c, t, f, s, x, y)
			v.drawSurface(c, f.positions(s), s.Map)
		})}
	}})
}

// SurfaceAspect is the height of a surface by its width, for Figure.Aspect.
const SurfaceAspect = 0.8

// point3 is a point of the box [−1, 1]×[−1, 1]×[0, boxHeight].
type point3 struct{ x, y, z float64 }

// The box and the eye, which looks at it from the corner (−1, −1), from above.
const (
	boxHeight = 1.2
	azimuth   = 0.62 // radians by which the box is turned around its vertical axis
	elevation = 0.5  // radians of the eye above the floor
	distance  = 5.5  // of the eye from the middle of the box
)

// turned is a point as the eye sees it: x to the right, y away from it, z up.
func turned(p point3) point3 {
	sin, cos := math.Sincos(azimuth)
	x, y, z := cos*p.x-sin*p.y, sin*p.x+cos*p.y, p.z-boxHeight/2
	sin, cos = math.Sincos(elevation)
	return point3{x, cos*y - sin*z, sin*y + cos*z}
}

// view draws points of the box on a canvas.
type view struct {
	scale  vg.Length
	center vg.Point // of the canvas
	middle vg.Point // of the box, in perspective
}

// newView is the view that fills a canvas but for the room of labels.
func newView(c draw.Canvas) view {
	v := view{scale: 1}
	inf := vg.Length(math.Inf(1))
	lo, hi := vg.Point{X: inf, Y: inf}, vg.Point{X: -inf, Y: -inf}
	for _, x := range []float64{-1, 1} {
		for _, y := range []float64{-1, 1} {
			for _, z := range []float64{0, boxHeight} {
				at := v.point(point3{x, y, z})
				lo.X, lo.Y = min(lo.X, at.X), min(lo.Y, at.Y)
				hi.X, hi.Y = max(hi.X, at.X), max(hi.Y, at.Y)
			}
		}
	}
	const labels = 18 // points on the sides and below
	size := c.Size()
	v.scale = max(min((size.X-2*labels)/(hi.X-lo.X), (size.Y-labels)/(hi.Y-lo.Y)), 1)
	v.middle = vg.Point{X: (lo.X + hi.X) / 2, Y: (lo.Y + hi.Y) / 2}
	v.center = c.Center()
	v.center.Y += labels / 2
	return v
}

// point is where a point of the box is drawn.
func (v view) point(p point3) vg.Point {
	t := turned(p)
	near := distance / (distance + t.y)
	return vg.Point{
		X: v.center.X + v.scale*(vg.Length(t.x*near)-v.middle.X),
		Y: v.center.Y + v.scale*(vg.Length(t.z*near)-v.middle.Y),
	}
}

// facet is a part of the surface between four points of the grid.
type facet struct {
	corners [4]point3
	value   float64 // from 0 to 1
	depth   float64 // how far it is away
}

// drawSurface draws the facets from the farthest to the nearest, so that near ones hide those
// behind them (the painter's algorithm, Newell, Newell and Sancha 1972).
func (v view) drawSurface(c draw.Canvas, f *Field, m Colormap) {
	facets := facetsOf(f)
	slices.SortStableFunc(facets, func(a, b facet) int { return cmp.Compare(b.depth, a.depth) })
	for _, q := range facets {
		outline := make([]vg.Point, 4)
		for i, p := range q.corners {
			outline[i] = v.point(p)
		}
		fill := shaded(m.At(q.value), q.light())
		c.FillPolygon(fill, outline)
		c.StrokeLines(draw.LineStyle{Color: shaded(fill, 0.78), Width: 0.25}, append(outline, outline[0]))
	}
}

// facetsOf are the facets of a field of positions, without those that have a corner that is not
// finite.
func facetsOf(f *Field) []facet {
	place := func(i, j int) point3 {
		across := func(v []float64, k int) float64 { return 2*(v[k]-v[0])/(v[len(v)-1]-v[0]) - 1 }
		return point3{across(f.X, i), across(f.Y, j), boxHeight * f.Values[j][i]}
	}
	var all []facet
	for j := range len(f.Y) - 1 {
		for i := range len(f.X) - 1 {
			q := facet{corners: [4]point3{place(i, j), place(i+1, j), place(i+1, j+1), place(i, j+1)}}
			for _, p := range q.corners {
				q.value += p.z / boxHeight / 4
				q.depth += turned(p).y / 4
			}
			if !math.IsNaN(q.value) {
				all = append(all, q)
			}
		}
	}
	return all
}

// light is how much of its colour a facet shows, by how it lies to a lamp above on the left.
func (q facet) light() float64 {
	a, b := minus(q.corners[2], q.corners[0]), minus(q.corners[3], q.corners[1])
	n := point3{a.y*b.z - a.z*b.y, a.z*b.x - a.x*b.z, a.x*b.y - a.y*b.x}
	lamp := point3{-0.55, 0.1, 0.83}
	cos := (n.x*lamp.x + n.y*lamp.y + n.z*lamp.z) / math.Sqrt(n.x*n.x+n.y*n.y+n.z*n.z)
	return 0.72 + 0.28*max(cos, 0)
}

func minus(a, b point3) point3 { return point3{a.x - b.x, a.y - b.y, a.z - b.z} }

// shaded is a colour with a part of its light.
func shaded(c color.RGBA, light float64) color.RGBA { return Mix(rgb(0), c, light) }
