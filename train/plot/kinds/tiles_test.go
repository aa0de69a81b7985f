package kinds

import (
	"image"
	"image/color"
	"math"
	"testing"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/train/plot"
)

var (
	red, blue, clear = color.RGBA{255, 0, 0, 255}, color.RGBA{0, 0, 255, 255}, color.RGBA{}
)

func TestTilesLieSideBySide(t *testing.T) {
	whole := func(c color.RGBA) []color.RGBA { return []color.RGBA{c, c, c, c} }
	g := &tiles{maps: [][]color.RGBA{whole(red), whole(blue), whole(red)}, h: 2, w: 2, columns: 2}
	img := g.draw()
	times, gap := g.pixels()
	side := 2 * times
	if want := 2*side + gap; img.Rect.Dx() != want || img.Rect.Dy() != want || gap < 1 || gap > side/10 {
		t.Fatalf("%v with gaps of %d, want %d × %d", img.Rect, gap, want, want)
	}
	for _, c := range []struct {
		x, y int
		want color.RGBA
	}{{0, 0, red}, {side - 1, side - 1, red}, {side, 0, clear}, {side + gap, 0, blue}, {0, side + gap, red}, {side + gap, side + gap, clear}} {
		if got := img.RGBAAt(c.x, c.y); got != c.want {
			t.Errorf("pixel %d, %d is %v, want %v", c.x, c.y, got, c.want)
		}
	}
}

func TestTilesFitTheirArea(t *testing.T) {
	for _, c := range []struct {
		n       int
		aspect  float64
		columns int
	}{{8, 0.5, 4}, {8, 2, 2}, {1, 0.5, 1}, {64, 1, 8}, {6, 0.01, 6}} {
		g := &tiles{maps: make([][]color.RGBA, c.n), h: 20, w: 20}
		if filled := g.fit(c.aspect); g.columns != c.columns || filled <= 0 || filled > 1.0001 {
			t.Errorf("%d maps in an area of aspect %g: %d columns that fill %.2f of it, want %d", c.n, c.aspect, g.columns, filled, c.columns)
		}
	}
	square := &tiles{maps: make([][]color.RGBA, 9), h: 20, w: 20}
	if a := bestAspect([]*tiles{square}); math.Abs(a-1) > 0.01 {
		t.Errorf("nine square maps go best into an area of aspect %g, want 1", a)
	}
}

func TestPaddedPicturesKeepTheirPixels(t *testing.T) {
	img := image.NewRGBA(image.Rect(0, 0, 4, 2))
	img.SetRGBA(0, 0, red)
	for _, c := range []struct {
		aspect     float64
		w, h, x, y int
	}{{1, 4, 4, 0, 1}, {0.5, 4, 2, 0, 0}, {0.25, 8, 2, 2, 0}} {
		p := padded(img, c.aspect)
		if p.Rect.Dx() != c.w || p.Rect.Dy() != c.h || p.RGBAAt(c.x, c.y) != red {
			t.Errorf("aspect %g: %v with %v at %d, %d; want %d × %d and red", c.aspect, p.Rect, p.RGBAAt(c.x, c.y), c.x, c.y, c.w, c.h)
		}
	}
}

func TestSignedColours(t *testing.T) {
	nan := float32(math.NaN())
	m := plot.Diverging
	for i, want := range []color.RGBA{m.At(0), m.At(0.5), m.At(0.75), m.At(1), missing} {
		if got := diverging([]float32{-2, 0, 1, 2, nan}, 2)[i]; got != want {
			t.Errorf("number %d is %v, want %v", i, got, want)
		}
	}
	if got := diverging([]float32{0}, largest([]float32{0, nan}))[0]; got != m.At(0.5) {
		t.Errorf("0 of nothing but 0 is %v", got)
	}
	if got, want := coloured([]float32{-1, 0, 0, 1, 1, 0}, 1), []color.RGBA{{0, 128, 255, 255}, {128, 255, 128, 255}}; got[0] != want[0] || got[1] != want[1] {
		t.Errorf("a kernel in colour is %v, want %v", got, want)
	}
	if got := coloured([]float32{nan, 2, -2}, 2); got[0] != missing {
		t.Errorf("a kernel in colour with NaN is %v", got)
	}
}

func TestBilinearMeetsTheMiddlesOfPixels(t *testing.T) {
	v := []float32{0, 1, 2, 3} // 2 × 2
	for _, c := range []struct{ y, x, want float64 }{{0.25, 0.25, 0}, {0.25, 0.75, 1}, {0.75, 0.25, 2}, {0.5, 0.5, 1.5}, {0, 0, 0}, {1, 1, 3}} {
		if got := bilinear(v, 2, 2, c.y, c.x); math.Abs(got-c.want) > 1e-12 {
			t.Errorf("at %g, %g: %g, want %g", c.y, c.x, got, c.want)
		}
	}
	if got := bilinear([]float32{5}, 1, 1, 0.9, 0.1); got != 5 {
		t.Errorf("of a single number: %g, want 5", got)
	}
}

// Of the channels the gradient of the largest magnitude counts, with its sign.
func TestGradientOfColour(t *testing.T) {
	g := &nn.Tensor{Shape: []int{1, 3, 1, 2}, Data: []float32{1, 0, -4, 1, 2, 2}}
	img := gradientPicture(g, 0)
	if left, right := img.RGBAAt(0, 0), img.RGBAAt(img.Rect.Dx()-1, 0); left != plot.Diverging.At(0) || right != plot.Diverging.At(0.75) {
		t.Errorf("colours %v and %v, want those of −4 and 2 of ±4", left, right)
	}
}

// Where the map is 0 the picture is seen as it is, in grey; where it is largest it is hot.
func TestOverlay(t *testing.T) {
	under := image.NewGray(image.Rect(0, 0, 2, 1))
	under.Pix = []byte{100, 100}
	img := overlay(under, &nn.Tensor{Shape: []int{1, 1, 2}, Data: []float32{0, 3}}, 0)
	left, right := img.RGBAAt(0, 0), img.RGBAAt(img.Rect.Dx()-1, 0)
	if want := (color.RGBA{100, 100, 100, 255}); left != want || right != plot.Mix(want, hot, 0.7) || right.R < 150 {
		t.Errorf("colours %v and %v", left, right)
	}
}
