package plot

import (
	"bytes"
	"math"
	"testing"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
	"gonum.org/v1/plot/vg/vgsvg"
)

// bowl is x² + 10·y² on a grid of 5×4, with a hole where it says so.
func bowl(hole bool) *Field {
	f := &Field{X: []float64{-1, -0.5, 0, 0.5, 1}, Y: []float64{-1, 0, 1, 3}}
	for _, y := range f.Y {
		row := make([]float64, len(f.X))
		for i, x := range f.X {
			row[i] = x*x + 10*y*y
		}
		f.Values = append(f.Values, row)
	}
	if hole {
		f.Values[1][1] = math.NaN()
	}
	return f
}

// Between the values of the grid a field is linear in both directions.
func TestFieldAt(t *testing.T) {
	for _, c := range []struct{ x, y, want float64 }{
		{-1, -1, 11}, {1, 3, 91}, {0, 0, 0}, {0.25, 0, 0.125}, {0, 2, 50}, {0.75, 2, 50.625}, {-0.75, -0.5, 5.625},
	} {
		if got := bowl(false).at(c.x, c.y); math.Abs(got-c.want) > 1e-12 {
			t.Errorf("at %g, %g: %g, want %g", c.x, c.y, got, c.want)
		}
	}
	if v := bowl(true).at(-0.4, 0.1); v == v {
		t.Errorf("beside a hole: %g", v)
	}
}

func TestScalePosition(t *testing.T) {
	linear, log := &Scale{Min: 2, Max: 6}, &Scale{Min: 0.01, Max: 100, Log: true}
	for _, c := range []struct {
		s       *Scale
		v, want float64
	}{
		{linear, 2, 0}, {linear, 3, 0.25}, {linear, 9, 1}, {linear, -1, 0}, {&Scale{Min: 1, Max: 1}, 1, 0.5},
		{log, 1, 0.5}, {log, 10, 0.75}, {log, 0, 0}, {log, -3, 0}, {log, 1e9, 1},
	} {
		if got := c.s.position(c.v); math.Abs(got-c.want) > 1e-12 {
			t.Errorf("%g from %g to %g: %g, want %g", c.v, c.s.Min, c.s.Max, got, c.want)
		}
	}
	if got := log.position(math.Inf(1)); got == got {
		t.Errorf("of infinity: %g", got)
	}
}

// There is a facet between each four neighbours that are finite, and the one at the corner
// (−1, −1), where the eye is, is the nearest.
func TestFacets(t *testing.T) {
	s := &Scale{Min: 0, Max: 91}
	if n := len(facetsOf(bowl(false).positions(s))); n != 12 {
		t.Errorf("%d facets, want 4·3", n)
	}
	facets := facetsOf(bowl(true).positions(s))
	if len(facets) != 8 {
		t.Errorf("%d facets beside a hole, want 12 − 4", len(facets))
	}
	flat := facetsOf(&Field{X: []float64{0, 1, 2}, Y: []float64{0, 1, 2}, Values: [][]float64{{0, 0, 0}, {0, 0, 0}, {0, 0, 0}}})
	for i, q := range flat[1:] {
		if q.depth <= flat[0].depth || q.depth > flat[3].depth {
			t.Errorf("facet %d has depth %g, the nearest %g, the farthest %g", i+1, q.depth, flat[0].depth, flat[3].depth)
		}
	}
}

// The line of a bowl at a level is a closed one, each end twice, at the points with that value.
func TestContour(t *testing.T) {
	c := draw.New(vgsvg.New(100, 100))
	g := plot.New()
	g.X.Min, g.X.Max, g.Y.Min, g.Y.Max = -1, 1, -1, 1
	x, y := []float64{-1, -0.5, 0, 0.5, 1}, []float64{-1, -0.5, 0, 0.5, 1}
	f := &Field{X: x, Y: y}
	for _, v := range y {
		row := make([]float64, len(x))
		for i, u := range x {
			row[i] = math.Abs(u) + math.Abs(v)
		}
		f.Values = append(f.Values, row)
	}
	ends := map[vg.Point]int{}
	for _, step := range contour(c, g, f, 0.75) {
		ends[step.Pos]++
		if d := math.Abs(float64(step.Pos.X)-50) + math.Abs(float64(step.Pos.Y)-50); math.Abs(d-37.5) > 4 {
			t.Errorf("the line goes through %v", step.Pos)
		}
	}
	for p, n := range ends {
		if n != 2 {
			t.Errorf("%d lines end at %v", n, p)
		}
	}
	if len(ends) < 12 {
		t.Errorf("%d points", len(ends))
	}
}

// Contours and surfaces of a field are the same bytes each time, in both formats, and differ from
// each other.
func TestFieldPictures(t *testing.T) {
	s := &Scale{Label: "loss", Map: Viridis, Min: 0.1, Max: 91, Log: true}
	encode := func(add func(*Panel)) [2][]byte {
		p := &Panel{Title: "bowl", X: Axis{Label: "α"}, Y: Axis{Label: "β"}}
		add(p)
		f := &Figure{Panels: []*Panel{p}, Scale: s, Width: 300}
		png, err := f.PNG(Light)
		if err != nil {
			t.Fatal(err)
		}
		svg, err := f.SVG(Dark)
		if err != nil {
			t.Fatal(err)
		}
		return [2][]byte{png, svg}
	}
	contours := func(p *Panel) { p.Contours(bowl(true), s) }
	surface := func(p *Panel) { p.Surface(bowl(true), s) }
	for name, add := range map[string]func(*Panel){"contours": contours, "surface": surface} {
		first, again := encode(add), encode(add)
		for i := range first {
			if !bytes.Equal(first[i], again[i]) {
				t.Errorf("%s, format %d: other bytes the second time", name, i)
			}
		}
		if !bytes.Contains(first[1], []byte(">α</text>")) || !bytes.Contains(first[1], []byte(">bowl</text>")) {
			t.Errorf("%s: labels are missing", name)
		}
	}
	if n := bytes.Count(encode(surface)[1], []byte("<path")); n < 2*8 {
		t.Errorf("a surface of 8 facets has %d paths", n)
	}
}
