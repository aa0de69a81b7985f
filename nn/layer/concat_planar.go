package layer

import "github.com/gonn-toolkit/gonn/nn/op"

// Planar mixes channels: shares own different channels of the output and of the inputs.
func (o concatOp) Planar(in []op.Planes, _ int) ([]op.PlanarStep, bool) {
	to := op.PlanesOf(o.shape)
	size := to.H * to.W
	if len(o.shape) != 3 { // all elements are in one plane
		return []op.PlanarStep{{To: to, Run: func(s op.Share, _ op.Weights, x [][]float32, y []float32) {
			if lo, hi := to.Share(s); lo < hi {
				for k, p := range in {
					y = y[copy(y, x[k][:p.H*p.W]):]
				}
			}
		}}}, true
	}
	return []op.PlanarStep{{To: to, Mixes: true, Run: func(s op.Share, _ op.Weights, x [][]float32, y []float32) {
		lo, hi := to.Share(s)
		first := 0 // channel of input k
		for k, p := range in {
			for c := max(lo, first); c < min(hi, first+p.Channels); c++ {
				copy(y[c*to.Plane:][:size], x[k][(c-first)*p.Plane:])
			}
			first += p.Channels
		}
	}}}, true
}
