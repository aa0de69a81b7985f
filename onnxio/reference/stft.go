package reference

import "fmt"

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
	length, window, err := c.frames(x.Shape[1])
	if err != nil {
		return nil, err
	}
	if len(x.Shape) != 3 || length > x.Shape[1] {
		return nil, fmt.Errorf("a signal of shape %v has no frames of length %d", x.Shape, length)
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
				line[k] *= complex(window[k], 0)
			}
		}
		spectrum, err := c.transform(line, length, count, false)
		if err != nil {
			return nil, err
		}
		for k, v := range spectrum {
			setComplex(y.Floats, f*count+k, 2, v)
		}
	}
	return []*Tensor{y}, nil
}

// frames is the length of the frames and their window, nil for none.
func (c *call) frames(signal int) (length int, window []float64, err error) {
	length = signal
	if c.optional(2) != nil {
		t, err := c.floats(2)
		if err != nil {
			return 0, nil, err
		}
		length, window = len(t.Floats), t.Floats
	}
	length, err = c.scalarSize(3, length)
	if err == nil && window != nil && len(window) != length {
		err = fmt.Errorf("a window of %d numbers does not fit frames of length %d", len(window), length)
	}
	return length, window, err
}
