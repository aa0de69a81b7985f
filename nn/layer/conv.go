package layer

import (
	"cmp"
	"fmt"

	"github.com/gonn-toolkit/gonn/nn/internal/kernel"
	"github.com/gonn-toolkit/gonn/nn/op"
)

// Conv is a two-dimensional convolution (cross-correlation, as in all frameworks):
//
//	y[oc][oy][ox] = b[oc] + Σ w[oc][ic][ky][kx] · x[ic][oy·s+ky·d−pad][ox·s+kx·d−pad]
//
// Shapes: (C, H, W) → (Out, H', W') with H' = (H + top + bottom − d·(kernel−1) − 1)/s + 1,
// rounded down. The weight has shape (Out, C/Groups, kh, kw), the bias (Out).
//
// Gradient: ∂w[oc][ic][ky][kx] = Σ dy[oc][oy][ox] · x[ic][oy·s+ky·d−pad][ox·s+kx·d−pad],
// ∂b[oc] = Σ dy[oc], and dx is the transposed convolution of dy with the same weight.
//
// ONNX: Conv. The weight has the same shape in PyTorch; Keras stores (kh, kw, C/Groups, Out).
type Conv struct {
	Out      int    // output channels
	Kernel   [2]int // height, width
	Stride   [2]int // 0 means 1
	Dilation [2]int // 0 means 1
	Pads     [4]int // top, left, bottom, right, as in ONNX; Keras's "same" may be asymmetric
	Groups   int    // 0 means 1; a depthwise convolution if equal to the input's channels
	NoBias   bool
}

func (Conv) Kind() string { return "Conv" }
func (Conv) Stem() string { return "conv" }

// Normal returns the layer with defaults in place of zero values: stride, dilation and groups
// of 1.
func (c Conv) Normal() Conv {
	for i := range 2 {
		c.Stride[i] = max(c.Stride[i], 1)
		c.Dilation[i] = max(c.Dilation[i], 1)
	}
	c.Groups = max(c.Groups, 1)
	return c
}

func (c Conv) Bind(in []op.Shape) (op.Op, error) {
	if err := oneInput(in); err != nil {
		return nil, err
	}
	if err := c.check(in[0]); err != nil {
		return nil, err
	}
	c = c.Normal()
	x := in[0]
	g := kernel.Conv{
		In: x[0], Out: c.Out, H: x[1], W: x[2], KH: c.Kernel[0], KW: c.Kernel[1],
		StrideH: c.Stride[0], StrideW: c.Stride[1], DilationH: c.Dilation[0], DilationW: c.Dilation[1],
		PadTop: c.Pads[0], PadLeft: c.Pads[1], Groups: c.Groups,
	}
	g.OH = (g.H+c.Pads[0]+c.Pads[2]-c.Dilation[0]*(g.KH-1)-1)/g.StrideH + 1
	g.OW = (g.W+c.Pads[1]+c.Pads[3]-c.Dilation[1]*(g.KW-1)-1)/g.StrideW + 1
	o := &convOp{conv: c, channels: x[0], g: &g, shape: op.Shape{g.Out, g.OH, g.OW}, bias: !c.NoBias}
	if o.shape.Check(op.MaxElements) == nil { // else no network takes it, and there is much to plan
		o.g = g.Plan()
	}
	return o, nil
}

func (c Conv) check(x op.Shape) error {
	if len(x) != 3 {
		return fmt.Errorf("got input %v, need (channels, height, width)", x)
	}
	if err := cmp.Or(
		within("Out", 1, c.Out),
		within("Kernel height", 1, c.Kernel[0]),
		within("Kernel width", 1, c.Kernel[1]),
		within("Stride", 0, c.Stride[:]...),
		within("Dilation", 0, c.Dilation[:]...),
		within("Pads", 0, c.Pads[:]...),
		within("Groups", 0, c.Groups),
	); err != nil {
		return err
	}
	c = c.Normal()
	if x[0]%c.Groups != 0 || c.Out%c.Groups != 0 {
		return fmt.Errorf("%d groups do not divide %d input and %d output channels", c.Groups, x[0], c.Out)
	}
	for i, axis := range []string{"height", "width"} {
		need := c.Dilation[i]*(c.Kernel[i]-1) + 1
		if got := x[1+i] + c.Pads[i] + c.Pads[i+2]; got < need {
			return fmt.Errorf("got input %v, whose padded %s %d is less than the kernel's %d", x, axis, got, need)
		}
	}
	return nil
}

type convOp struct {
	conv     Conv
	channels int // of the input
	g        *kernel.Conv
	shape    op.Shape
	bias     bool
}

func (o *convOp) Shape() op.Shape { return o.shape }

func (o *convOp) Params() []op.ParamSpec {
	g := o.g
	area := g.KH * g.KW
	w := op.ParamSpec{
		Name: "weight", Shape: op.Shape{g.Out, g.In / g.Groups, g.KH, g.KW}, Role: op.Weight,
		FanIn: g.In / g.Groups * area, FanOut: g.Out * area,
	}
	return withBias(w, g.Out, o.bias)
}

func (o *convOp) MACs() int {
	g := o.g
	return g.Out * g.OH * g.OW * g.In / g.Groups * g.KH * g.KW
}

func (o *convOp) Split(i, n int) op.Op {
	part := *o
	part.g = o.g.Part(i, n)
	return &part
}

func (o *convOp) Forward(c *op.Call) {
	kernel.ConvForward(c.Y.Data, c.X[0].Data, c.W[0], bias(c.W), o.g)
}

// Accumulates is true without groups: the kernels of depthwise convolutions overwrite.
func (o *convOp) Accumulates() bool { return o.g.Groups == 1 }

func (o *convOp) BackwardReads() (x, y bool) { return true, false }

func (o *convOp) Backward(c *op.Call) {
	o.weightGrad(c)
	if c.DX[0].Data != nil {
		o.inputGrad(c)
	}
}

func (o *convOp) weightGrad(c *op.Call) {
	if db := bias(c.DW); c.DW[0] != nil || db != nil {
		kernel.ConvWeightGrad(c.DW[0], db, c.DY.Data, c.X[0].Data, o.g)
	}
}

func (o *convOp) inputGrad(c *op.Call) {
	grad := kernel.ConvInputGrad
	if c.Accumulate {
		grad = kernel.ConvAddInputGrad
	}
	grad(c.DX[0].Data, c.DY.Data, c.W[0], o.g)
}
