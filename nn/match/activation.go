package match

import (
	"math"

	"github.com/gonn-toolkit/gonn/nn/activation"
)

// Activation is an activation of both networks. They may be different functions.
type Activation struct {
	A, B string // names
	// Correlation is Pearson's, of the learned values of matched channels: of the values
	// themselves if both networks share them alike, otherwise of the means of channels.
	// It is NaN if one of the two learns nothing, if there are fewer than three values, or
	// all values of a network are equal or some are not finite.
	Correlation float64
	// Values is the number of pairs that Correlation is of; 0 if it is NaN.
	Values int
}

func activationOf(p pair, act activation.Layer, out layout) Activation {
	r := Activation{A: p.a.Name, B: p.b.Name, Correlation: math.NaN()}
	other, ok := p.b.Layer.(activation.Layer)
	if !ok || len(p.a.Params) == 0 || len(p.b.Params) == 0 {
		return r
	}
	x, y := p.a.Params[0], p.b.Params[0]
	order := out.order()
	var v, w []float64
	switch {
	case x.Shape.Equal(y.Shape) && byChannel(p.a, x):
		v, w = numbers(x.Data), numbers(y.Data)
		order = spread(order, len(v)/p.a.Shape[0])
	case p.a.Shape.Equal(p.b.Shape):
		v, w = channelMeans(act, p.a.Shape, x.Data), channelMeans(other, p.b.Shape, y.Data)
	}
	if len(v) < 3 || len(v) != len(w) || len(order) != len(v) {
		return r
	}
	matched := make([]float64, len(w))
	for i, j := range order {
		matched[i] = w[j]
	}
	if c := correlation(v, matched); !math.IsNaN(c) {
		r.Correlation, r.Values = c, len(v)
	}
	return r
}

func numbers(v []float32) []float64 {
	n := make([]float64, len(v))
	for i, x := range v {
		n[i] = float64(x)
	}
	return n
}

// channelMeans are the means of a learned parameter over each element of the first axis.
func channelMeans(act activation.Layer, shape []int, v []float32) []float64 {
	runs, _, err := act.Sharing.Runs(shape)
	if err != nil {
		return nil // a network that is built has none
	}
	means := make([]float64, shape[0])
	inner := 1
	for _, d := range shape[1:] {
		inner *= d
	}
	for _, r := range runs {
		for i := r.Lo; i < r.Hi; i++ {
			means[i/inner] += float64(r.At(v, i)) / float64(inner)
		}
	}
	return means
}

// correlation is Pearson's; NaN if it is not defined.
func correlation(x, y []float64) float64 {
	var mx, my float64
	for i := range x {
		mx += x[i] / float64(len(x))
		my += y[i] / float64(len(y))
	}
	var xx, yy, xy float64
	for i := range x {
		dx, dy := x[i]-mx, y[i]-my
		xx, yy, xy = xx+dx*dx, yy+dy*dy, xy+dx*dy
	}
	// Sums of squares that are rounding alone are of values that are all equal.
	if xx <= 1e-24*float64(len(x))*mx*mx || yy <= 1e-24*float64(len(y))*my*my {
		return math.NaN()
	}
	return max(-1, min(1, xy/math.Sqrt(xx*yy)))
}
