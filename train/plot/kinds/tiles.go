package kinds

import (
	"fmt"
	"image"
	"image/color"
	"math"

	"github.com/gonn-toolkit/gonn/train/plot"
)

// tiles are maps or kernels of one size, in rows.
type tiles struct {
	maps    [][]color.RGBA // row-major
	h, w    int            // of each
	columns int
}

// most bounds the maps of a layer that are drawn: single numbers take less room.
func (t *tiles) most() int {
	if t.h*t.w == 1 {
		return 1024
	}
	return 64
}

// draw puts the maps side by side, with gaps that let the background through. Numbers of small
// maps take several pixels, so that gaps are narrow.
func (t *tiles) draw() *image.RGBA {
	times, gap := t.pixels()
	rows, h, w := (len(t.maps)+t.columns-1)/t.columns, t.h*times, t.w*times
	img := image.NewRGBA(image.Rect(0, 0, t.columns*(w+gap)-gap, rows*(h+gap)-gap))
	for i, m := range t.maps {
		left, top := i%t.columns*(w+gap), i/t.columns*(h+gap)
		for y := range h {
			for x := range w {
				img.SetRGBA(left+x, top+y, m[y/times*t.w+x/times])
			}
		}
	}
	return img
}

// pixels is how many times the numbers of a map are repeated in each direction, and the gap
// between two maps.
func (t *tiles) pixels() (times, gap int) {
	least := min(t.h, t.w)
	times = (47 + least) / least
	return times, least * times / 14
}

// fit chooses the number of columns with which the maps are largest in an area of an aspect, its
// height by its width, and gives the share of it that they fill.
func (t *tiles) fit(aspect float64) (filled float64) {
	times, gap := t.pixels()
	h, w := float64(t.h*times+gap), float64(t.w*times+gap)
	best := 0.0
	for columns := 1; columns <= len(t.maps); columns++ {
		rows := (len(t.maps) + columns - 1) / columns
		if scale := math.Min(1/(float64(columns)*w), aspect/(float64(rows)*h)); scale > best {
			best, t.columns = scale, columns
		}
	}
	return best * best * h * w * float64(len(t.maps)) / aspect
}

// bestAspect is that of areas, all of one, which several groups of maps fill best; nil ones do not
// count.
func bestAspect(all []*tiles) float64 {
	best, aspect := 0.0, 0.5
	for a := 0.3; a < 1.05; a += 0.05 {
		sum := 0.0
		for _, t := range all {
			if t != nil {
				sum += t.fit(a)
			}
		}
		if sum > best {
			best, aspect = sum, a
		}
	}
	return aspect
}

// padded is a picture in the middle of a clear one of an aspect.
func padded(img image.Image, aspect float64) *image.RGBA {
	b := img.Bounds()
	w, h := b.Dx(), b.Dy()
	if high := int(math.Round(aspect * float64(w))); high >= h {
		h = high
	} else {
		w = int(math.Round(float64(h) / aspect))
	}
	all := image.NewRGBA(image.Rect(0, 0, w, h))
	left, top := (w-b.Dx())/2, (h-b.Dy())/2
	for y := range b.Dy() {
		for x := range b.Dx() {
			all.Set(left+x, top+y, img.At(b.Min.X+x, b.Min.Y+y))
		}
	}
	return all
}

// missing is the colour of numbers that are not finite.
var missing = color.RGBA{0xff, 0x00, 0xff, 0xff}

// diverging gives colours to numbers from −limit to limit, with white for 0.
func diverging(v []float32, limit float64) []color.RGBA {
	c := make([]color.RGBA, len(v))
	for i, x := range v {
		switch at := float64(x); {
		case at-at != 0:
			c[i] = missing
		case limit == 0:
			c[i] = plot.Diverging.At(0.5)
		default:
			c[i] = plot.Diverging.At(0.5 + 0.5*at/limit)
		}
	}
	return c
}

// largest is the largest finite magnitude.
func largest(v []float32) float64 {
	m := 0.0
	for _, x := range v {
		if a := math.Abs(float64(x)); a-a == 0 {
			m = math.Max(m, a)
		}
	}
	return m
}

// framed is a panel of a picture with a thin line around it, for panels of an aspect.
func framed(title string, img image.Image, aspect float64) *plot.Panel {
	p := picture(title, img, aspect)
	all := padded(img, aspect).Bounds()
	left, top := float64(all.Dx()-img.Bounds().Dx())/2, float64(all.Dy()-img.Bounds().Dy())/2
	right, bottom := float64(all.Dx())-left, float64(all.Dy())-top
	x, y := []float64{left, right, right, left, left}, []float64{top, top, bottom, bottom, top}
	p.Line("", x, y, plot.Style{Muted: true, Thin: true, Faint: true})
	return p
}

// picture is a panel of a picture alone, for panels of an aspect.
func picture(title string, img image.Image, aspect float64) *plot.Panel {
	p := &plot.Panel{Title: title}
	p.Image(padded(img, aspect))
	return p
}

// limited names a scale from −limit to limit.
func limited(limit float64) string { return fmt.Sprintf("±%.2g", limit) }
