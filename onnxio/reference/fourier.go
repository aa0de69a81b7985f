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
func (c *call) transform(x []complex128, n, count int, inverse bool) ([]complex128, error) {
	turns := make([]complex128, n)
	for k := range turns {
		sin, cos := math.Sincos(-2 * math.Pi * float64(k) / float64(n))
		if inverse {
			sin = -sin
		}
		turns[k] = complex(cos, sin)
	}
	y := make([]complex128, count)
	for k := range y {
		if err := c.did(n); err != nil {
			return nil, err
		}
		for j, v := range x[:min(n, len(x))] {
			y[k] += v * turns[j*k%n]
		}
		if inverse {
			y[k] /= complex(float64(n), 0)
		}
	}
	return y, nil
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
	last := len(x.Shape) - 1
	n, parts := x.Shape[axis], 2
	if half && inverse {
		n, parts = 2*(n-1), 1
	}
	if c.err == nil && half && x.Shape[last]+parts != 3 {
		return nil, fmt.Errorf("onesided takes a real signal, and complex numbers if inverse, not shape %v", x.Shape)
	}
	if n, err = c.scalarSize(1, n); err != nil {
		return nil, err
	}
	count := n
	if half && !inverse {
		count = n/2 + 1
	}
	shape := slices.Clone(x.Shape)
	shape[axis], shape[last] = count, parts
	y, err := newTensor(x.Type, shape...)
	if err != nil {
		return nil, err
	}
	err = eachSignal(x, axis, func(line []complex128, at func(k, size int) int) error {
		if half && inverse {
			line = mirrored(line, n)
		}
		spectrum, err := c.transform(line, n, count, inverse)
		for k, v := range spectrum {
			setComplex(y.Floats, at(k, count), parts, v)
		}
		return err
	})
	return []*Tensor{y}, err
}

// eachSignal visits the lines of complex numbers along an axis. at gives the place, in
// numbers, of element k of the line where the axis has that size.
func eachSignal(x *Tensor, axis int, visit func(line []complex128, at func(k, size int) int) error) error {
	last := len(x.Shape) - 1
	outer, n, inner := around(x.Shape[:last], axis)
	line := make([]complex128, n)
	for o := range outer {
		for i := range inner {
			at := func(k, size int) int { return (o*size+k)*inner + i }
			for k := range line {
				line[k] = complexAt(x.Floats, at(k, n), x.Shape[last])
			}
			if err := visit(line, at); err != nil {
				return err
			}
		}
	}
	return nil
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
