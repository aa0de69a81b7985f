package layer

import (
	"github.com/gonn-toolkit/gonn/nn/internal/kernel"
	"github.com/gonn-toolkit/gonn/nn/op"
)

// NumStatistics: for a block the mean of each channel, the sum of squared deviations, and the
// number of values in a channel; for the batch means, variances, and the number of values.
func (o *batchNormOp) NumStatistics() int { return 2*o.channels + 1 }

func (o *batchNormOp) ForwardStatistics(c *op.Call, stats []float64) {
	mean, squares := stats[:o.channels], stats[o.channels:]
	n := float64(o.plane * c.Training.Samples)
	lo, hi := o.Of(o.channels)
	for ch := lo; ch < hi; ch++ {
		mean[ch], squares[ch] = kernel.Moments(o.wholeChannels(ch, ch+1).of(c.X[0]), c.Training.Samples)
	}
	if o.I == 0 {
		stats[2*o.channels] = n
	}
}

// MergeForward merges one block after the other (Chan, Golub & LeVeque 1979).
func (o *batchNormOp) MergeForward(blocks [][]float64, total []float64) {
	clear(total)
	mean, squares, n := total[:o.channels], total[o.channels:2*o.channels], 0.0
	for _, b := range blocks {
		more := b[2*o.channels]
		all := n + more
		for ch := range mean {
			d := b[ch] - mean[ch]
			mean[ch] += d * more / all
			squares[ch] += b[o.channels+ch] + d*d*n*more/all
		}
		n = all
	}
	for ch := range squares {
		squares[ch] /= n
	}
	total[2*o.channels] = n
}

// BackwardStatistics computes Σ dy and Σ dy·x̂. dy is zero in lanes without a sample.
func (o *batchNormOp) BackwardStatistics(c *op.Call, stats []float64) {
	first, end := o.Of(o.channels)
	o.clearSums(stats, first, end)
	o.addSums(stats, o.all().of(c.DY), c, o.all())
	o.scaleSums(stats, c, first, end)
}

// addGradients adds to the gradients of β and γ of some channels.
func (o *batchNormOp) addGradients(c *op.Call, first, end int) {
	sums := c.Training.BlockBackward
	for ch := first; ch < end; ch++ {
		o.addGradient(c, ch, sums[ch], sums[o.channels+ch])
	}
}

func (o *batchNormOp) UpdateRunning(w op.Weights, total []float64) {
	n, keep := total[2*o.channels], float64(o.Momentum)
	unbiased := 1.0
	if o.Semantics == op.PyTorch && n > 1 {
		unbiased = n / (n - 1)
	}
	for ch := range o.channels {
		w[2][ch] = float32(keep*float64(w[2][ch]) + (1-keep)*total[ch])
		w[3][ch] = float32(keep*float64(w[3][ch]) + (1-keep)*total[o.channels+ch]*unbiased)
	}
}
