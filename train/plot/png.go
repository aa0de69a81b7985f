package plot

import (
	"bytes"
	"fmt"
	"image/png"

	"gonum.org/v1/plot/font"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/vgimg"
)

// maxPixels is the size of the largest PNG, which takes 4 bytes a pixel in memory.
const maxPixels = 100e6

// PNG encodes the picture. It is as many pixels wide as Width says times the theme's resolution
// by 96 dots per inch.
func (f *Figure) PNG(t *Theme) ([]byte, error) {
	if err := f.check(); err != nil {
		return nil, err
	}
	l := f.layout(t)
	if err := l.check(f.Title); err != nil {
		return nil, err
	}
	if w, h := f.Pixels(t); float64(w)*float64(h) > maxPixels {
		return nil, fmt.Errorf("the picture %q would have %d×%d pixels, the most is %d million: draw less of it, or write an SVG", f.Title, w, h, int(maxPixels/1e6))
	}
	c := pngCanvas{vgimg.NewWith(vgimg.UseWH(l.width, l.height), vgimg.UseDPI(t.DPI), vgimg.UseBackgroundColor(t.Background))}
	f.draw(c, t, l)
	var b bytes.Buffer
	if err := png.Encode(&b, c.Image()); err != nil {
		return nil, fmt.Errorf("picture %q: %w", f.Title, err)
	}
	return b.Bytes(), nil
}

// pngCanvas shows where letters are missing.
type pngCanvas struct{ *vgimg.Canvas }

func (c pngCanvas) FillString(f font.Face, at vg.Point, text string) {
	c.Canvas.FillString(f, at, squared(f, text))
}

// Pixels is the size of the PNG.
func (f *Figure) Pixels(t *Theme) (width, height int) {
	l := f.layout(t)
	pixels := func(points vg.Length) int { return int(points/72*vg.Length(t.DPI) + 0.5) }
	return pixels(l.width), pixels(l.height)
}
