package tensorboard

import (
	"image"
	"image/color"
	"math"
	"sync"

	"gonum.org/v1/plot/palette/moreland"

	"github.com/gonn-toolkit/gonn/nn"
)

// A picture of maps has at most maxMaps in a row and in a column, each about mapSide dots wide,
// or as many as it has values; of large ones no more than fit into maxSide dots, but one.
const (
	maxMaps = 16
	mapSide = 48
	maxSide = 2048
)

// filters draws the weights of the first convolution, a map for each filter and input channel: a
// row has the channels of a filter, or several filters if there is one channel. It is nil for a
// network without filters of several taps.
func filters(net *nn.Network) (layer string, img image.Image) {
	for _, n := range net.Nodes() {
		for _, p := range n.Params {
			if p.Role != nn.Weight || len(p.Shape) != 4 || p.Shape[2]*p.Shape[3] < 2 {
				continue
			}
			out, in, h, w := p.Shape[0], p.Shape[1], p.Shape[2], p.Shape[3]
			rows, cols := mapsIn(h, out), mapsIn(w, in)
			if in == 1 {
				rows, cols = grid(out, h, w)
			}
			return n.Name, drawMaps(rows, cols, h, w, func(row, col int) []float32 {
				i := row*in + col
				if in == 1 {
					i = row*cols + col
				}
				return mapOf(p, i)
			})
		}
	}
	return "", nil
}

// slopeMaps draws the slopes of an activation that has one for each element of a feature map
// (C, H, W); nil for other parameters.
func slopeMaps(p *nn.Param) image.Image {
	if !isSlope(p) || len(p.Shape) != 3 || p.Shape[1]*p.Shape[2] < 2 {
		return nil
	}
	rows, cols := grid(p.Shape[0], p.Shape[1], p.Shape[2])
	return drawMaps(rows, cols, p.Shape[1], p.Shape[2], func(row, col int) []float32 { return mapOf(p, row*cols+col) })
}

// isSlope reports whether a parameter is one that an activation learns.
func isSlope(p *nn.Param) bool { return p.Role == nn.Slope || p.Role == nn.Beta }

// grid is about a square for n maps of h × w values.
func grid(n, h, w int) (rows, cols int) {
	cols = mapsIn(w, int(math.Ceil(math.Sqrt(float64(n)))))
	return mapsIn(h, (n+cols-1)/cols), cols
}

// mapsIn is how many of n maps are drawn in a row or a column, in which each has size values.
func mapsIn(size, n int) int { return min(n, maxMaps, max(1, maxSide/size)) }

// mapOf is the i-th map of the last two axes of a parameter; nil behind the last one.
func mapOf(p *nn.Param, i int) []float32 {
	size := p.Shape[len(p.Shape)-2] * p.Shape[len(p.Shape)-1]
	if (i+1)*size > len(p.Data) {
		return nil
	}
	return p.Data[i*size : (i+1)*size]
}

// drawMaps draws rows × cols maps of h × w values on one scale: 0 is the grey in the middle, the
// largest magnitude of all the darkest blue below and the darkest red above it.
func drawMaps(rows, cols, h, w int, at func(row, col int) []float32) image.Image {
	largest := 0.0
	for row := range rows {
		for col := range cols {
			for _, v := range at(row, col) {
				if a := math.Abs(float64(v)); a-a == 0 {
					largest = max(largest, a)
				}
			}
		}
	}
	const gap = 2 // dots
	scale := max(1, mapSide/max(h, w))
	img := image.NewPaletted(image.Rect(0, 0, cols*(w*scale+gap)+gap, rows*(h*scale+gap)+gap), blueRed())
	for row := range rows {
		for col := range cols {
			x0, y0 := col*(w*scale+gap)+gap, row*(h*scale+gap)+gap
			for i, v := range at(row, col) {
				c := shade(float64(v), largest)
				x, y := x0+i%w*scale, y0+i/w*scale
				for dy := range scale {
					line := img.Pix[img.PixOffset(x, y+dy):]
					for dx := range scale {
						line[dx] = c
					}
				}
			}
		}
	}
	return img
}

// shades is the number of colours from blue to red, with one in the middle.
const shades = 255

// shade is the place of a value in the palette, the middle if it is not finite.
func shade(v, largest float64) uint8 {
	const middle = 1 + shades/2
	if largest == 0 || v-v != 0 {
		return middle
	}
	return uint8(middle + math.Round(v/largest*(shades/2)))
}

// blueRed is white, for what is between maps, and Moreland's diverging colours ("Diverging Color
// Maps for Scientific Visualization", 2009), which the colour-blind can tell apart.
var blueRed = sync.OnceValue(func() color.Palette {
	m := moreland.SmoothBlueRed()
	m.SetMin(-1)
	m.SetMax(1)
	return append(color.Palette{color.White}, m.Palette(shades).Colors()...)
})
