package jpeg

import (
	"image"
	"image/color"
	"math"
)

// cosines are C(u)/2 · cos((2x+1)uπ/16) of the inverse discrete cosine transform, T.81
// A.3.3, by x and u.
var cosines = func() (c [8][8]float32) {
	for x := range 8 {
		for u := range 8 {
			c[x][u] = float32(math.Cos(float64(2*x+1)*float64(u)*math.Pi/16) / 2)
		}
		c[x][0] /= math.Sqrt2
	}
	return c
}()

// transform makes samples of a component's coefficients, which it lets go.
func (c *component) transform() {
	width := 8 * c.stride
	c.samples = make([]byte, 64*len(c.coefficients))
	for i := range c.coefficients {
		at := i/c.stride*8*width + i%c.stride*8
		c.block(&c.coefficients[i], c.samples[at:], width)
	}
	c.coefficients = nil
}

func (c *component) block(b *[64]int16, out []byte, width int) {
	var rows [8][8]float32 // of coefficients in y, samples in x
	for v := range 8 {
		for u := range 8 {
			q := float32(b[8*v+u]) * float32(c.table[8*v+u])
			if q == 0 {
				continue
			}
			for x := range 8 {
				rows[v][x] += q * cosines[x][u]
			}
		}
	}
	for y := range 8 {
		for x := range 8 {
			sum := float32(128.5) // the middle, and a half to round
			for v := range 8 {
				sum += rows[v][x] * cosines[y][v]
			}
			out[y*width+x] = byte(min(max(sum, 0), 255))
		}
	}
}

// picture brings the components together. One that is sampled more coarsely than
// another repeats its samples, as in image/jpeg.
func (d *decoder) picture() image.Image {
	bounds := image.Rect(0, 0, d.width, d.height)
	if len(d.components) == 1 {
		c := d.components[0]
		return &image.Gray{Pix: c.samples, Stride: 8 * c.stride, Rect: bounds}
	}
	pix := make([]byte, 4*d.width*d.height)
	convert := d.conversion()
	for y := range d.height {
		var lines [4][]byte
		for i, c := range d.components {
			lines[i] = c.samples[y*c.v/d.vMax*8*c.stride:]
		}
		for x := range d.width {
			var s [4]byte
			for i, c := range d.components {
				s[i] = lines[i][x*c.h/d.hMax]
			}
			s = convert(s)
			copy(pix[4*(y*d.width+x):], s[:])
		}
	}
	if len(d.components) == 4 {
		return &image.CMYK{Pix: pix, Stride: 4 * d.width, Rect: bounds}
	}
	return &image.RGBA{Pix: pix, Stride: 4 * d.width, Rect: bounds}
}

// conversion is what makes RGBA or CMYK of the components. Adobe stores CMYK inverted.
func (d *decoder) conversion() func([4]byte) [4]byte {
	ids := ""
	for _, c := range d.components {
		ids += string(rune(c.id))
	}
	switch {
	case len(d.components) == 4 && d.adobe && d.transform == 2:
		return func(s [4]byte) [4]byte {
			r, g, b := color.YCbCrToRGB(s[0], s[1], s[2])
			return [4]byte{r, g, b, 255 - s[3]}
		}
	case len(d.components) == 4 && d.adobe:
		return func(s [4]byte) [4]byte { return [4]byte{255 - s[0], 255 - s[1], 255 - s[2], 255 - s[3]} }
	case len(d.components) == 4:
		return func(s [4]byte) [4]byte { return s }
	case d.adobe && d.transform == 0, !d.adobe && !d.jfif && ids == "RGB":
		return func(s [4]byte) [4]byte { return [4]byte{s[0], s[1], s[2], 255} }
	}
	return func(s [4]byte) [4]byte {
		r, g, b := color.YCbCrToRGB(s[0], s[1], s[2])
		return [4]byte{r, g, b, 255}
	}
}
