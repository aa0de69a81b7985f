package nn

import "github.com/gonn-toolkit/gonn/nn/internal/kernel"

// single: the kernel keeps the pitch of its input's rows, so that output pixel p reads
// input pixel p plus an offset that depends on the tap alone. Padding is a step before,
// which makes room for the zeros, and one behind cuts the ends of rows off, which are
// no pixels. Columns that a stride skips would break the offsets.
func (o *convOp) single(x layout) ([]singleStep, bool) {
	c := o.conv.Normal()
	if c.Stride != [2]int{1, 1} {
		return nil, false
	}
	var steps []singleStep
	top, left, bottom, right := c.Pads[0], c.Pads[1], c.Pads[2], c.Pads[3]
	if top+left+bottom+right > 0 {
		padded := newLayout(x.channels, x.h+top+bottom, x.w+left+right)
		padded.together = x.together
		steps = append(steps, copyRows(x, padded, top*padded.w+left, x.h, x.w))
		x = padded
	}
	y := newLayout(c.Out, o.shape[1], o.shape[2])
	if c.Groups > 1 {
		y.together = c.Out / c.Groups
	}
	wide := y
	wide.w = x.w
	wide.plane = newLayout(1, wide.h, wide.w).plane
	steps = append(steps, o.singleConv(x, wide, y.w))
	if wide.w > y.w {
		steps = append(steps, copyRows(wide, y, 0, y.h, y.w))
	}
	return steps, true
}

// singleConv computes y, whose rows are as long as those of x. Of each, so many floats
// count.
func (o *convOp) singleConv(x, y layout, count int) singleStep {
	c := o.conv.Normal()
	g := kernel.Single{
		KH: c.Kernel[0], KW: c.Kernel[1], DilationH: c.Dilation[0], DilationW: c.Dilation[1],
		Pitch: x.w, XPlane: x.plane, YPlane: y.plane, N: newLayout(1, 1, (y.h-1)*y.w+count).plane,
	}
	in := x.channels / c.Groups
	perOut := in * g.KH * g.KW
	return singleStep{to: y, mixes: true, run: func(s share, w Weights, from, to []float32) {
		lo, hi := s.channels(y)
		if lo == hi {
			return
		}
		g := g
		g.Out, g.Groups = hi-lo, 1
		if c.Groups > 1 {
			g.Groups = g.Out / y.together
			from = from[lo/y.together*in*x.plane:]
		}
		g.In = in * g.Groups
		b := w.bias()
		if b != nil {
			b = b[lo:hi]
		}
		kernel.ConvSingle(to[lo*y.plane:], from, w[0][lo*perOut:hi*perOut], b, &g)
	}}
}

// copyRows copies h rows of w floats of each map, to where a map's offset is at.
func copyRows(x, y layout, at, h, w int) singleStep {
	return singleStep{to: y, run: func(s share, _ Weights, from, to []float32) {
		for c, hi := s.channels(x); c < hi; c++ {
			from, to := from[c*x.plane:], to[c*y.plane+at:]
			for row := range h {
				copy(to[row*y.w:][:w], from[row*x.w:])
			}
		}
	}}
}

func (o *denseOp) single(layout) ([]singleStep, bool) {
	y := layoutOf(o.Shape())
	in := o.d.In
	return []singleStep{{to: y, mixes: true, run: func(s share, w Weights, from, to []float32) {
		lo, hi := s.of(o.d.Out)
		b := w.bias()
		if b != nil {
			b = b[lo:hi]
		}
		kernel.DenseSingle(to[lo:hi], from[:in], w[0][lo*in:hi*in], b)
	}}}, true
}

func (o softmaxOp) single(x layout) ([]singleStep, bool) {
	if len(o.shape) != 1 {
		return nil, false
	}
	return []singleStep{{to: x, mixes: true, run: func(s share, _ Weights, from, to []float32) {
		if s.i == 0 {
			copy(to, from)
			Probabilities(to[:o.shape.Size()])
		}
	}}}, true
}

// single runs over whole planes, with what lies between the rows. A learned parameter that is neither
// one for all nor one for each channel is laid out like x.
func (o *activationOp) single(x layout) ([]singleStep, bool) {
	f, learned := o.act.Func.Forward, o.act.Func.Arg == Learned
	perChannel := learned && len(o.shape) == 3 && len(o.param) == 3 && o.param[0] == o.param.Size() && o.param[0] > 1
	var each []float32
	if learned && !perChannel && o.param.Size() > 1 {
		each = x.buffer()
	}
	return []singleStep{{to: x, run: func(s share, w Weights, from, to []float32) {
		first, end := s.channels(x)
		lo, hi := first*x.plane, end*x.plane
		switch {
		case !learned:
			f(to[lo:hi], from[lo:hi], o.fixed)
		case each != nil:
			o.spread(each, w[0], x, first, end)
			f(to[lo:hi], from[lo:hi], each[lo:hi])
		case perChannel:
			for c := first; c < end; c++ {
				lo, hi := c*x.plane, (c+1)*x.plane
				f(to[lo:hi], from[lo:hi], w[0][c:c+1])
			}
		default:
			f(to[lo:hi], from[lo:hi], w[0])
		}
	}}}, true
}

// spread lays the learned parameter of some channels out like x.
func (o *activationOp) spread(dst, param []float32, x layout, first, end int) {
	size := x.h * x.w
	if len(param) == o.shape.Size() {
		for c := first; c < end; c++ {
			copy(dst[c*x.plane:][:size], param[c*size:])
		}
		return
	}
	for _, r := range o.runs {
		values := r.of(param)
		for i := max(r.lo, first*size); i < min(r.hi, end*size); i++ {
			dst[i/size*x.plane+i%size] = values[min(i-r.lo, len(values)-1)]
		}
	}
}
