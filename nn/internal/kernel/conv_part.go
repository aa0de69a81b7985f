package kernel

// Part gives share i of n of a convolution, 0 ≤ i < n: the kernels write, and add to,
// a part of what they otherwise would, to the same bits, and the n shares together all
// of it, no element twice. So goroutines can share the work on one block of samples.
func (c *Conv) Part(i, n int) *Conv {
	p := *c
	p.forward.cut(i, n)
	p.backward.cut(i, n)
	p.weights.cutWeights(i, n)
	return &p
}

// Part gives share i of n of an affine map, as that of a convolution.
func (d *Dense) Part(i, n int) *Dense {
	p := *d
	p.conv = d.conv.Part(i, n)
	return &p
}

// A share is what is to be done of a grid.
type share struct {
	outs          span // channels of to, of all groups
	height, width span // pixels of to; rows and cols of the grid have these only
	// Of weight gradients:
	ins    span // channels of from, if maps are single pixels
	taps   span // rows of the kernel; rows of the grid have these only
	noBias bool // another share does the bias
}

// A span is the numbers from lo to hi−1.
type span struct{ lo, hi int }

// spanOf is share i of n of the numbers below size, cut at multiples of step.
func spanOf(i, n, size, step int) span {
	s := span{size * i / n / step * step, size * (i + 1) / n / step * step}
	if i == n-1 {
		s.hi = size
	}
	return s
}

// within is what falls into the n numbers from first on, counted from there.
func (s span) within(first, n int) span {
	return span{min(max(s.lo-first, 0), n), max(min(s.hi-first, n), 0)}
}

// cut leaves share i of n of the pixels: rows, since that changes least for the
// tiles, or columns, or else output channels.
func (g *grid) cut(i, n int) {
	switch {
	case g.toH >= n:
		g.cutPixels(spanOf(i, n, g.toH, 1), span{0, g.toW})
	case g.toW >= 4*n:
		g.cutPixels(span{0, g.toH}, spanOf(i, n, g.toW, 1))
	default:
		g.outs = spanOf(i, n, g.groups*g.to, 4)
	}
}

func (g *grid) cutPixels(rows, cols span) {
	g.height, g.width = rows, cols
	g.rows, g.cols = within(g.rows, rows), within(g.cols, cols)
	p := *g.padded
	p.rows, p.cols = within(p.rows, rows), within(p.cols, cols)
	g.padded = &p
}

// within cuts runs down to the pixels of a span.
func within(segs []seg, s span) (part []seg) {
	for _, run := range segs {
		first, end := ceilDiv(s.lo-run.out, run.outStep), ceilDiv(s.hi-run.out, run.outStep)
		first, end = max(first, 0), min(end, run.n)
		if first < end {
			run.out += first * run.outStep
			run.in += first * run.inStep
			run.n = end - first
			part = append(part, run)
		}
	}
	return part
}

// cutWeights leaves share i of n of the weights: of output channels, four at a time, and
// if they do not suffice, of kernel rows; of inputs where maps are single pixels.
func (g *grid) cutWeights(i, n int) {
	if g.dense() {
		g.ins = spanOf(i, n, g.from, Lanes)
		g.noBias = i > 0
		return
	}
	channels := n
	for n%channels > 0 || channels > max(1, g.groups*g.to/4) {
		channels--
	}
	g.outs = spanOf(i%channels, channels, g.groups*g.to, 4)
	g.taps = spanOf(i/channels, n/channels, g.wFrom/g.wRow, 1)
	g.rows = withinTaps(g.rows, g.taps)
	p := *g.padded
	p.rows = withinTaps(p.rows, g.taps)
	g.padded = &p
	g.noBias = i >= channels
}

// withinTaps cuts runs down to some of the kernel's rows.
func withinTaps(segs []seg, taps span) (part []seg) {
	for _, run := range segs {
		s := taps.within(run.k, run.kn)
		run.k += s.lo
		run.in += s.lo * run.tapStep
		run.kn = max(s.hi-s.lo, 0)
		part = append(part, run)
	}
	return part
}
