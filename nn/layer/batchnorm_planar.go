package layer

import (
	"github.com/gonn-toolkit/gonn/nn/internal/kernel"
	"github.com/gonn-toolkit/gonn/nn/op"
)

func (o *batchNormOp) Planar(in []op.Planes, _ int) ([]op.PlanarStep, bool) {
	maps := in[0]
	return []op.PlanarStep{{To: maps, InPlace: true, Run: func(s op.Share, w op.Weights, x [][]float32, y []float32) {
		c, hi := maps.Share(s)
		if len(o.shape) != 3 { // all elements are in one plane
			if c < hi {
				o.normalizeElements(y, x[0], w)
			}
			return
		}
		for ; c < hi; c++ {
			mean, scale, shift := o.affine(w, c)
			lo, hi := c*maps.Plane, (c+1)*maps.Plane
			kernel.Affine(y[lo:hi], x[0][lo:hi], mean, scale, shift)
		}
	}}}, true
}

// affine are the coefficients of channel c in inference: y = (x − mean)·scale + shift.
func (o *batchNormOp) affine(w op.Weights, c int) (mean, scale, shift float32) {
	return w[2][c], float32(float64(w[0][c]) * o.factor(float64(w[3][c]))), w[1][c]
}

func (o *batchNormOp) normalizeElements(y, x []float32, w op.Weights) {
	for c := range o.channels {
		mean, scale, shift := o.affine(w, c)
		lo, hi := c*o.plane, (c+1)*o.plane
		to := y[lo:hi]
		for i, v := range x[lo:hi] {
			to[i] = float32((v-mean)*scale) + shift
		}
	}
}
