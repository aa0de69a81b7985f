package reference

import "math"

// Estimates of operators that multiply matrices, walk along sequences or transform signals.

// multiplied is the number of elements of a product of matrices.
func multiplied(x, w []int) float64 {
	rows, columns := 1.0, 1.0
	if len(x) > 1 {
		rows = sizeAt(x, -2)
	}
	if len(w) > 1 {
		columns = sizeAt(w, -1)
	}
	return elements(broadcastOf(front(x, 2), front(w, 2))) * rows * columns
}

// gemmSizes are those of a Gemm: of the result, and of the axis that is summed over.
func (c *call) gemmSizes() (rows, columns, depth float64) {
	a, b := c.shape(0), c.shape(1)
	rows, depth, columns = sizeAt(a, 0), sizeAt(a, 1), sizeAt(b, 1)
	if c.flag("transA", false) {
		rows, depth = depth, rows
	}
	if c.flag("transB", false) {
		columns = sizeAt(b, 0)
	}
	return rows, columns, depth
}

// headsOf is the number of heads that an input has.
func (c *call) headsOf(k int, attribute string) float64 {
	if len(c.shape(k)) == 3 {
		return max(1, float64(c.int(attribute, 1)))
	}
	return sizeAt(c.shape(k), 1)
}

// scores is the number of an Attention's products of queries and keys.
func (c *call) scores() float64 {
	q, k := c.shape(0), c.shape(1)
	keys := sizeAt(k, -2) + sizeAt(c.shape(4), 2)
	return sizeAt(q, 0) * c.headsOf(0, "q_num_heads") * sizeAt(q, -2) * keys
}

// attended is Attention's: values, keys with their past, and scores.
func (c *call) attended() float64 {
	q, v := c.shape(0), c.shape(2)
	return c.reads() + c.scores() + elements(front(q, 1))*c.headsOf(0, "q_num_heads")*sizeAt(v, -1)
}

// remembered is LinearAttention's: values, and the state of each head.
func (c *call) remembered() float64 {
	q, k, v := c.shape(0), c.shape(1), c.shape(2)
	return c.reads() + elements(front(q, 1))*c.headsOf(0, "q_num_heads")*sizeAt(v, -1) + sizeAt(k, 0)*sizeAt(k, -1)*sizeAt(v, -1)
}

// recurred is that of RNN, GRU and LSTM: a state for each step.
func (c *call) recurred() float64 {
	x, r := c.shape(0), c.shape(2)
	states := sizeAt(x, 0) * sizeAt(x, 1) * sizeAt(r, 0) * sizeAt(r, 2)
	return c.reads() + 2*states + 2*sizeAt(r, 0)*sizeAt(r, 1)
}

// transformed is the length of DFT's spectra, and how many there are.
func (c *call) transformed() (length, lines float64) {
	x := c.shape(0)
	axis, err := c.dftAxis(len(x))
	if err != nil || len(x) == 0 {
		return 0, 0
	}
	length = 2 * sizeAt(x, axis)
	if c.optional(1) != nil {
		length = numbers(c.given(1))
	}
	return length, elements(x) / sizeAt(x, axis)
}

// framed is the length of STFT's frames, and how many there are.
func (c *call) framed() (length, frames float64) {
	x := c.shape(0)
	length = sizeAt(x, 1)
	switch {
	case c.optional(3) != nil:
		length = numbers(c.given(3))
	case c.optional(2) != nil:
		length = max(1, float64(c.given(2).Len()))
	}
	return length, sizeAt(x, 0) * (1 + sizeAt(x, 1)/numbers(c.given(1)))
}

// roiBins is the number of bins of a region.
func (c *call) roiBins() float64 {
	r := c.roiSettings(0, 0)
	return float64(r.bins[0]) * float64(r.bins[1])
}

// roiPoints is the largest number of points of a region.
func (c *call) roiPoints() float64 {
	r := c.roiSettings(0, 0)
	length := 1.0
	for _, v := range c.given(1).Floats {
		length = max(length, 2*math.Abs(v*r.scale)+1)
	}
	points := 1.0
	for _, bins := range r.bins {
		each := float64(r.ratio)
		if r.ratio == 0 {
			each = math.Ceil(length / float64(bins))
		}
		points *= each * float64(bins)
	}
	return points
}
