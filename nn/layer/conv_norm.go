package layer

import (
	"sync"

	"github.com/gonn-toolkit/gonn/nn/internal/kernel"
	"github.com/gonn-toolkit/gonn/nn/op"
)

// Fuse takes over a convolution that reads the output.
func (o *normActLoopOp) Fuse(next op.Op, _ int, training bool) (op.Op, bool) {
	conv, ok := next.(*convOp)
	if !ok || !training || o.norm.plane == 1 {
		return nil, false
	}
	return &normConvOp{*o, conv, conv, len(o.Params())}, true
}

// normConvOp is a batch normalisation with an activation, and the convolution of its output, which
// is not stored: the convolution computes it from the normalisation's input wherever it copies
// what it reads. The gradient of the normalisation's output is left in DX until the statistics of
// the batch are known.
type normConvOp struct {
	norm        normActLoopOp
	conv, whole *convOp // the share and all of it
	params      int     // of norm
}

func (o *normConvOp) Shape() op.Shape            { return o.conv.shape }
func (o *normConvOp) MACs() int                  { return o.conv.MACs() }
func (o *normConvOp) BackwardReads() (x, y bool) { return true, false }

// Params: both have a weight and a bias, whose names must differ.
func (o *normConvOp) Params() []op.ParamSpec {
	list := o.norm.Params()
	for _, p := range o.conv.Params() {
		p.Name = "conv." + p.Name
		list = append(list, p)
	}
	return list
}

func (o *normConvOp) Split(i, n int) op.Op {
	return &normConvOp{*o.norm.Split(i, n).(*normActLoopOp), o.conv.Split(i, n).(*convOp), o.whole, o.params}
}

// ofConv are the convolution's parameters, or their gradients.
func (o *normConvOp) ofConv(w op.Weights) op.Weights { return w[o.params:] }

func (o *normConvOp) NumStatistics() int { return o.norm.NumStatistics() }

func (o *normConvOp) ForwardStatistics(c *op.Call, stats []float64) {
	o.norm.ForwardStatistics(c, stats)
}

func (o *normConvOp) MergeForward(blocks [][]float64, total []float64) {
	o.norm.MergeForward(blocks, total)
}

func (o *normConvOp) UpdateRunning(w op.Weights, total []float64) { o.norm.UpdateRunning(w, total) }

// normInputs has memory for the numbers of normalised inputs.
var normInputs = sync.Pool{New: func() any { return new(kernel.NormInput) }}

// input is what the convolution makes of its input.
func (o *normConvOp) input(c *op.Call) *kernel.NormInput {
	in := normInputs.Get().(*kernel.NormInput)
	in.Func, in.Channels = o.norm.f, in.Channels[:0]
	for ch := range o.norm.norm.channels {
		in.Channels = append(in.Channels, o.norm.numbers(c, ch))
	}
	return in
}

func (o *normConvOp) Forward(c *op.Call) {
	in := o.input(c)
	defer normInputs.Put(in)
	w := o.ofConv(c.W)
	kernel.ConvForwardNorm(c.Y.Data, c.X[0].Data, w[0], bias(w), o.conv.g, in)
}

// BackwardStatistics is the backward pass of the convolution, and then that of the statistics.
func (o *normConvOp) BackwardStatistics(c *op.Call, stats []float64) {
	o.weightGrad(c)
	if c.DX[0].Data == nil {
		o.alone(c, func(norm *normActLoopOp, own *op.Call) {
			norm.BackwardStatistics(own, stats)
			norm.slopeGradient(own)
		})
		return
	}
	o.inputGrad(c)
	own := *c
	own.DY = c.DX[0]
	o.norm.BackwardStatistics(&own, stats)
}

func (o *normConvOp) Backward(c *op.Call) {
	switch {
	case c.Training == nil && c.DX[0].Data == nil:
		o.weightGrad(c)
		o.alone(c, func(norm *normActLoopOp, own *op.Call) { norm.Backward(own) })
		return
	case c.Training == nil:
		o.weightGrad(c)
		o.inputGrad(c)
	case c.DX[0].Data == nil:
		first, end := o.norm.backwardShare()
		o.norm.norm.addGradients(c, first, end)
		return
	}
	own := *c
	own.DY = c.DX[0]
	o.norm.Backward(&own)
}

func (o *normConvOp) weightGrad(c *op.Call) {
	dw := o.ofConv(c.DW)
	if db := bias(dw); dw[0] != nil || db != nil {
		in := o.input(c)
		defer normInputs.Put(in)
		kernel.ConvWeightGradNorm(dw[0], db, c.DY.Data, c.X[0].Data, o.conv.g, in)
	}
}

// inputGrad computes the gradient of the normalisation's output in DX.
func (o *normConvOp) inputGrad(c *op.Call) {
	kernel.ConvInputGrad(c.DX[0].Data, c.DY.Data, o.ofConv(c.W)[0], o.conv.g)
	c.Wait() // shares of channels are not those of the convolution
}

// normGradients has memory for the gradients of outputs of normalisations.
var normGradients = sync.Pool{New: func() any { return new([]float32) }}

// alone has the first share call f for all of the normalisation, with the gradient of its output in
// memory of its own, because that of the input is not wanted.
func (o *normConvOp) alone(c *op.Call, f func(norm *normActLoopOp, own *op.Call)) {
	if o.norm.norm.I > 0 {
		return
	}
	dz := normGradients.Get().(*[]float32)
	defer normGradients.Put(dz)
	if size := o.norm.norm.shape.Size() * op.Lanes; len(*dz) < size {
		*dz = kernel.Aligned(size)
	}
	kernel.ConvInputGrad(*dz, c.DY.Data, o.ofConv(c.W)[0], o.whole.g)
	own, all := *c, o.norm
	own.DY.Data, all.norm.Share = *dz, op.Whole
	f(&all, &own)
}
