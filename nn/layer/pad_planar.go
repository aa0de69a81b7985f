package layer

import "github.com/gonn-toolkit/gonn/nn/op"

func (o padOp) Planar(in []op.Planes, _ int) ([]op.PlanarStep, bool) {
	to := op.NewPlanes(o.to[0], o.to[1], o.to[2])
	to.Grain = in[0].Grain
	return []op.PlanarStep{planarPad(in[0], to, o.pad.Pads[0], o.pad.Pads[1], o.pad.Value)}, true
}

// planarPad copies maps into larger ones, whose border has a constant value.
func planarPad(in, out op.Planes, top, left int, value float32) op.PlanarStep {
	return op.PlanarStep{To: out, Run: func(s op.Share, _ op.Weights, x [][]float32, y []float32) {
		for c, hi := in.Share(s); c < hi; c++ {
			from, to := x[0][c*in.Plane:], y[c*out.Plane:][:out.H*out.W]
			end := 0 // of what has been written
			for row := range in.H {
				at := (top+row)*out.W + left
				fill(to[end:at], value)
				end = at + copy(to[at:], from[row*in.W:][:in.W])
			}
			fill(to[end:], value)
		}
	}}
}
