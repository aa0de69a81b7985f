package layer

import (
	"github.com/gonn-toolkit/gonn/nn/internal/kernel"
	"github.com/gonn-toolkit/gonn/nn/op"
)

func (o maxPoolOp) ReadsPacked() (border int, ok bool)     { return 0, true }
func (o averagePoolOp) ReadsPacked() (border int, ok bool) { return 0, true }

func (o maxPoolOp) Planar(in []op.Planes, border int) ([]op.PlanarStep, bool) {
	if in[0].Packed {
		return packedPool(in[0], border, o.p, kernel.MaxPoolPacked), true
	}
	return planarPool(in[0], o.p, func(y, x []float32) { kernel.MaxPoolPlane(y, x, o.p) }), true
}

func (o averagePoolOp) Planar(in []op.Planes, border int) ([]op.PlanarStep, bool) {
	if in[0].Packed {
		return packedPool(in[0], border, o.p, func(y, x []float32, p *kernel.PackedPool, rows, blocks kernel.Range) {
			kernel.AveragePoolPacked(y, x, p, o.pads, rows, blocks)
		}), true
	}
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

// packedPool pools packed maps. The shares are rows.
func packedPool(in op.Planes, border int, p *kernel.Pool, pool func(y, x []float32, p *kernel.PackedPool, rows, blocks kernel.Range)) []op.PlanarStep {
	to := op.NewPacked(p.C, p.OH, p.OW, border)
	packed := &kernel.PackedPool{Pool: p, XRow: in.Pitch() * op.Lanes, XBlock: in.Plane, YRow: to.Pitch() * op.Lanes, YBlock: to.Plane}
	return []op.PlanarStep{{To: to, Mixes: true, Scatters: true, Run: func(s op.Share, _ op.Weights, x [][]float32, y []float32) {
		lo, hi := s.Of(to.H)
		pool(y[to.Row(0, 0):], x[0][in.Row(0, 0):], packed, kernel.Range{Lo: lo, Hi: hi}, kernel.Range{Hi: p.C / op.Lanes})
	}}}
}
