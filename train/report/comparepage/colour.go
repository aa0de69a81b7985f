package comparepage

import (
	"fmt"
	"image/color"
	"math"
	"strings"
)

// decades are the colours of an error relative to the scale, as the bins of
// parity.Distribution: below 1e-9, then one for each decade, the last for 1 and more. They go
// from blue over yellow, which is where a tolerance of 1e-5 ends, to red: a way on which
// colour-blind readers see the lightness turn. Verdicts have a sign besides.
var decades = [...]color.RGBA{
	{0x23, 0x3f, 0x82, 0xff}, {0x2f, 0x5a, 0x9e, 0xff}, {0x4a, 0x7a, 0xb8, 0xff}, {0x7f, 0xa9, 0xd2, 0xff}, {0xb4, 0xd1, 0xe8, 0xff},
	{0xf6, 0xec, 0xb5, 0xff},
	{0xf8, 0xcf, 0x7a, 0xff}, {0xf0, 0xa3, 0x4f, 0xff}, {0xdc, 0x6f, 0x35, 0xff}, {0xb8, 0x3a, 0x22, 0xff}, {0x86, 0x14, 0x1c, 0xff},
}

// depth is where an error lies among the decades: 0 for errors of 1e-9 and less, 10 for those
// of 1 and more.
func depth(e float64) float64 {
	switch {
	case math.IsNaN(e):
		return 10
	case e <= 0:
		return 0
	}
	return min(max(math.Log10(e)+10, 0), 10)
}

// decadeOf is the index of an error's colour.
func decadeOf(e float64) int { return int(depth(e)) }

// shades are the steps between two colours in pictures.
const shades = 8

// palette has a colour for each shade of an error, and a transparent one at its end.
func palette() color.Palette {
	var p color.Palette
	for k := range (len(decades)-1)*shades + 1 {
		a, b, t := decades[k/shades], decades[min(k/shades+1, len(decades)-1)], float64(k%shades)/shades
		mix := func(x, y uint8) uint8 { return uint8(math.Round(float64(x) + t*(float64(y)-float64(x)))) }
		p = append(p, color.RGBA{mix(a.R, b.R), mix(a.G, b.G), mix(a.B, b.B), 0xff})
	}
	return append(p, color.RGBA{})
}

// shadeOf is the index of an error's colour in palette.
func shadeOf(e float64) uint8 { return uint8(depth(e) * shades) }

// ink is the colour of text on a background: black or white, whichever is easier to read.
func ink(on color.RGBA) color.RGBA {
	black, white := color.RGBA{0, 0, 0, 0xff}, color.RGBA{0xff, 0xff, 0xff, 0xff}
	if contrast(on, black) > contrast(on, white) {
		return black
	}
	return white
}

// contrast is the ratio of two colours' luminances, 1 to 21 (WCAG 2.2).
func contrast(a, b color.RGBA) float64 {
	x, y := luminance(a), luminance(b)
	return (max(x, y) + 0.05) / (min(x, y) + 0.05)
}

func luminance(c color.RGBA) float64 {
	linear := func(v uint8) float64 {
		s := float64(v) / 255
		if s <= 0.04045 {
			return s / 12.92
		}
		return math.Pow((s+0.055)/1.055, 2.4)
	}
	return 0.2126*linear(c.R) + 0.7152*linear(c.G) + 0.0722*linear(c.B)
}

// decadeStyles are the classes e0 to e10, which set a background's colour and its text's.
func decadeStyles() string {
	var b strings.Builder
	for k, c := range decades {
		fmt.Fprintf(&b, ".e%d{--fill:%s;--ink:%s}\n", k, hex(c), hex(ink(c)))
	}
	return b.String()
}

func hex(c color.RGBA) string { return fmt.Sprintf("#%02x%02x%02x", c.R, c.G, c.B) }
