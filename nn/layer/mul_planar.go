package layer

import (
	"github.com/gonn-toolkit/gonn/nn/internal/kernel"
	"github.com/gonn-toolkit/gonn/nn/op"
)

func (o mulOp) Planar(in []op.Planes, _ int) ([]op.PlanarStep, bool) {
	to, mixes := joinedPlanes(in, o.shape)
	a, b := 0, 1 // the map and the factors
	if in[0].H*in[0].W < in[1].H*in[1].W {
		a, b = 1, 0
	}
	return []op.PlanarStep{{To: to, Mixes: mixes, InPlace: !mixes && a == 0, Run: func(s op.Share, _ op.Weights, x [][]float32, y []float32) {
		lo, hi := to.Share(s)
		product, of := y[lo*to.Plane:hi*to.Plane], x[a][lo*to.Plane:hi*to.Plane]
		by := x[b][lo*in[b].Plane:]
		if in[b].H == to.H && in[b].W == to.W {
			kernel.MulMaps(product, of, by[:len(of)], 1)
			return
		}
		for c := range hi - lo {
			lo, hi := c*to.Plane, (c+1)*to.Plane
			kernel.Affine(product[lo:hi], of[lo:hi], 0, by[c*in[b].Plane], 0)
		}
	}}}, true
}
