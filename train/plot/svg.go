package plot

import (
	"bytes"
	"fmt"
	"html"
	"strings"
	"unicode/utf8"

	"gonum.org/v1/plot/font"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/vgsvg"
)

// SVG encodes the picture. Its text stays text, in Liberation Sans or a font of the same widths
// (Arial, Helvetica); any other font is fitted into these widths.
func (f *Figure) SVG(t *Theme) ([]byte, error) {
	if err := f.check(); err != nil {
		return nil, err
	}
	l := f.layout(t)
	if err := l.check(f.Title); err != nil {
		return nil, err
	}
	c := &svgCanvas{Canvas: vgsvg.New(l.width, l.height)}
	f.draw(c, t, l)
	var b bytes.Buffer
	if _, err := c.WriteTo(&b); err != nil {
		return nil, fmt.Errorf("picture %q: %w", f.Title, err)
	}
	return []byte(c.finish(b.String(), f.Title)), nil
}

// svgCanvas notes how wide text is, which vgsvg does not write.
type svgCanvas struct {
	*vgsvg.Canvas
	widths []vg.Length // of each text, in points; 0 of one whose letters are another font's
}

func (c *svgCanvas) FillString(f font.Face, at vg.Point, text string) {
	text = xmlText(text)
	width := f.Width(text)
	if !covers(f, text) {
		width = 0
	}
	c.widths = append(c.widths, width)
	c.Canvas.FillString(f, at, text)
}

// xmlText is a text with a question mark in place of what XML cannot have.
func xmlText(s string) string {
	return strings.Map(func(r rune) rune {
		if r < ' ' && r != '\t' && r != '\n' || r == 0xfffe || r == 0xffff {
			return utf8.RuneError
		}
		return r
	}, s)
}

// finish adds what vgsvg leaves out: widths of text, fonts to fall back on, a title for screen
// readers. No text of the picture contains "<", so what is replaced is markup.
func (c *svgCanvas) finish(svg, title string) string {
	parts := strings.Split(svg, "<text ")
	var b strings.Builder
	b.WriteString(parts[0])
	for i, part := range parts[1:] {
		b.WriteString("<text ")
		if w := c.widths[i].Points(); w > 0 {
			fmt.Fprintf(&b, `textLength="%.5g" lengthAdjust="spacingAndGlyphs" `, w)
		}
		b.WriteString(part)
	}
	head := ">\n"
	if title != "" {
		head += "<title>" + html.EscapeString(xmlText(title)) + "</title>\n"
	}
	svg = strings.Replace(b.String(), ">\n<g ", " role=\"img\""+head+"<g ", 1)
	return markup.Replace(svg)
}

var markup = strings.NewReplacer(
	"font-family:Liberation Sans;font-variant:normal;", "font-family:'Liberation Sans',Arial,Helvetica,sans-serif;",
	"<image ", `<image preserveAspectRatio="none" `, // as wide as it is drawn
	"data:image/jpg;", "data:image/png;", // which it is
)
