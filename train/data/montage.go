package data

import (
	"fmt"
	"image"
	"math"

	"github.com/gonn-toolkit/gonn/nn"
)

// montageGap is the space between two pictures, in pixels of the set, and
// montageGround its grey, against which digits and their inverses both stand
// out.
const (
	montageGap    = 1
	montageGround = 128
)

// Montage draws a set: in each of the first rows classes, one a row, cols
// pictures spread evenly over the set, so that both halves of a doubled set
// are seen. A pixel is drawn as scale × scale dots. Samples are (1, H, W),
// drawn in grey, or (3, H, W), drawn in colour, with values in 0…1; others are
// cut off at the ends.
func Montage(s nn.Samples, rows, cols, scale int) (image.Image, error) {
	shape := s.Shape()
	if len(shape) != 3 || shape[0] != 1 && shape[0] != 3 {
		return nil, fmt.Errorf("montage: samples of shape %v; need (1, H, W) or (3, H, W)", shape)
	}
	if rows < 1 || rows > s.Classes() || cols < 1 || scale < 1 {
		return nil, fmt.Errorf("montage: %d rows, %d columns, scale %d; need 1 to %d rows and positive columns and scale",
			rows, cols, scale, s.Classes())
	}
	cellH, cellW := shape[1]+montageGap, shape[2]+montageGap
	if max(rows, cols, scale) > MaxSide || max(rows*cellH, cols*cellW) > MaxSide/scale {
		return nil, fmt.Errorf("montage: %d × %d pictures at scale %d; the largest side is %d dots", rows, cols, scale, MaxSide)
	}
	bounds := image.Rect(0, 0, (cols*cellW+montageGap)*scale, (rows*cellH+montageGap)*scale)
	if bounds.Dx()*bounds.Dy() > MaxPixels {
		return nil, fmt.Errorf("montage: %d × %d dots; the most that is drawn is %d", bounds.Dx(), bounds.Dy(), MaxPixels)
	}
	c := newCanvas(bounds, shape[0])
	block, sample := nn.NewBlock(shape), make([]float32, shape.Size())
	for row, members := range byClass(s, rows) {
		for col := range min(cols, len(members)) {
			i := members[spread(col, cols, len(members))]
			if err := s.Fill(block, []int{i}); err != nil {
				return nil, err
			}
			block.Sample(0, sample)
			c.draw(col*cellW+montageGap, row*cellH+montageGap, scale, shape, sample)
		}
	}
	return c.img, nil
}

// spread is the k-th of cols places spread evenly over n members.
func spread(k, cols, n int) int {
	if n <= cols {
		return k
	}
	return k * n / cols
}

func byClass(s nn.Samples, classes int) [][]int {
	members := make([][]int, classes)
	for i := range s.Len() {
		if l := s.Label(i); l < classes {
			members[l] = append(members[l], i)
		}
	}
	return members
}

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
