package nn

import "github.com/gonn-toolkit/gonn/nn/internal/kernel"

// single: a convolution keeps the input's pitch, so that output pixel p reads input
// pixel p plus an offset that depends on the tap alone. Padding needs a copy with room
// for the zeros; columns that a stride skips would break the offsets.
func (o *convOp) single(x layout) (layout, func(w Weights, x, y []float32), bool) {
	c := o.conv.Normal()
	if c.Stride != [2]int{1, 1} {
		return layout{}, nil, false
	}
	top, left, bottom, right := c.Pads[0], c.Pads[1], c.Pads[2], c.Pads[3]
	in := x
	var padded []float32
	if top+left+bottom+right > 0 {
		in = newLayout(x.channels, x.h+top+bottom, x.w+left+right, x.w+left+right)
		padded = make([]float32, in.channels*in.plane+slack)
	}
	out := newLayout(c.Out, o.shape[1], o.shape[2], in.pitch)
	g := kernel.Single{
		In: x.channels, Out: c.Out, Groups: c.Groups,
		KH: c.Kernel[0], KW: c.Kernel[1], DilationH: c.Dilation[0], DilationW: c.Dilation[1],
		Pitch: in.pitch, XPlane: in.plane, YPlane: out.plane, N: out.plane,
	}
	if g.Reads() > in.channels*in.plane+slack { // cannot be: a plane ends less than a vector early
		return layout{}, nil, false
	}
	return out, func(w Weights, from, y []float32) {
		if padded != nil {
			x.rows(func(at, i int) {
				c, row := i/(x.w*x.h), i/x.w%x.h
				copy(padded[c*in.plane+(row+top)*in.pitch+left:][:x.w], from[at:])
			})
			from = padded
		}
		kernel.ConvSingle(y, from, w[0], w.bias(), &g)
	}, true
}

func (o *denseOp) single(x layout) (layout, func(w Weights, x, y []float32), bool) {
	return layoutOf(o.Shape()), func(w Weights, from, y []float32) {
		kernel.DenseSingle(y[:o.d.Out], from[:o.d.In], w[0], w.bias())
	}, true
}

// single closes the gaps.
func (o flattenOp) single(x layout) (layout, func(w Weights, x, y []float32), bool) {
	return layoutOf(o.shape), func(_ Weights, from, y []float32) {
		x.rows(func(at, i int) { copy(y[i:i+x.w], from[at:]) })
	}, true
}

func (o softmaxOp) single(x layout) (layout, func(w Weights, x, y []float32), bool) {
	return x, func(_ Weights, from, y []float32) {
		copy(y, from)
		Probabilities(y[:o.shape.Size()])
	}, true
}

// single: a function without learned parameter, or with one for all or for each
// channel, runs over whole planes, rubbish included. Otherwise every value meets its
// own parameter, laid out like x. The slope has a kernel for that; other functions work
// on a block of which one lane is used.
func (o *activationOp) single(x layout) (layout, func(w Weights, x, y []float32), bool) {
	f, all := o.act.Func.Forward, x.channels*x.plane
	if o.act.Func.Arg != Learned {
		return x, func(_ Weights, from, y []float32) { f(y[:all], from[:all], o.fixed) }, true
	}
	switch per := o.param.Size(); {
	case per == 1:
		return x, func(w Weights, from, y []float32) { f(y[:all], from[:all], w[0]) }, true
	case len(o.shape) == 3 && len(o.param) == 3 && o.param[0] == per:
		return x, func(w Weights, from, y []float32) {
			for c := range w[0] {
				lo, hi := c*x.plane, (c+1)*x.plane
				f(y[lo:hi], from[lo:hi], w[0][c:c+1])
			}
		}, true
	}
	each := make([]float32, all)
	if o.act.Func.Role == Slope {
		return x, func(w Weights, from, y []float32) {
			o.spread(each, w[0], x)
			kernel.SlopeEach(y[:all], from, each)
		}, true
	}
	lanes := make([]float32, all*Lanes)
	return x, func(w Weights, from, y []float32) {
		o.spread(each, w[0], x)
		for i, v := range from[:all] {
			lanes[i*Lanes] = v
		}
		f(lanes, lanes, each)
		for i := range all {
			y[i] = lanes[i*Lanes]
		}
	}, true
}

// spread lays a learned parameter out like x.
func (o *activationOp) spread(dst, param []float32, x layout) {
	if len(param) == o.shape.Size() {
		x.rows(func(at, i int) { copy(dst[at:at+x.w], param[i:]) })
		return
	}
	for _, r := range o.runs {
		values := r.of(param)
		for i := r.lo; i < r.hi; i++ {
			row := i / x.w
			dst[row/x.h*x.plane+row%x.h*x.pitch+i%x.w] = values[min(i-r.lo, len(values)-1)]
		}
	}
}
