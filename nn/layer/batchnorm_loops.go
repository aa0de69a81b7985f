package layer

import (
	"github.com/gonn-toolkit/gonn/nn/internal/kernel"
	"github.com/gonn-toolkit/gonn/nn/op"
)

// normedAct is an activation with loops that normalise as well.
type normedAct interface {
	op.Ranger
	NormFunc() kernel.NormFunc
	ChannelParameter(w op.Weights, channel int) []float32
}

// normActLoopOp is a normActOp with one loop for each pass.
type normActLoopOp struct {
	normActOp
	f       kernel.NormFunc
	act     normedAct
	learned bool // act has a parameter that is learned
}

func (o *normActLoopOp) Split(i, n int) op.Op {
	part := *o
	part.norm.Share = op.Share{I: i, N: n}
	return &part
}

// numbers are those of the loops for a channel.
func (o *normActLoopOp) numbers(c *op.Call, ch int) kernel.NormAct {
	n := o.norm.numbers(c, ch)
	if a := o.act.ChannelParameter(ofAct(c.W), ch); len(a) > 0 {
		n.Slope = a[0]
	}
	return n
}

func (o *normActLoopOp) Forward(c *op.Call) {
	for ch, end := o.norm.Of(o.norm.channels); ch < end; ch++ {
		k := o.norm.wholeChannels(ch, ch+1)
		o.f.Forward(k.of(c.Y), k.of(c.X[0]), o.numbers(c, ch))
	}
}

func (o *normActLoopOp) BackwardStatistics(c *op.Call, stats []float64) {
	first, end := o.backwardShare()
	for ch := first; ch < end; ch++ {
		k := o.norm.wholeChannels(ch, ch+1)
		stats[ch], stats[o.norm.channels+ch] = o.f.Sums(k.of(c.DY), k.of(c.X[0]), o.numbers(c, ch))
	}
	o.norm.scaleSums(stats, c, first, end)
}

func (o *normActLoopOp) Backward(c *op.Call) {
	if c.Training == nil {
		o.normActOp.Backward(c)
		return
	}
	if c.DX[0].Data == nil {
		o.slopeGradient(c)
	}
	first, end := o.backwardShare()
	for ch := first; c.DX[0].Data != nil && ch < end; ch++ {
		k := o.norm.wholeChannels(ch, ch+1)
		dx := k.of(c.DX[0])
		slope := o.f.Backward(dx, k.of(c.DY), k.of(c.X[0]), o.numbers(c, ch), o.norm.rates(c, ch))
		clearEmpty(dx, c)
		if o.learned {
			addSlope(o.act.ChannelParameter(ofAct(c.DW), ch), slope)
		}
	}
	o.norm.addGradients(c, first, end)
}

// slopeGradient adds to the gradient of the activation's parameter alone.
func (o *normActLoopOp) slopeGradient(c *op.Call) {
	if !o.learned {
		return
	}
	s := newNormScratch()
	defer normScratches.Put(s)
	for k := o.norm.chunks(o.backwardShare()); k.more(); k = k.next() {
		z := s.z[:k.floats()]
		o.norm.normalize(z, c, k)
		o.act.BackwardRange(ofAct(c.W), ofAct(c.DW), nil, k.of(c.DY), z, k.lo)
	}
}

// addSlope adds to the gradient of a slope, if it is wanted.
func addSlope(da []float32, slope float64) {
	if len(da) > 0 {
		da[0] += float32(slope)
	}
}
