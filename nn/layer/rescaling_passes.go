package layer

import (
	"github.com/gonn-toolkit/gonn/nn/internal/kernel"
	"github.com/gonn-toolkit/gonn/nn/op"
)

func (o *rescalingOp) Forward(c *op.Call) {
	o.ranges(c.W, func(lo, hi int, scale, offset float32) {
		kernel.Affine(c.Y.Data[lo*op.Lanes:hi*op.Lanes], c.X[0].Data[lo*op.Lanes:hi*op.Lanes], 0, scale, offset)
	})
}

func (o *rescalingOp) BackwardReads() (x, y bool) { return false, false }

func (o *rescalingOp) Backward(c *op.Call) {
	if c.DX[0].Data == nil {
		return
	}
	o.ranges(c.W, func(lo, hi int, scale, _ float32) {
		kernel.Affine(c.DX[0].Data[lo*op.Lanes:hi*op.Lanes], c.DY.Data[lo*op.Lanes:hi*op.Lanes], 0, scale, 0)
	})
}

func (o *rescalingOp) Planar(in []op.Planes, _ int) ([]op.PlanarStep, bool) {
	maps := in[0]
	size := maps.H * maps.W
	return []op.PlanarStep{{To: maps, InPlace: true, Run: func(s op.Share, w op.Weights, x [][]float32, y []float32) {
		first, end := maps.Share(s)
		o.ranges(w, func(lo, hi int, scale, offset float32) {
			hi = min(hi, end*size)
			for i := max(lo, first*size); i < hi; i++ {
				at := i/size*maps.Plane + i%size
				y[at] = float32(x[0][at]*scale) + offset
			}
		})
	}}}, true
}
