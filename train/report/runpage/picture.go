package runpage

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"html/template"
	"image"
	"image/png"
	"regexp"
	"strings"

	"github.com/gonn-toolkit/gonn/train/plot"
)

// Widths of figures in pixels.
const (
	wide      = 800
	narrow    = 330
	scrolling = 520 // of style.css too
)

// palette has the colours of figures, each a variable of the page's style that is another one in
// the dark: a figure is in the page once.
type palette struct {
	names  map[[2]string]string // by the colours in the light and in the dark
	colors [][2]string
}

func newPalette() *palette { return &palette{names: map[[2]string]string{}} }

// variable is the name of a pair of colours.
func (p *palette) variable(pair [2]string) string {
	if _, ok := p.names[pair]; !ok {
		p.names[pair] = fmt.Sprintf("--c%d", len(p.colors))
		p.colors = append(p.colors, pair)
	}
	return p.names[pair]
}

// style defines the variables.
func (p *palette) style() string {
	var schemes [2]strings.Builder
	for i, c := range p.colors {
		for k := range schemes {
			fmt.Fprintf(&schemes[k], "--c%d:%s;", i, c[k])
		}
	}
	return ":root{" + schemes[0].String() + "}\n@media screen and (prefers-color-scheme:dark){:root{" + schemes[1].String() + "}}\n"
}

// picture draws a figure. Its title becomes the part's heading and its note the caption, which
// break into lines where there is little room. For narrow pages the figure is drawn anew with so
// many panels in a row, or if columns is 0 as wide as it has to be, in a box that scrolls.
func (p *palette) picture(f *plot.Figure, columns int, alt string) (part, error) {
	g := *f
	pic := &picture{Caption: f.Note, Alt: alt, Scroll: columns == 0}
	g.Title, g.Note, g.Width = "", "", wide
	var err error
	if pic.Wide, err = p.markup(&g, alt); err != nil {
		return part{}, err
	}
	g.Width = narrow
	if columns > 0 {
		g.Columns = columns
	} else {
		g.Width = scrolling
	}
	pic.Narrow, err = p.markup(&g, alt)
	return part{Heading: f.Title, Picture: pic}, err
}

// inked is the colour of a line or an area. No text of a figure has quotation marks.
var inked = regexp.MustCompile(`[";](?:fill|stroke):#[0-9A-F]{6}\b`)

// markup is a figure as SVG to stand in a page. The light and the dark theme differ in colours
// only.
func (p *palette) markup(f *plot.Figure, alt string) (template.HTML, error) {
	light, err := f.SVG(plot.Light)
	if err != nil {
		return "", err
	}
	dark, err := f.SVG(plot.Dark)
	if err != nil {
		return "", err
	}
	to := inked.FindAllString(string(dark), -1)
	if !bytes.Equal(inked.ReplaceAll(light, nil), inked.ReplaceAll(dark, nil)) {
		return "", fmt.Errorf("the picture %s differs in more than colours between the themes", alt)
	}
	background, i := [2]string{}, -1
	svg := inked.ReplaceAllStringFunc(string(light), func(from string) string {
		i++
		name := from[:len(from)-len("#000000")]
		pair := [2]string{from[len(name):], to[i][len(name):]}
		if i == 0 {
			background = pair
		}
		switch {
		case pair == background:
			return name + "var(--card)" // on which the figure lies
		case pair[0] == pair[1]:
			return from
		}
		return name + "var(" + p.variable(pair) + ")"
	})
	return template.HTML(inline(svg, alt)), nil
}

// size is that of the drawing in points.
var size = regexp.MustCompile(`<svg width="[^"]*" height="[^"]*"`)

// inline is a file of SVG as an element of a page, which gives its width and its font.
func inline(svg, alt string) string {
	svg = svg[strings.Index(svg, "<svg"):]
	svg = size.ReplaceAllLiteralString(svg, `<svg aria-label="`+template.HTMLEscapeString(alt)+`"`)
	return strings.NewReplacer(
		"font-family:'Liberation Sans',Arial,Helvetica,sans-serif;", "", "font-weight:normal;", "", "font-style:normal;", "",
		` lengthAdjust="spacingAndGlyphs"`, "", `xmlns="http://www.w3.org/2000/svg"`, "", "\n\t", " ",
	).Replace(svg)
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
