package reference

import (
	"fmt"
	"math"
	"slices"
)

// fourierOps are discrete Fourier transforms. The last axis of a signal holds real and
// imaginary parts, or real ones only.
var fourierOps = map[string]op{
	"DFT":  dft,
	"STFT": stft,
}

// transform computes Σ x·e^(∓2πi·jk/n) of the first n numbers of x, zeros behind its end,
// for the k up to count; the inverse divides by n.
func transform(x []complex128, n, count int, inverse bool) []complex128 {
	turns := make([]complex128, n)
	for k := range turns {
		s, c := math.Sincos(-2 * math.Pi * float64(k) / float64(n))
		if inverse {
			s = -s
		}
		turns[k] = complex(c, s)
	}
	y := make([]complex128, count)
	for k := range y {
		for j, v := range x[:min(n, len(x))] {
			y[k] += v * turns[j*k%n]
		}
		if inverse {
			y[k] /= complex(float64(n), 0)
		}
	}
	return y
}

// dft transforms along one axis. onesided gives the first half of the spectrum of a real
// signal, which says all, or makes a real signal of such a half.
func dft(c *call) ([]*Tensor, error) {
	x, err := c.signal(0, 2)
	if err != nil {
		return nil, err
	}
	axis, err := c.dftAxis(len(x.Shape))
	if err != nil {
		return nil, err
	}
	inverse, half := c.flag("inverse", false), c.flag("onesided", false)
	parts := x.Shape[len(x.Shape)-1]
	if c.err == nil && half && (parts == 2) != inverse {
		return nil, fmt.Errorf("onesided takes a real signal, and complex numbers if inverse, not shape %v", x.Shape)
	}
	n := x.Shape[axis]
	if half && inverse {
		n = 2 * (n - 1)
	}
	if n, err = c.scalarSize(1, n); err != nil {
		return nil, err
	}
	count, shape := n, slices.Clone(x.Shape)
	switch {
	case half && inverse:
		shape[len(shape)-1] = 1
	case half:
		count = n/2 + 1
		fallthrough
	default:
		shape[len(shape)-1] = 2
	}
	shape[axis] = count
	y, err := newTensor(x.Type, shape...)
	if err != nil {
		return nil, err
	}
	outer, in, inner := around(x.Shape[:len(x.Shape)-1], axis)
	line := make([]complex128, in)
	for o := range outer {
		for i := range inner {
			for k := range line {
				line[k] = complexAt(x.Floats, (o*in+k)*inner+i, parts)
			}
			whole := line
			if half && inverse {
				whole = mirrored(line, n)
			}
			for k, v := range transform(whole, n, count, inverse) {
				setComplex(y.Floats, (o*count+k)*inner+i, shape[len(shape)-1], v)
			}
		}
	}
	return []*Tensor{y}, nil
}

// dftAxis was an attribute, the first axis after the batch by default, and is an input, the
// last axis of the signal by default.
func (c *call) dftAxis(rank int) (int, error) {
	axis := -2
	if c.opset < 20 {
		axis = c.int("axis", 1)
	} else if list := c.list(2); len(list) == 1 {
		axis = list[0]
	}
	axis, err := axisOf(axis, rank)
	if err == nil && axis == rank-1 {
		err = fmt.Errorf("the last axis holds the parts of the numbers")
	}
	return axis, err
}

// signal is input k: rank axes at least, the last of 1 or 2.
func (c *call) signal(k, rank int) (*Tensor, error) {
	t, err := c.floats(k)
	if err != nil {
		return nil, err
	}
	n := len(t.Shape)
	if n < rank || t.Shape[n-1] != 1 && t.Shape[n-1] != 2 {
		return nil, fmt.Errorf("input %d has shape %v, it must have %d axes or more and end with 1 or 2", k, t.Shape, rank)
	}
	return t, nil
}

// scalarSize is input k as one size of at least 1, def if it is left out.
func (c *call) scalarSize(k, def int) (int, error) {
	if list := c.list(k); list != nil {
		if len(list) != 1 {
			return 0, fmt.Errorf("input %d has %d numbers, it must be one", k, len(list))
		}
		def = list[0]
	}
	if def < 1 || def > MaxElements {
		return 0, fmt.Errorf("input %d: length %d is not from 1 to %d", k, def, MaxElements)
	}
	return def, nil
}

// mirrored completes the first half of n numbers with what their signal's being real says.
func mirrored(half []complex128, n int) []complex128 {
	all := make([]complex128, n)
	for k := range all {
		switch j := min(k, n-k); {
		case j >= len(half):
		case j == k:
			all[k] = half[j]
		default:
			all[k] = complex(real(half[j]), -imag(half[j]))
		}
	}
	return all
}

func complexAt(v []float64, k, parts int) complex128 {
	if parts == 1 {
		return complex(v[k], 0)
	}
	return complex(v[2*k], v[2*k+1])
}

func setComplex(v []float64, k, parts int, x complex128) {
	v[k*parts] = real(x)
	if parts == 2 {
		v[2*k+1] = imag(x)
	}
}

// stft transforms frames of a signal [batch, length, 1 or 2] that start every so many
// places, each times a window: [batch, frames, frequencies, 2].
func stft(c *call) ([]*Tensor, error) {
	x, err := c.signal(0, 3)
	if err != nil {
		return nil, err
	}
	step, err := c.scalarSize(1, 0)
	if err != nil {
		return nil, err
	}
	length := x.Shape[1]
	window := c.optional(2)
	if window != nil {
		if _, err := c.floats(2); err != nil {
			return nil, err
		}
		length = window.Len()
	}
	if length, err = c.scalarSize(3, length); err != nil {
		return nil, err
	}
	switch {
	case len(x.Shape) != 3 || length > x.Shape[1]:
		return nil, fmt.Errorf("a signal of shape %v has no frames of length %d", x.Shape, length)
	case window != nil && window.Len() != length:
		return nil, fmt.Errorf("a window of %d numbers does not fit frames of length %d", window.Len(), length)
	}
	parts, frames, count := x.Shape[2], (x.Shape[1]-length)/step+1, length
	if c.flag("onesided", true) {
		if parts == 2 {
			return nil, fmt.Errorf("a complex signal has no onesided spectrum")
		}
		count = length/2 + 1
	}
	y, err := newTensor(x.Type, x.Shape[0], frames, count, 2)
	if err != nil {
		return nil, err
	}
	line := make([]complex128, length)
	for f := range x.Shape[0] * frames {
		start := f/frames*x.Shape[1] + f%frames*step
		for k := range line {
			line[k] = complexAt(x.Floats, start+k, parts)
			if window != nil {
				line[k] *= complex(window.Floats[k], 0)
			}
		}
		for k, v := range transform(line, length, count, false) {
			setComplex(y.Floats, f*count+k, 2, v)
		}
	}
	return []*Tensor{y}, nil
}
