package layer

import (
	"github.com/gonn-toolkit/gonn/nn/internal/kernel"
	"github.com/gonn-toolkit/gonn/nn/op"
)

// Planar is a 1×1 convolution, which multiplies each input pixel by the weights of each tap and
// output channel, and a step that adds the products to the output pixels (col2im).
func (o *convTransposeOp) Planar(in []op.Planes, _ int) ([]op.PlanarStep, bool) {
	x := in[0]
	y := op.NewPlanes(o.c.Out, o.shape[1], o.shape[2])
	if o.c.Groups > 1 {
		y.Grain = o.c.Out / o.c.Groups
	}
	area := o.c.Kernel[0] * o.c.Kernel[1]
	taps := op.NewPlanes(o.c.Out*area, x.H, x.W)
	taps.Grain = y.Grain * area
	add := op.PlanarStep{To: y, Run: func(s op.Share, w op.Weights, from [][]float32, to []float32) {
		b := bias(w)
		for c, hi := y.Share(s); c < hi; c++ {
			out := to[c*y.Plane:][:y.H*y.W]
			if b != nil {
				fill(out, b[c])
			} else {
				clear(out)
			}
			for k := range area {
				o.c.addTap(out, from[0][(c*area+k)*taps.Plane:], k/o.c.Kernel[1], k%o.c.Kernel[1], x, y)
			}
		}
	}}
	if x.H*x.W <= maxTransposedPixels {
		return append(o.planarPixels(x, taps), add), true
	}
	return []op.PlanarStep{o.planarTaps(x, taps), add}, true
}

// planarTaps is the convolution. Its weights are those of the layer transposed, in scratch
// memory.
func (o *convTransposeOp) planarTaps(x, taps op.Planes) op.PlanarStep {
	groups := o.c.Groups
	in, out := x.Channels/groups, taps.Channels/groups
	conv := planarConv(x, taps, x.H*x.W, Conv{Out: taps.Channels, Kernel: [2]int{1, 1}, Groups: groups}.Normal())
	run := conv.Run
	conv.Scratch = in * taps.Channels
	conv.Run = func(s op.Share, w op.Weights, from [][]float32, to []float32) {
		transposed := to[taps.Size():][:conv.Scratch]
		lo, hi := taps.Share(s)
		for c := lo; c < hi; {
			g := c / out
			end := min((g+1)*out, hi)
			part := w[0][g*in*out:][:in*out]
			transposeColumns(transposed[c*in:end*in], part, in, out, c-g*out)
			c = end
		}
		run(s, op.Weights{transposed}, from, to)
	}
	return conv
}

// maxTransposedPixels is the largest number of input pixels for which multiplying by the weights
// as they are costs less than transposing them.
const maxTransposedPixels = 2

// planarPixels is planarTaps for a few pixels, one by one.
func (o *convTransposeOp) planarPixels(x, taps op.Planes) []op.PlanarStep {
	gather := Conv{Kernel: [2]int{1, 1}}.Normal().gatherPatches(x, x)
	in, out, pixels := x.Channels/o.c.Groups, taps.Channels/o.c.Groups, x.H*x.W
	multiply := op.PlanarStep{To: taps, Mixes: true, MACs: 8 * o.MACs(), Scratch: taps.Channels} // in plain Go
	multiply.Run = func(s op.Share, w op.Weights, from [][]float32, to []float32) {
		lo, hi := taps.Share(s)
		sums := to[taps.Size():]
		for p := range pixels {
			for i := lo; i < hi; {
				g := i / out
				end := min((g+1)*out, hi)
				pixel := from[0][p*gather.To.Plane+g*in:][:in]
				kernel.DenseTransposedSingle(sums[i:end], pixel, w[0][g*in*out+i-g*out:], out)
				i = end
			}
			for i := lo; i < hi; i++ {
				to[i*taps.Plane+p] = sums[i]
			}
		}
	}
	return []op.PlanarStep{gather, multiply}
}

// transposeColumns writes columns of a matrix of rows × cols, from column first on, as rows.
func transposeColumns(to, from []float32, rows, cols, first int) {
	if len(to) == len(from) {
		kernel.Transpose(to, from, rows, cols)
		return
	}
	for c := range len(to) / rows {
		row := to[c*rows:][:rows]
		for r := range row {
			row[r] = from[r*cols+first+c]
		}
	}
}

// addTap adds the products of tap ky, kx to the output pixels.
func (c ConvTranspose) addTap(to, from []float32, ky, kx int, x, y op.Planes) {
	lo, hi := tapRange(kx, c.Dilation[1], c.Stride[1], c.Pads[1], y.W, x.W)
	step := c.Stride[1]
	first := lo*step + kx*c.Dilation[1] - c.Pads[1]
	if lo >= hi {
		return
	}
	for row := range x.H {
		at := row*c.Stride[0] + ky*c.Dilation[0] - c.Pads[0]
		if at < 0 || at >= y.H {
			continue
		}
		out := to[at*y.W+first:]
		for i, v := range from[row*x.W:][lo:hi] {
			out[i*step] += v
		}
	}
}
