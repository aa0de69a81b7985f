package layer

import (
	"sync"

	"github.com/gonn-toolkit/gonn/nn/internal/kernel"
	"github.com/gonn-toolkit/gonn/nn/op"
)

// chunkPixels limits a chunk, so that its values stay in the first-level cache while several
// loops go over them.
const chunkPixels = kernel.NormPixels

// chunk is the elements lo…hi−1 of a map: pixels of one channel, or several whole channels.
// Others follow, up to end.
type chunk struct {
	plane, lo, hi, end int
}

// wholeChannels is the chunk of the channels first…end−1.
func (o *batchNormOp) wholeChannels(first, end int) chunk {
	return chunk{o.plane, first * o.plane, end * o.plane, end * o.plane}
}

// chunks returns the first chunk of the channels first…end−1.
func (o *batchNormOp) chunks(first, end int) chunk {
	return chunk{plane: o.plane, hi: first * o.plane, end: end * o.plane}.next()
}

func (k chunk) more() bool { return k.lo < k.hi }

func (k chunk) next() chunk {
	k.lo = k.hi
	if k.plane <= chunkPixels {
		k.hi = min(k.lo+chunkPixels/k.plane*k.plane, k.end)
	} else {
		k.hi = min(k.lo+chunkPixels, k.lo/k.plane*k.plane+k.plane, k.end)
	}
	return k
}

func (k chunk) floats() int { return (k.hi - k.lo) * op.Lanes }

// of is the chunk's values in a block.
func (k chunk) of(b op.Block) []float32 { return b.Data[k.lo*op.Lanes : k.hi*op.Lanes] }

// channel returns the chunk's first channel, and its part in that channel.
func (k chunk) channel() (ch int, part chunk) {
	ch = k.lo / k.plane
	part = k
	part.hi = min(k.hi, (ch+1)*k.plane)
	return ch, part
}

// after is what follows a part.
func (k chunk) after(part chunk) chunk {
	k.lo = part.hi
	return k
}

// normScratch is memory for chunks.
type normScratch struct{ z, dz []float32 }

var normScratches = sync.Pool{New: func() any {
	const n = chunkPixels * op.Lanes
	v := kernel.Aligned(2 * n)
	return &normScratch{v[:n], v[n:]}
}}

func newNormScratch() *normScratch { return normScratches.Get().(*normScratch) }

// all is the chunk of all channels of the share.
func (o *batchNormOp) all() chunk { return o.wholeChannels(o.Of(o.channels)) }

// normalize computes the output for a chunk.
func (o *batchNormOp) normalize(y []float32, c *op.Call, k chunk) {
	for k.more() {
		ch, part := k.channel()
		n := o.numbers(c, ch)
		kernel.Affine(y[:part.floats()], part.of(c.X[0]), n.Mean, n.Scale, n.Shift)
		y, k = y[part.floats():], k.after(part)
	}
}

// numbers are those of the normalisation of a channel.
func (o *batchNormOp) numbers(c *op.Call, ch int) kernel.NormAct {
	mean, variance := o.moments(c, ch)
	return kernel.NormAct{Mean: float32(mean), Scale: float32(float64(c.W[0][ch]) * o.factor(variance)), Shift: c.W[1][ch]}
}

// rates are those of the gradient of a channel's input, from the statistics of the batch.
func (o *batchNormOp) rates(c *op.Call, ch int) kernel.NormRates {
	t := c.Training
	n, f := t.Forward[2*o.channels], o.factor(t.Forward[o.channels+ch])
	scale := float64(c.W[0][ch]) * f
	return kernel.NormRates{
		Mean: float32(t.Forward[ch]), Scale: float32(scale),
		Slope: float32(-scale * f * t.Backward[o.channels+ch] / n), Shift: float32(-scale * t.Backward[ch] / n),
	}
}

// addSums adds Σ dy and Σ dy·(x − μ) of a chunk to the statistics.
func (o *batchNormOp) addSums(stats []float64, dy []float32, c *op.Call, k chunk) {
	for k.more() {
		ch, part := k.channel()
		mean, _ := o.moments(c, ch)
		sum, product := kernel.SumProduct(dy[:part.floats()], part.of(c.X[0]), float32(mean))
		stats[ch] += sum
		stats[o.channels+ch] += product
		dy, k = dy[part.floats():], k.after(part)
	}
}

// clearSums sets the sums of some channels to zero.
func (o *batchNormOp) clearSums(stats []float64, first, end int) {
	clear(stats[first:end])
	clear(stats[o.channels:][first:end])
}

// scaleSums turns Σ dy·(x − μ) into Σ dy·x̂.
func (o *batchNormOp) scaleSums(stats []float64, c *op.Call, first, end int) {
	for ch := first; ch < end; ch++ {
		_, variance := o.moments(c, ch)
		stats[o.channels+ch] *= o.factor(variance)
	}
}

// inputGradient computes the gradient of the input for a chunk, in training.
func (o *batchNormOp) inputGradient(dx, dy []float32, c *op.Call, k chunk) {
	for k.more() {
		ch, part := k.channel()
		size := part.floats()
		kernel.NormGrad(dx[:size], dy[:size], part.of(c.X[0]), o.rates(c, ch))
		clearEmpty(dx[:size], c)
		dx, dy, k = dx[size:], dy[size:], k.after(part)
	}
}

// clearEmpty clears the lanes without a sample, which have no gradient.
func clearEmpty(dx []float32, c *op.Call) {
	if c.Training.Samples < op.Lanes {
		op.ClearLanes(dx, c.Training.Samples)
	}
}

// backwardConstant is the backward pass for a chunk in inference.
func (o *batchNormOp) backwardConstant(dy []float32, c *op.Call, k chunk) {
	for k.more() {
		ch, part := k.channel()
		size, f := part.floats(), o.factor(float64(c.W[3][ch]))
		if c.DW[0] != nil || c.DW[1] != nil {
			sum, product := kernel.SumProduct(dy[:size], part.of(c.X[0]), c.W[2][ch])
			o.addGradient(c, ch, sum, product*f)
		}
		if c.DX[0].Data != nil {
			kernel.Affine(part.of(c.DX[0]), dy[:size], 0, float32(float64(c.W[0][ch])*f), 0)
		}
		dy, k = dy[size:], k.after(part)
	}
}
