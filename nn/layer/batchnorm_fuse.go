package layer

import (
	"github.com/gonn-toolkit/gonn/nn/internal/kernel"
	"github.com/gonn-toolkit/gonn/nn/op"
)

// Fuse takes over what reads the output, in training: an activation, or the sum at the end of a
// residual block.
func (o *batchNormOp) Fuse(next op.Op, _ int, training bool) (op.Op, bool) {
	if add, ok := next.(addOp); ok && add.pair && training {
		return &normActOp{norm: *o, adds: true}, true
	}
	act, ok := next.(op.Ranger)
	if !ok || !training {
		return nil, false
	}
	all := normActOp{norm: *o, act: act}
	if a, ok := act.(normedAct); ok && a.NormFunc() != kernel.NoNormFunc {
		return &normActLoopOp{all, a.NormFunc(), a, len(a.Params()) > 0}, true
	}
	if a, ok := act.(normedFormula); ok && a.HasNormFormula() {
		all.formula = a
		if a.NormKeepsDerivative() {
			return &normActKeptOp{all}, true
		}
	}
	return &all, true
}

// normedFormula is an activation without a learned parameter whose loops can normalise as well.
type normedFormula interface {
	HasNormFormula() bool
	NormForward(y, x []float32, n kernel.NormAct)
	NormBackward(dz, dy, x []float32, n kernel.NormAct)
	NormKeepsDerivative() bool
	NormBoth(y, d, x []float32, n kernel.NormAct)
}

// normActOp is a batch normalisation, the sum of its output and another input, if adds, and the
// activation of that. What lies between is not stored. A pass goes through a map once, chunk by
// chunk: the backward pass computes a chunk of it again, in the first-level cache.
type normActOp struct {
	norm    batchNormOp
	adds    bool
	act     op.Ranger     // nil if there is none
	formula normedFormula // of act; nil if there is none
}

func (o *normActOp) Shape() op.Shape            { return o.norm.shape }
func (o *normActOp) MACs() int                  { return 0 }
func (o *normActOp) InPlace() bool              { return true }
func (o *normActOp) BackwardReads() (x, y bool) { return true, false }

func (o *normActOp) Params() []op.ParamSpec {
	if o.act == nil {
		return o.norm.Params()
	}
	return append(o.norm.Params(), o.act.Params()...)
}

// Fuse takes over the activation of the sum.
func (o *normActOp) Fuse(next op.Op, _ int, training bool) (op.Op, bool) {
	act, ok := next.(op.Ranger)
	if !ok || !training || o.act != nil {
		return nil, false
	}
	all := *o
	all.act = act
	return &all, true
}

func (o *normActOp) Split(i, n int) op.Op {
	part := *o
	part.norm.Share = op.Share{I: i, N: n}
	return &part
}

// ofAct are the activation's parameters, or their gradients.
func ofAct(w op.Weights) op.Weights { return w[4:] }

func (o *normActOp) NumStatistics() int { return o.norm.NumStatistics() }

func (o *normActOp) ForwardStatistics(c *op.Call, stats []float64) {
	o.norm.ForwardStatistics(c, stats)
}

func (o *normActOp) MergeForward(blocks [][]float64, total []float64) {
	o.norm.MergeForward(blocks, total)
}

func (o *normActOp) UpdateRunning(w op.Weights, total []float64) { o.norm.UpdateRunning(w, total) }

func (o *normActOp) Forward(c *op.Call) {
	first, end := o.norm.Of(o.norm.channels)
	for ch := first; o.formula != nil && ch < end; ch++ {
		k := o.norm.wholeChannels(ch, ch+1)
		o.formula.NormForward(k.of(c.Y), k.of(c.X[0]), o.norm.numbers(c, ch))
	}
	for k := o.norm.chunks(first, end); o.formula == nil && k.more(); k = k.next() {
		y := k.of(c.Y)
		o.input(y, c, k)
		if o.act != nil {
			o.act.ForwardRange(ofAct(c.W), y, y, k.lo)
		}
	}
}

// input computes the input of the activation for a chunk.
func (o *normActOp) input(z []float32, c *op.Call, k chunk) {
	o.norm.normalize(z, c, k)
	if o.adds {
		kernel.Add(z, k.of(c.X[1]))
	}
}

// backwardShare is the range of channels of the backward passes: all for one share if channels
// share a parameter of the activation.
func (o *normActOp) backwardShare() (first, end int) {
	switch {
	case o.act == nil || o.act.ChannelsApart():
		return o.norm.Of(o.norm.channels)
	case o.norm.I == 0:
		return 0, o.norm.channels
	}
	return 0, 0
}

// gradient is where the gradients of the normalised values go, which are those of the other input of
// a sum as well; without Data if they are not wanted.
func (o *normActOp) gradient(c *op.Call) op.Block {
	if o.adds && c.DX[1].Data != nil {
		return c.DX[1]
	}
	return c.DX[0]
}

// BackwardStatistics computes Σ dz and Σ dz·x̂ for the gradients dz of the normalised values, which
// it leaves in gradient, and adds to the gradient of the activation's parameters.
func (o *normActOp) BackwardStatistics(c *op.Call, stats []float64) {
	first, end := o.backwardShare()
	o.norm.clearSums(stats, first, end)
	o.eachGradient(c, first, end, func(dz []float32, k chunk) { o.norm.addSums(stats, dz, c, k) })
	o.norm.scaleSums(stats, c, first, end)
}

// eachGradient calls f with the gradients of the normalised values, chunk by chunk.
func (o *normActOp) eachGradient(c *op.Call, first, end int, f func(dz []float32, k chunk)) {
	s := newNormScratch()
	defer normScratches.Put(s)
	for k := o.norm.chunks(first, end); k.more(); k = k.next() {
		z, dz := s.z[:k.floats()], s.dz[:k.floats()]
		if to := o.gradient(c); to.Data != nil {
			dz = k.of(to)
		}
		switch {
		case o.act == nil:
			copy(dz, k.of(c.DY))
		case o.formula == nil:
			o.input(z, c, k)
			o.act.BackwardRange(ofAct(c.W), ofAct(c.DW), dz, k.of(c.DY), z, k.lo)
		default:
			o.formulaGradient(dz, c, k)
		}
		f(dz, k)
	}
}

// formulaGradient computes the gradients of the normalised values of a chunk.
func (o *normActOp) formulaGradient(dz []float32, c *op.Call, k chunk) {
	for k.more() {
		ch, part := k.channel()
		o.formula.NormBackward(dz[:part.floats()], part.of(c.DY), part.of(c.X[0]), o.norm.numbers(c, ch))
		dz, k = dz[part.floats():], k.after(part)
	}
}

func (o *normActOp) Backward(c *op.Call) {
	first, end := o.backwardShare()
	if c.Training == nil {
		o.eachGradient(c, first, end, func(dz []float32, k chunk) { o.norm.backwardConstant(dz, c, k) })
		return
	}
	if k := o.norm.wholeChannels(first, end); c.DX[0].Data != nil {
		o.norm.inputGradient(k.of(c.DX[0]), k.of(o.gradient(c)), c, k)
	}
	o.norm.addGradients(c, first, end)
}
