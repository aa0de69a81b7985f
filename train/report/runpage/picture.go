package runpage

import (
	"bytes"
	"encoding/base64"
	"html/template"
	"image"
	"image/png"

	"github.com/gonn-toolkit/gonn/train/plot"
	"github.com/gonn-toolkit/gonn/train/report/themed"
)

// Widths of figures in pixels.
const (
	wide      = 800
	narrow    = 330
	scrolling = 520 // of style.css too
)

// palette draws the figures of a page.
type palette struct{ *themed.Palette }

func newPalette() *palette { return &palette{themed.NewPalette()} }

// picture draws a figure. Its title becomes the part's heading and its note the caption, which
// break into lines where there is little room. For narrow pages the figure is drawn anew with so
// many panels in a row, or if columns is 0 as wide as it has to be, in a box that scrolls.
func (p *palette) picture(f *plot.Figure, columns int, alt string) (part, error) {
	g := *f
	pic := &picture{Caption: f.Note, Alt: alt, Scroll: columns == 0}
	g.Title, g.Note, g.Width = "", "", wide
	var err error
	if pic.Wide, err = p.Markup(&g, alt); err != nil {
		return part{}, err
	}
	g.Width = narrow
	if columns > 0 {
		g.Columns = columns
	} else {
		g.Width = scrolling
	}
	pic.Narrow, err = p.Markup(&g, alt)
	return part{Heading: f.Title, Picture: pic}, err
}

// pixels is a picture of pixels, drawn so many pixels wide where there is room.
func pixels(heading, caption, alt string, img image.Image, width int) (part, error) {
	var b bytes.Buffer
	if err := (&png.Encoder{CompressionLevel: png.BestCompression}).Encode(&b, img); err != nil {
		return part{}, err
	}
	url := "data:image/png;base64," + base64.StdEncoding.EncodeToString(b.Bytes())
	return part{Heading: heading, Picture: &picture{Caption: caption, Alt: alt, PNG: template.URL(url), Width: width}}, nil
}
