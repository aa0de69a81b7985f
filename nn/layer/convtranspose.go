package layer

import (
	"cmp"
	"fmt"

	"github.com/gonn-toolkit/gonn/nn/internal/kernel"
	"github.com/gonn-toolkit/gonn/nn/op"
)

// ConvTranspose is a transposed convolution: each pixel of the input, times the weights, is added
// to a window of the output:
//
//	y[oc][iy·s+ky·d−pad][ix·s+kx·d−pad] = b[oc] + Σ w[ic][oc][ky][kx] · x[ic][iy][ix]
//
// Shapes: (C, H, W) → (Out, H', W') with
// H' = (H − 1)·s − top − bottom + d·(kernel−1) + 1 + OutputPad. The weight has shape
// (C, Out/Groups, kh, kw), the bias (Out). Output pixels outside all windows are b[oc].
//
// Gradient: dx is the convolution of dy with the same weight, ∂b[oc] = Σ dy[oc].
//
// ONNX: ConvTranspose. The weight has the same shape in PyTorch; Keras stores (kh, kw, Out, C).
// Keras's padding="same" has an output of H·s: pads of max(kernel − s, 0) in total, with the odd
// one at the end, and an OutputPad of max(s − kernel, 0).
type ConvTranspose struct {
	Out       int    // output channels
	Kernel    [2]int // height, width
	Stride    [2]int // 0 means 1
	Dilation  [2]int // 0 means 1
	Pads      [4]int // top, left, bottom, right: rows and columns removed from the output
	OutputPad [2]int // rows and columns added at the end
	Groups    int    // 0 means 1
	NoBias    bool
}

func (ConvTranspose) Kind() string { return "ConvTranspose" }
func (ConvTranspose) Stem() string { return "convtranspose" }

// Normal returns the layer with defaults in place of zero values: stride, dilation and groups
// of 1.
func (c ConvTranspose) Normal() ConvTranspose {
	for i := range 2 {
		c.Stride[i] = max(c.Stride[i], 1)
		c.Dilation[i] = max(c.Dilation[i], 1)
	}
	c.Groups = max(c.Groups, 1)
	return c
}

func (c ConvTranspose) Bind(in []op.Shape) (op.Op, error) {
	if err := oneMap(in); err != nil {
		return nil, err
	}
	x := in[0]
	if err := c.check(x); err != nil {
		return nil, err
	}
	c = c.Normal()
	y := op.Shape{c.Out, 0, 0}
	for i := range 2 {
		y[1+i] = (x[1+i]-1)*c.Stride[i] - c.Pads[i] - c.Pads[i+2] + c.Dilation[i]*(c.Kernel[i]-1) + 1 + c.OutputPad[i]
	}
	if err := y.Check(op.MaxElements); err != nil {
		return nil, fmt.Errorf("output: %w; with pads %v of input %v", err, c.Pads, x)
	}
	g := kernel.Conv{ // the convolution from y to x
		In: c.Out, Out: x[0], H: y[1], W: y[2], OH: x[1], OW: x[2], KH: c.Kernel[0], KW: c.Kernel[1],
		StrideH: c.Stride[0], StrideW: c.Stride[1], DilationH: c.Dilation[0], DilationW: c.Dilation[1],
		PadTop: c.Pads[0], PadLeft: c.Pads[1], Groups: c.Groups,
	}
	return &convTransposeOp{c: c, x: x, shape: y, g: g.Plan(), share: op.Whole}, nil
}

func (c ConvTranspose) check(x op.Shape) error {
	if err := cmp.Or(
		within("Out", 1, c.Out),
		within("Kernel height", 1, c.Kernel[0]),
		within("Kernel width", 1, c.Kernel[1]),
		within("Stride", 0, c.Stride[:]...),
		within("Dilation", 0, c.Dilation[:]...),
		within("Pads", 0, c.Pads[:]...),
		within("OutputPad", 0, c.OutputPad[:]...),
		within("Groups", 0, c.Groups),
	); err != nil {
		return err
	}
	c = c.Normal()
	if x[0]%c.Groups != 0 || c.Out%c.Groups != 0 {
		return fmt.Errorf("%d groups do not divide %d input and %d output channels", c.Groups, x[0], c.Out)
	}
	for i := range 2 {
		if c.OutputPad[i] >= max(c.Stride[i], c.Dilation[i]) {
			return fmt.Errorf("OutputPad is %v, need less than the stride %v or dilation %v", c.OutputPad, c.Stride, c.Dilation)
		}
	}
	return nil
}

type convTransposeOp struct {
	c        ConvTranspose
	x, shape op.Shape
	g        *kernel.Conv
	share    op.Share
}

func (o *convTransposeOp) Shape() op.Shape { return o.shape }

// Params has the fan-in and fan-out that both frameworks use: those of the convolution from y to
// x.
func (o *convTransposeOp) Params() []op.ParamSpec {
	area := o.c.Kernel[0] * o.c.Kernel[1]
	w := op.ParamSpec{
		Name: "weight", Shape: op.Shape{o.x[0], o.c.Out / o.c.Groups, o.c.Kernel[0], o.c.Kernel[1]}, Role: op.Weight,
		FanIn: o.c.Out / o.c.Groups * area, FanOut: o.x[0] * area,
	}
	return withBias(w, o.c.Out, !o.c.NoBias)
}

func (o *convTransposeOp) MACs() int {
	return o.x.Size() * o.c.Out / o.c.Groups * o.c.Kernel[0] * o.c.Kernel[1]
}

func (o *convTransposeOp) Split(i, n int) op.Op {
	part := *o
	part.g, part.share = o.g.Part(i, n), op.Share{I: i, N: n}
	return &part
}

func (o *convTransposeOp) Forward(c *op.Call) {
	kernel.ConvTransposeForward(c.Y.Data, c.X[0].Data, c.W[0], bias(c.W), o.g)
}

func (o *convTransposeOp) BackwardReads() (x, y bool) { return true, false }

func (o *convTransposeOp) Backward(c *op.Call) {
	if c.DW[0] != nil {
		kernel.ConvTransposeWeightGrad(c.DW[0], c.DY.Data, c.X[0].Data, o.g)
	}
	if db := bias(c.DW); db != nil {
		lo, hi := o.share.Of(o.c.Out)
		kernel.ChannelSums(db, c.DY.Data, o.shape[1]*o.shape[2], lo, hi)
	}
	if c.DX[0].Data != nil {
		kernel.ConvTransposeInputGrad(c.DX[0].Data, c.DY.Data, c.W[0], o.g)
	}
}
