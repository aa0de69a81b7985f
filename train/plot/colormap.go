package plot

import (
	"image/color"
	"math"
)

// Colormap gives colours to the numbers from 0 to 1. Its colours lie at equal distances, with
// mixtures between them.
type Colormap []color.RGBA

var (
	// Viridis goes from dark blue to yellow and becomes lighter all the way, so that it reads
	// without colours too (van der Walt and Smith, matplotlib 2015).
	Viridis = Colormap{rgb(0x440154), rgb(0x482878), rgb(0x3e4989), rgb(0x31688e), rgb(0x26828e),
		rgb(0x1f9e89), rgb(0x35b779), rgb(0x6ece58), rgb(0xb5de2b), rgb(0xfde725)}
	// Diverging goes from blue over white to orange, for numbers on both sides of one that
	// stands out, such as 0.
	Diverging = Colormap{rgb(0x00406b), rgb(0x0072b2), rgb(0x8fbfdd), rgb(0xf7f7f7), rgb(0xf0b48a),
		rgb(0xd55e00), rgb(0x7d3000)}
	// Gray goes from black to white.
	Gray = Colormap{rgb(0x000000), rgb(0xffffff)}
)

// At is the colour of v, which is taken for 0 below it and for 1 above. v must not be NaN.
func (m Colormap) At(v float64) color.RGBA {
	at := min(max(v, 0), 1) * float64(len(m)-1)
	i := min(int(at), len(m)-2)
	return Mix(m[i], m[i+1], at-float64(i))
}

// Mix is a at 0 and b at 1.
func Mix(a, b color.RGBA, at float64) color.RGBA {
	part := func(x, y uint8) uint8 { return uint8(math.Round(float64(x) + at*(float64(y)-float64(x)))) }
	return color.RGBA{part(a.R, b.R), part(a.G, b.G), part(a.B, b.B), 0xff}
}

// luminance is the relative luminance of WCAG 2, from 0 for black to 1 for white.
func luminance(c color.RGBA) float64 {
	linear := func(v uint8) float64 { return math.Pow(float64(v)/255, 2.2) }
	return 0.2126*linear(c.R) + 0.7152*linear(c.G) + 0.0722*linear(c.B)
}

// dark reports whether white text reads better on c than black.
func dark(c color.RGBA) bool { return luminance(c) < 0.18 }
