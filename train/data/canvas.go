package data

import (
	"image"
	"math"

	"github.com/gonn-toolkit/gonn/nn"
)

// canvas is a grey or colour picture; bytes is how many bytes a dot takes.
type canvas struct {
	img    image.Image
	pix    []byte
	stride int
	bytes  int
}

func newCanvas(r image.Rectangle, channels int) canvas {
	var c canvas
	if channels == 1 {
		g := image.NewGray(r)
		c = canvas{g, g.Pix, g.Stride, 1}
	} else {
		rgba := image.NewRGBA(r)
		c = canvas{rgba, rgba.Pix, rgba.Stride, 4}
	}
	for i := range c.pix {
		c.pix[i] = montageGround
		if i%4 == 3 && c.bytes == 4 {
			c.pix[i] = 255 // alpha
		}
	}
	return c
}

// draw puts a sample (C, H, W) with its top left pixel at (x, y).
func (c canvas) draw(x, y, scale int, shape nn.Shape, v []float32) {
	channels, h, w := shape[0], shape[1], shape[2]
	for dy := range h * scale {
		for dx := range w * scale {
			at := (y*scale+dy)*c.stride + (x*scale+dx)*c.bytes
			for ch := range channels {
				c.pix[at+ch] = dot(v[(ch*h+dy/scale)*w+dx/scale])
			}
		}
	}
}

func dot(x float32) byte {
	return byte(math.Round(255 * max(0, min(1, float64(x)))))
}
