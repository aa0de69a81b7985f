package layer

import (
	"github.com/gonn-toolkit/gonn/nn/internal/kernel"
	"github.com/gonn-toolkit/gonn/nn/op"
)

// planar keeps the row pitch of the input in the output of the kernel, so that output pixel p
// reads input pixel p plus an offset that depends only on the tap. A step before adds the
// padding. A step after removes the ends of rows, which are not pixels, and the pixels between
// strides. With large strides the taps are gathered first instead.
func (o *convOp) planar(x op.Planes) []op.PlanarStep {
	c := o.conv
	y := op.NewPlanes(c.Out, o.shape[1], o.shape[2])
	if c.Groups > 1 {
		y.Grain = c.Out / c.Groups
	}
	if y.H*y.W <= maxPatchPixels {
		return o.planarPatches(x, y)
	}
	if c.gathers() {
		return o.planarGathered(x, y)
	}
	var steps []op.PlanarStep
	if c.Pads != [4]int{} {
		padded := op.NewPlanes(x.Channels, x.H+c.Pads[0]+c.Pads[2], x.W+c.Pads[1]+c.Pads[3])
		padded.Grain = x.Grain
		steps = append(steps, planarPad(x, padded, c.Pads[0], c.Pads[1], 0))
		x = padded
	}
	wide := op.NewPlanes(c.Out, (y.H-1)*c.Stride[0]+1, x.W)
	wide.Grain = y.Grain
	steps = append(steps, planarConv(x, wide, wide.W*(wide.H-1)+(y.W-1)*c.Stride[1]+1, c))
	if wide.W > y.W || wide.H > y.H {
		steps = append(steps, planarPick(wide, y, c.Stride))
	}
	return steps
}

// gathers reports whether gathering the taps costs less than computing the pixels that the stride
// skips. Moving a number takes about as long as multiplying a vector, and each number is
// multiplied once for every output channel of its group.
func (c Conv) gathers() bool {
	width := op.Lanes
	if name, _ := kernel.Backend(); name == "go" {
		width = 1
	}
	return (c.Stride[0]*c.Stride[1]-1)*c.Out/c.Groups > width
}

// planarConv computes the first pixels of maps with the row pitch of the input.
func planarConv(in, out op.Planes, pixels int, c Conv) op.PlanarStep {
	g := kernel.Single{
		KH: c.Kernel[0], KW: c.Kernel[1], DilationH: c.Dilation[0], DilationW: c.Dilation[1],
		Pitch: in.W, XPlane: in.Plane, YPlane: out.Plane, N: op.NewPlanes(1, 1, pixels).Plane,
	}
	channels := in.Channels / c.Groups
	perOut := channels * g.KH * g.KW
	return op.PlanarStep{To: out, Mixes: true, MACs: out.Channels * perOut * g.N, Run: func(s op.Share, w op.Weights, x [][]float32, y []float32) {
		lo, hi := out.Share(s)
		if lo == hi {
			return
		}
		g, from := g, x[0]
		g.Out, g.Groups = hi-lo, 1
		if c.Groups > 1 {
			g.Groups = g.Out / out.Grain
			from = from[lo/out.Grain*channels*in.Plane:]
		}
		g.In = channels * g.Groups
		b := bias(w)
		if b != nil {
			b = b[lo:hi]
		}
		kernel.ConvSingle(y[lo*out.Plane:], from, w[0][lo*perOut:hi*perOut], b, &g)
	}}
}

// planarGathered is im2col: it makes a map of every tap of every input channel, and multiplies
// these by a 1×1 convolution.
func (o *convOp) planarGathered(x, y op.Planes) []op.PlanarStep {
	c := o.conv
	area := c.Kernel[0] * c.Kernel[1]
	taps := op.NewPlanes(x.Channels*area, y.H, y.W)
	taps.Grain = x.Grain * area
	gather := op.PlanarStep{To: taps, Run: func(s op.Share, _ op.Weights, from [][]float32, to []float32) {
		for i, hi := x.Share(s); i < hi; i++ {
			for k := range area {
				c.gather(to[(i*area+k)*taps.Plane:], from[0][i*x.Plane:], k/c.Kernel[1], k%c.Kernel[1], x, y)
			}
		}
	}}
	pointwise := Conv{Out: c.Out, Kernel: [2]int{1, 1}, Groups: c.Groups}.Normal()
	return []op.PlanarStep{gather, planarConv(taps, y, y.H*y.W, pointwise)}
}

// gather writes the input of each pixel of y for tap ky, kx.
func (c Conv) gather(to, from []float32, ky, kx int, x, y op.Planes) {
	lo, hi := tapRange(kx, c.Dilation[1], c.Stride[1], c.Pads[1], x.W, y.W)
	first := lo*c.Stride[1] + kx*c.Dilation[1] - c.Pads[1]
	for row := range y.H {
		out := to[row*y.W:][:y.W]
		at := row*c.Stride[0] + ky*c.Dilation[0] - c.Pads[0]
		if at < 0 || at >= x.H || lo >= hi {
			clear(out)
			continue
		}
		clear(out[:lo])
		pickEvery(out[lo:hi], from[at*x.W+first:], c.Stride[1])
		clear(out[hi:])
	}
}

// tapRange is the range lo…hi−1 of pixels along an axis for which tap k is inside the input, of
// the given size.
func tapRange(k, dilation, stride, pad, size, pixels int) (lo, hi int) {
	first := k*dilation - pad // index in the input for pixel 0
	if first < 0 {
		lo = (stride - 1 - first) / stride
	}
	if last := size - 1 - first; last >= 0 {
		hi = min(last/stride+1, pixels)
	}
	return min(lo, pixels), hi
}

// pickEvery copies every step-th number of from.
func pickEvery(to, from []float32, step int) {
	switch step {
	case 1:
		copy(to, from)
	case 2:
		from = from[:2*len(to)-1]
		for i := range to {
			to[i] = from[2*i]
		}
	default:
		for i := range to {
			to[i] = from[i*step]
		}
	}
}

// planarPick copies the pixels at multiples of the strides.
func planarPick(in, out op.Planes, stride [2]int) op.PlanarStep {
	return op.PlanarStep{To: out, Run: func(s op.Share, _ op.Weights, x [][]float32, y []float32) {
		for c, hi := in.Share(s); c < hi; c++ {
			from, to := x[0][c*in.Plane:], y[c*out.Plane:]
			if stride[1] == 1 {
				kernel.CopyRows(to, from, out.H, out.W, stride[0]*in.W)
				continue
			}
			for row := range out.H {
				pickEvery(to[row*out.W:][:out.W], from[row*stride[0]*in.W:], stride[1])
			}
		}
	}}
}
