package nn

import "github.com/gonn-toolkit/gonn/nn/internal/kernel"

func (o *rescalingOp) Forward(w Weights, x []Block, y Block) {
	o.stretches(w, func(lo, hi int, scale, offset float32) {
		kernel.Affine(y.Data[lo*Lanes:hi*Lanes], x[0].Data[lo*Lanes:hi*Lanes], 0, scale, offset)
	})
}

func (o *rescalingOp) Backward(w, _ Weights, _ []Block, _, dy Block, dx []Block) {
	if dx[0].Data == nil {
		return
	}
	o.stretches(w, func(lo, hi int, scale, _ float32) {
		kernel.Affine(dx[0].Data[lo*Lanes:hi*Lanes], dy.Data[lo*Lanes:hi*Lanes], 0, scale, 0)
	})
}

func (o *rescalingOp) single(x layout) ([]singleStep, bool) {
	size := x.h * x.w
	return []singleStep{{to: x, run: func(s share, w Weights, from, to []float32) {
		first, end := s.channels(x)
		o.stretches(w, func(lo, hi int, scale, offset float32) {
			hi = min(hi, end*size)
			for i := max(lo, first*size); i < hi; i++ {
				at := i/size*x.plane + i%size
				to[at] = float32(from[at]*scale) + offset
			}
		})
	}}}, true
}
