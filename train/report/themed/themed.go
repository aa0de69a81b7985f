// Package themed puts figures into pages as SVG, each once: their colours are variables of the
// page's style, which are others in the dark.
package themed

import (
	"bytes"
	"fmt"
	"html/template"
	"regexp"
	"strings"

	"github.com/gonn-toolkit/gonn/train/plot"
)

// Palette has the colours of a page's figures.
type Palette struct {
	names  map[[2]string]string // by the colours in the light and in the dark
	colors [][2]string
}

// NewPalette is for a page without figures yet.
func NewPalette() *Palette { return &Palette{names: map[[2]string]string{}} }

// variable is the name of a pair of colours.
func (p *Palette) variable(pair [2]string) string {
	if _, ok := p.names[pair]; !ok {
		p.names[pair] = fmt.Sprintf("--c%d", len(p.colors))
		p.colors = append(p.colors, pair)
	}
	return p.names[pair]
}

// Style defines the variables of the figures so far, CSS.
func (p *Palette) Style() string {
	var schemes [2]strings.Builder
	for i, c := range p.colors {
		for k := range schemes {
			fmt.Fprintf(&schemes[k], "--c%d:%s;", i, c[k])
		}
	}
	return ":root{" + schemes[0].String() + "}\n@media screen and (prefers-color-scheme:dark){:root{" + schemes[1].String() + "}}\n"
}

// inked is the colour of a line or an area. No text of a figure has quotation marks.
var inked = regexp.MustCompile(`[";](?:fill|stroke):#[0-9A-F]{6}\b`)

// Markup is a figure as an element svg, with alt as its description. What is as the figure's
// background has the page's --card. The font is the page's: text is fitted to the widths of
// Liberation Sans.
func (p *Palette) Markup(f *plot.Figure, alt string) (template.HTML, error) {
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
		` lengthAdjust="spacingAndGlyphs"`, "", `xmlns="http://www.w3.org/2000/svg"`, "", `xmlns:xlink="http://www.w3.org/1999/xlink"`, "", // HTML knows them
		"\n\t", " ",
	).Replace(svg)
}
