package plot

import (
	"fmt"
	"image/color"
	"strings"

	xfont "golang.org/x/image/font"
	"gonum.org/v1/plot"
	"gonum.org/v1/plot/font"
	"gonum.org/v1/plot/text"
	"gonum.org/v1/plot/vg"
)

// Theme is the looks of pictures.
type Theme struct {
	Name string
	// Background, Text and Axis lines, and Grid lines, from the one that stands out least.
	Background, Grid, Muted, Text color.RGBA
	// Palette are the colours of lines, in the order of Style.Color.
	Palette []color.RGBA
	// Markers reports whether lines have markers, so that they differ without colours.
	Markers bool
	// DPI is the resolution of PNG: 96 gives one pixel for each of Figure.Width.
	DPI int
}

// The themes. Their palettes are that of Okabe and Ito ("Color Universal Design", 2008), which
// people who do not see red or green tell apart, with its yellow darkened for white paper and its
// blue and green made lighter for dark screens.
var (
	Light = &Theme{
		Name: "light", DPI: 96,
		Background: rgb(0xffffff), Grid: rgb(0xe4e8ec), Muted: rgb(0x59636e), Text: rgb(0x1f2328),
		Palette: []color.RGBA{rgb(0x0072b2), rgb(0xd55e00), rgb(0x009e73), rgb(0xcc79a7),
			rgb(0xe69f00), rgb(0x56b4e9), rgb(0x44494e), rgb(0xa89b00)},
	}
	Dark = &Theme{
		Name: "dark", DPI: 96,
		Background: rgb(0x0d1117), Grid: rgb(0x262c36), Muted: rgb(0x9198a1), Text: rgb(0xf0f6fc),
		Palette: []color.RGBA{rgb(0x3f9edb), rgb(0xf0762f), rgb(0x1fbf92), rgb(0xdd92bd),
			rgb(0xedad21), rgb(0x8dd0fb), rgb(0xc4cad1), rgb(0xf0e442)},
	}
	Print = &Theme{
		Name: "print", DPI: 300, Markers: true,
		Background: rgb(0xffffff), Grid: rgb(0xe0e0e0), Muted: rgb(0x404040), Text: rgb(0x000000),
		Palette: Light.Palette,
	}
)

// Themes lists the themes.
var Themes = []*Theme{Light, Dark, Print}

// ThemeNamed finds a theme.
func ThemeNamed(name string) (*Theme, error) {
	var names []string
	for _, t := range Themes {
		if t.Name == name {
			return t, nil
		}
		names = append(names, t.Name)
	}
	return nil, fmt.Errorf("unknown theme %q: choose one of %s", name, strings.Join(names, ", "))
}

func rgb(v uint32) color.RGBA {
	return color.RGBA{uint8(v >> 16), uint8(v >> 8), uint8(v), 0xff}
}

// Faded is a colour mixed with the background, of which it keeps a share.
func (t *Theme) Faded(c color.RGBA, share float64) color.RGBA { return Mix(t.Background, c, share) }

// Sizes of text in points. At Figure.Width, 96 pixels are 72 points.
const (
	figureTitleSize vg.Length = 12
	panelTitleSize  vg.Length = 9.5
	labelSize       vg.Length = 9
	tickSize        vg.Length = 8
)

// TextStyle is the style of text of a size in points, aligned to its left on its baseline.
func (t *Theme) TextStyle(size vg.Length, c color.Color, bold bool) text.Style {
	f := font.Font{Typeface: "Liberation", Variant: "Sans", Size: size}
	if bold {
		f.Weight = xfont.WeightBold
	}
	return text.Style{Color: c, Font: f, Handler: plot.DefaultTextHandler}
}

// Styles of the text above figures and panels.
func (t *Theme) figureTitle() text.Style { return t.TextStyle(figureTitleSize, t.Text, true) }
func (t *Theme) note() text.Style        { return t.TextStyle(labelSize, t.Muted, false) }
func (t *Theme) panelTitle() text.Style  { return t.TextStyle(panelTitleSize, t.Text, false) }
