package nn

import (
	"github.com/gonn-toolkit/gonn/nn/internal/kernel"
	"github.com/gonn-toolkit/gonn/nn/op"
)

// Planar: the kernel keeps the pitch of its input's rows, so that output pixel p reads
// input pixel p plus an offset that depends on the tap alone. Padding is a step before,
// which makes room for the zeros, and one behind cuts the ends of rows off, which are
// no pixels. Columns that a stride skips would break the offsets.
func (o *convOp) Planar(in []op.Planes) ([]op.PlanarStep, bool) {
	c, x := o.conv.Normal(), in[0]
	if c.Stride != [2]int{1, 1} {
		return nil, false
	}
	var steps []op.PlanarStep
	if c.Pads != [4]int{} {
		padded := op.NewPlanes(x.Channels, x.H+c.Pads[0]+c.Pads[2], x.W+c.Pads[1]+c.Pads[3])
		padded.Together = x.Together
		steps = append(steps, planarPad(x, padded, c.Pads[0], c.Pads[1], 0))
		x = padded
	}
	y := op.NewPlanes(c.Out, o.shape[1], o.shape[2])
	if c.Groups > 1 {
		y.Together = c.Out / c.Groups
	}
	wide := y
	wide.W = x.W
	wide.Plane = op.NewPlanes(1, wide.H, wide.W).Plane
	steps = append(steps, o.planarConv(x, wide, y.W))
	if wide.W > y.W {
		steps = append(steps, planarCrop(wide, y))
	}
	return steps, true
}

// planarConv computes maps whose rows are as long as those of x. Of each row, so many
// floats count.
func (o *convOp) planarConv(in, out op.Planes, count int) op.PlanarStep {
	c := o.conv.Normal()
	g := kernel.Single{
		KH: c.Kernel[0], KW: c.Kernel[1], DilationH: c.Dilation[0], DilationW: c.Dilation[1],
		Pitch: in.W, XPlane: in.Plane, YPlane: out.Plane, N: op.NewPlanes(1, 1, (out.H-1)*out.W+count).Plane,
	}
	channels := in.Channels / c.Groups
	perOut := channels * g.KH * g.KW
	return op.PlanarStep{To: out, Mixes: true, Run: func(s op.Share, w op.Weights, x [][]float32, y []float32) {
		lo, hi := out.Share(s)
		if lo == hi {
			return
		}
		g, from := g, x[0]
		g.Out, g.Groups = hi-lo, 1
		if c.Groups > 1 {
			g.Groups = g.Out / out.Together
			from = from[lo/out.Together*channels*in.Plane:]
		}
		g.In = channels * g.Groups
		b := bias(w)
		if b != nil {
			b = b[lo:hi]
		}
		kernel.ConvSingle(y[lo*out.Plane:], from, w[0][lo*perOut:hi*perOut], b, &g)
	}}
}

// planarPad copies maps to the middle of larger ones, which are of one value around it.
func planarPad(in, out op.Planes, top, left int, value float32) op.PlanarStep {
	return op.PlanarStep{To: out, Run: func(s op.Share, _ op.Weights, x [][]float32, y []float32) {
		for c, hi := in.Share(s); c < hi; c++ {
			from, to := x[0][c*in.Plane:], y[c*out.Plane:][:out.H*out.W]
			end := 0 // of what has been written
			for row := range in.H {
				at := (top+row)*out.W + left
				fill(to[end:at], value)
				end = at + copy(to[at:], from[row*in.W:][:in.W])
			}
			fill(to[end:], value)
		}
	}}
}

// planarCrop copies the first pixels of each row.
func planarCrop(in, out op.Planes) op.PlanarStep {
	return op.PlanarStep{To: out, Run: func(s op.Share, _ op.Weights, x [][]float32, y []float32) {
		for c, hi := in.Share(s); c < hi; c++ {
			from, to := x[0][c*in.Plane:], y[c*out.Plane:]
			for row := range out.H {
				copy(to[row*out.W:][:out.W], from[row*in.W:])
			}
		}
	}}
}
