package layer

import (
	"github.com/gonn-toolkit/gonn/nn/internal/kernel"
	"github.com/gonn-toolkit/gonn/nn/op"
)

func (o maxPoolOp) Planar(in []op.Planes, _ int) ([]op.PlanarStep, bool) {
	return planarPool(in[0], o.p, func(y, x []float32) { kernel.MaxPoolPlane(y, x, o.p) }), true
}

func (o averagePoolOp) Planar(in []op.Planes, _ int) ([]op.PlanarStep, bool) {
	return planarPool(in[0], o.p, func(y, x []float32) { kernel.AveragePoolPlane(y, x, o.p, o.pads) }), true
}

// planarPool pools one channel after the other.
func planarPool(in op.Planes, p *kernel.Pool, pool func(y, x []float32)) []op.PlanarStep {
	to := op.NewPlanes(p.C, p.OH, p.OW)
	to.Grain = in.Grain
	return []op.PlanarStep{{To: to, Run: func(s op.Share, _ op.Weights, x [][]float32, y []float32) {
		for c, hi := in.Share(s); c < hi; c++ {
			pool(y[c*to.Plane:], x[0][c*in.Plane:])
		}
	}}}
}
