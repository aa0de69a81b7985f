package layer

import (
	"github.com/gonn-toolkit/gonn/nn/internal/kernel"
	"github.com/gonn-toolkit/gonn/nn/op"
)

// normActKeptOp is a normActOp that keeps the derivative of its activation from the forward pass,
// where most of what it takes is computed anyway.
type normActKeptOp struct{ normActOp }

func (o *normActKeptOp) Keeps() int { return o.norm.shape.Size() * op.Lanes }

func (o *normActKeptOp) Split(i, n int) op.Op {
	part := *o
	part.norm.Share = op.Share{I: i, N: n}
	return &part
}

// ofKept is what is kept of a chunk: derivatives, and in the end the gradients of the normalised
// values.
func (k chunk) ofKept(c *op.Call) []float32 { return c.Kept[k.lo*op.Lanes : k.hi*op.Lanes] }

func (o *normActKeptOp) Forward(c *op.Call) {
	if c.Kept == nil {
		o.normActOp.Forward(c)
		return
	}
	for ch, end := o.norm.Of(o.norm.channels); ch < end; ch++ {
		k := o.norm.wholeChannels(ch, ch+1)
		o.formula.NormBoth(k.of(c.Y), k.ofKept(c), k.of(c.X[0]), o.norm.numbers(c, ch))
	}
}

// BackwardStatistics computes Σ dz and Σ dz·x̂ for the gradients dz of the normalised values, which
// it leaves in Kept.
func (o *normActKeptOp) BackwardStatistics(c *op.Call, stats []float64) {
	if c.Kept == nil {
		o.normActOp.BackwardStatistics(c, stats)
		return
	}
	first, end := o.backwardShare()
	for ch := first; ch < end; ch++ {
		k := o.norm.wholeChannels(ch, ch+1)
		mean, _ := o.norm.moments(c, ch)
		stats[ch], stats[o.norm.channels+ch] = kernel.ChainProduct(k.ofKept(c), k.of(c.DY), k.of(c.X[0]), float32(mean))
	}
	o.norm.scaleSums(stats, c, first, end)
}

func (o *normActKeptOp) Backward(c *op.Call) {
	if c.Kept == nil || c.Training == nil {
		o.normActOp.Backward(c)
		return
	}
	first, end := o.backwardShare()
	if k := o.norm.wholeChannels(first, end); c.DX[0].Data != nil {
		o.norm.inputGradient(k.of(c.DX[0]), k.ofKept(c), c, k)
	}
	o.norm.addGradients(c, first, end)
}
