package layer

import (
	"math"

	"github.com/gonn-toolkit/gonn/nn/op"
)

func (o softmaxOp) Planar(in []op.Planes, _ int) ([]op.PlanarStep, bool) {
	return o.planar(in[0], Probabilities), true
}

func (o logSoftmaxOp) Planar(in []op.Planes, _ int) ([]op.PlanarStep, bool) {
	return o.planar(in[0], logProbabilities), true
}

// planar normalises a vector in place, or the channels of one pixel after the other.
func (o channelsOp) planar(maps op.Planes, normalize func(logits []float32)) []op.PlanarStep {
	k := o.shape[0]
	if len(o.shape) == 1 {
		return []op.PlanarStep{{To: maps, InPlace: true, Run: func(s op.Share, _ op.Weights, x [][]float32, y []float32) {
			if lo, hi := maps.Share(s); lo < hi {
				normalize(y[:copy(y[:k], x[0])])
			}
		}}}
	}
	return []op.PlanarStep{{To: maps, Mixes: true, Scatters: true, Scratch: k * o.pixels, Run: func(s op.Share, _ op.Weights, x [][]float32, y []float32) {
		for p, hi := s.Of(o.pixels); p < hi; p++ {
			pixel := y[maps.Size()+p*k:][:k]
			for c := range pixel {
				pixel[c] = x[0][c*maps.Plane+p]
			}
			normalize(pixel)
			for c, v := range pixel {
				y[c*maps.Plane+p] = v
			}
		}
	}}}
}

// logProbabilities replaces the logits of one sample by their log-softmax.
func logProbabilities(logits []float32) {
	top := math.Inf(-1)
	for _, v := range logits {
		top = max(top, float64(v))
	}
	ones, rest := 0.0, 0.0 // separate, since rest may be small
	for _, v := range logits {
		if e := math.Exp(float64(v) - top); e == 1 {
			ones++
		} else {
			rest += e
		}
	}
	rest = math.Log1p(rest + (ones - 1))
	for i, v := range logits {
		logits[i] = float32(float64(v) - top - rest)
	}
}
