package data

import "slices"

// apply changes a picture by numbers from a stream, and gives the stream after them. It
// is not a pointer, which would have to live on the heap.
type apply func(p picture, from stream) stream

// picture is a sample in C, H, W order.
type picture struct {
	v             []float32
	height, width int
}

// shift moves a picture by a whole number of pixels, drawn evenly from −n…n for each
// axis, and fills with 0. It is PyTorch's RandomCrop of the picture's own size with
// padding n (torchvision); Keras's RandomTranslation draws fractions of a pixel.
func shift(n float64) apply {
	reach := int(n)
	return func(p picture, from stream) stream {
		dy := from.below(2*reach+1) - reach
		dx := from.below(2*reach+1) - reach
		p.move(dy, dx)
		return from
	}
}

// move moves what is at (y, x) to (y+dy, x+dx), by less than the picture's size.
func (p picture) move(dy, dx int) {
	for plane := range slices.Chunk(p.v, p.height*p.width) {
		slide(plane, dy*p.width)
		for row := 0; dx != 0 && row < len(plane); row += p.width {
			slide(plane[row:row+p.width], dx)
		}
	}
}

// slide moves the elements of v up by n, or down if n is negative.
func slide(v []float32, n int) {
	switch {
	case n > 0:
		copy(v[n:], v)
		clear(v[:n])
	case n < 0:
		copy(v, v[-n:])
		clear(v[len(v)+n:])
	}
}

// flip swaps left and right, as RandomHorizontalFlip does in PyTorch (torchvision)
// and RandomFlip("horizontal") in Keras.
func flip(p float64) apply {
	return func(x picture, from stream) stream {
		if from.fraction() < p {
			for row := 0; row < len(x.v); row += x.width {
				slices.Reverse(x.v[row : row+x.width])
			}
		}
		return from
	}
}

// noise adds normally distributed numbers of deviation s, as GaussianNoise does in
// Keras; PyTorch's (torchvision) cuts the result off at 0 and 1, which it does not.
func noise(s float64) apply {
	return func(p picture, from stream) stream {
		for i := range p.v {
			p.v[i] += float32(s * from.normal())
		}
		return from
	}
}

// invert makes each pixel 1 − x, as RandomInvert does in PyTorch (torchvision).
func invert(p float64) apply {
	return func(x picture, from stream) stream {
		if from.fraction() < p {
			for i, v := range x.v {
				x.v[i] = 1 - v
			}
		}
		return from
	}
}
