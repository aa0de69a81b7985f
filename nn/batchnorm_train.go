package nn

import "github.com/gonn-toolkit/gonn/nn/internal/kernel"

// In training a batch normalisation couples the samples of a batch. A block is summed up
// to the mean of each channel, the sum of squares around it, and the number of values;
// the batch to means, variances, and that number.

func (o *batchNormOp) NumSums() int { return 2*o.channels + 1 }

func (o *batchNormOp) SumForward(t *Training, x []Block, sums []float64) {
	mean, squares := sums[:o.channels], sums[o.channels:]
	n := float64(o.plane * t.Samples)
	for c := range o.channels {
		v := o.channel(x[0], c)
		sum := kernel.SumLanes(v, t.Samples)
		mean[c] = sum / n
		squares[c] = kernel.SquaresLanes(v, float32(mean[c]), t.Samples)
		// The mean was rounded.
		d := mean[c] - float64(float32(mean[c]))
		squares[c] = max(0, squares[c]-n*d*d)
	}
	sums[2*o.channels] = n
}

// JoinForward adds one block after the other (Chan, Golub & LeVeque 1979).
func (o *batchNormOp) JoinForward(blocks [][]float64, total []float64) {
	clear(total)
	mean, squares, n := total[:o.channels], total[o.channels:2*o.channels], 0.0
	for _, b := range blocks {
		more := b[2*o.channels]
		all := n + more
		for c := range mean {
			d := b[c] - mean[c]
			mean[c] += d * more / all
			squares[c] += b[o.channels+c] + d*d*n*more/all
		}
		n = all
	}
	for c := range squares {
		squares[c] /= n
	}
	total[2*o.channels] = n
}

func (o *batchNormOp) ForwardTraining(t *Training, w Weights, x []Block, y Block) {
	for c := range o.channels {
		mean, scale := t.Forward[c], float64(w[0][c])*o.factor(t.Forward[o.channels+c])
		kernel.Affine(o.channel(y, c), o.channel(x[0], c), float32(mean), float32(scale), w[1][c])
	}
}

// SumBackward: Σ dy and Σ dy·x̂. Lanes without a sample have no dy.
func (o *batchNormOp) SumBackward(t *Training, x []Block, dy Block, sums []float64) {
	for c := range o.channels {
		sum, product := kernel.SumProduct(o.channel(dy, c), o.channel(x[0], c), float32(t.Forward[c]))
		sums[c] = sum
		sums[o.channels+c] = product * o.factor(t.Forward[o.channels+c])
	}
}

func (o *batchNormOp) BackwardTraining(t *Training, w, dw Weights, x []Block, _, dy Block, dx []Block) {
	n := t.Forward[2*o.channels]
	for c := range o.channels {
		dw[1][c] += float32(t.own[1][c])
		dw[0][c] += float32(t.own[1][o.channels+c])
		if dx[0].Data == nil {
			continue
		}
		f := o.factor(t.Forward[o.channels+c])
		scale := float64(w[0][c]) * f
		kernel.NormGrad(o.channel(dx[0], c), o.channel(dy, c), o.channel(x[0], c), kernel.NormRates{
			Mean: float32(t.Forward[c]), Scale: float32(scale),
			Slope: float32(-scale * f * t.Backward[o.channels+c] / n), Shift: float32(-scale * t.Backward[c] / n),
		})
		if t.Samples < Lanes { // they have no gradient
			clearLanes(o.channel(dx[0], c), t.Samples)
		}
	}
}

// clearLanes makes the lanes from number n on zero.
func clearLanes(v []float32, n int) {
	for i := 0; i < len(v); i += Lanes {
		clear(v[i+n : i+Lanes])
	}
}

func (o *batchNormOp) Follow(w Weights, total []float64) {
	n, keep := total[2*o.channels], float64(o.Momentum)
	unbiased := 1.0
	if o.Semantics == PyTorch && n > 1 {
		unbiased = n / (n - 1)
	}
	for c := range o.channels {
		w[2][c] = float32(keep*float64(w[2][c]) + (1-keep)*total[c])
		w[3][c] = float32(keep*float64(w[3][c]) + (1-keep)*total[o.channels+c]*unbiased)
	}
}
