package match

import (
	"math"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/nn/layer"
)

// values are numbers that each channel has besides filters: those of normalisations and
// activations. They decide between channels whose filters are equally alike, and no more, so
// that they can be compared without having been made alike.
type values struct {
	a, b  []float32 // by the first axis of the layout
	inner int       // numbers for each element of that axis
}

// tieBreak is the weight of values beside the cosine of one filter.
const tieBreak = 1e-5

// addValues subtracts from the gain of each pair of channels how far their numbers are apart.
func (t *term) addValues(gain []float64, n int) {
	v, size := t.values, t.block*t.values.inner
	scale := 0.0
	for i := range v.a {
		scale = max(scale, finiteAbs(v.a[i]), finiteAbs(v.b[i]))
	}
	if scale == 0 {
		return
	}
	for i := range n {
		x := v.a[(t.start*v.inner + i*size):][:size]
		for j := range n {
			y, apart := v.b[(t.start*v.inner + j*size):][:size], 0.0
			for k, p := range x {
				if d := math.Abs(float64(p) - float64(y[k])); d <= 2*scale {
					apart += d
				}
			}
			gain[i*n+j] -= tieBreak * apart / (scale * float64(size))
		}
	}
}

func finiteAbs(x float32) float64 {
	if !isFinite(x) {
		return 0
	}
	return math.Abs(float64(x))
}

// valuesOf lists the terms of the parameters of a layer that is neither a convolution nor dense.
func valuesOf(p pair, l layout) (terms []*term) {
	if len(p.a.Params) != len(p.b.Params) {
		return nil
	}
	for i, q := range p.a.Params {
		other := p.b.Params[i]
		if !q.Shape.Equal(other.Shape) || !byChannel(p.a, q) {
			continue
		}
		for _, t := range termsOf(&paired{pair: p}, l, false) {
			t.values = &values{q.Data, other.Data, len(q.Data) / p.a.Shape[0]}
			terms = append(terms, t)
		}
	}
	return terms
}

// byChannel reports whether a parameter of a layer that keeps its channels has values of its own
// for each element of the first axis.
func byChannel(node *nn.Node, p *nn.Param) bool {
	if _, ok := node.Layer.(layer.BatchNorm); ok {
		return true
	}
	s := p.Shape // which broadcasts to the output's
	for len(s) > len(node.Shape) && s[0] == 1 {
		s = s[1:]
	}
	return len(s) == len(node.Shape) && s[0] == node.Shape[0]
}
