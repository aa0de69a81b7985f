package nn

import (
	"math"

	"github.com/gonn-toolkit/gonn/nn/op"
)

func (o softmaxOp) Planar(in []op.Planes) ([]op.PlanarStep, bool) {
	return o.planar(in[0], Probabilities, o.columns), true
}

func (o logSoftmaxOp) Planar(in []op.Planes) ([]op.PlanarStep, bool) {
	return o.planar(in[0], logProbabilities, o.columns), true
}

// planar normalises a vector in place, or columns of a map, whose neighbouring pixels are the
// lanes.
func (o channelsOp) planar(maps op.Planes, vector func([]float32), columns func(y, x []float32, vectors, lo, hi int)) []op.PlanarStep {
	if len(o.shape) == 1 {
		return []op.PlanarStep{{To: maps, InPlace: true, Run: func(s op.Share, _ op.Weights, x [][]float32, y []float32) {
			if lo, hi := maps.Share(s); lo < hi {
				vector(y[:copy(y[:o.shape[0]], x[0])])
			}
		}}}
	}
	size, vectors := maps.Channels*maps.Plane, maps.Plane/Lanes
	return []op.PlanarStep{{To: maps, Mixes: true, Scatters: true, Run: func(s op.Share, _ op.Weights, x [][]float32, y []float32) {
		lo, hi := s.Of(vectors)
		columns(y[:size], x[0][:size], vectors, lo, hi)
	}}}
}

// logProbabilities turns one sample's logits into logarithms of probabilities, in place.
func logProbabilities(logits []float32) {
	top := math.Inf(-1)
	for _, v := range logits {
		top = max(top, float64(v))
	}
	ones, rest := 0.0, 0.0 // apart, since rest may be small
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
