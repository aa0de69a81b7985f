package engine

import (
	"math"

	"github.com/gonn-toolkit/gonn/nn"
)

// tolerance is that of half precision.
const tolerance = 2e-3

// distributed is the meaning of outputs (samples, …) that are seen to be distributions over
// the classes, or their logarithms: they add up to 1. Else it is logits.
func distributed(y *nn.Tensor) nn.Output {
	if len(y.Shape) < 1 || y.Shape[0] < 1 || len(y.Data)/y.Shape[0] < 2 {
		return nn.OutputLogits
	}
	probabilities, logarithms := true, true
	for i := range y.Shape[0] {
		sum, exps := 0.0, 0.0
		for _, v := range y.Sample(i) {
			probabilities = probabilities && v >= 0 && v <= 1+tolerance
			logarithms = logarithms && v <= tolerance
			sum += float64(v)
			exps += math.Exp(float64(v))
		}
		probabilities = probabilities && math.Abs(sum-1) <= tolerance
		logarithms = logarithms && math.Abs(exps-1) <= tolerance
	}
	switch {
	case probabilities:
		return nn.OutputProbabilities
	case logarithms:
		return nn.OutputLogProbabilities
	}
	return nn.OutputLogits
}

// distributedAlong reports whether numbers add up to 1 along an axis other than the batch, as
// those of a softmax do at each pixel.
func distributedAlong(y *nn.Tensor) bool {
	for _, v := range y.Data {
		if !(v >= 0 && v <= 1+tolerance) {
			return false
		}
	}
	inner := 1
	for axis := len(y.Shape) - 1; axis > 0; axis-- {
		size := y.Shape[axis]
		if size > 1 && sumToOne(y.Data, size, inner) {
			return true
		}
		inner *= max(1, size)
	}
	return false
}

// sumToOne reports whether all lines of so many numbers, which lie a stride apart, add up
// to 1.
func sumToOne(v []float32, size, stride int) bool {
	for start := 0; start+size*stride <= len(v); start += size * stride {
		for i := range stride {
			sum := 0.0
			for k := range size {
				sum += float64(v[start+k*stride+i])
			}
			if math.Abs(sum-1) > tolerance {
				return false
			}
		}
	}
	return len(v) > 0
}

// sigmoidOf is the meaning of numbers y that may be sigmoids of x, of 2x, as a sigmoid that
// is written by a tanh may have it, or of their negatives. What hardly varies says nothing.
func sigmoidOf(x, y []float32) nn.Output {
	if len(x) != len(y) || len(y) == 0 {
		return nn.OutputLogits
	}
	curves := []func(x float64) float64{hard(1. / 6), hard(1. / 5)}
	for _, by := range []float64{1, 2, -1, -2} {
		curves = append(curves, func(x float64) float64 { return 1 / (1 + math.Exp(-by*x)) })
	}
	probability := func(y float32) float64 { return float64(y) }
	logarithm := func(y float32) float64 { return math.Exp(float64(y)) }
	for _, f := range curves {
		switch {
		case follows(x, y, f, probability):
			return nn.OutputSigmoids
		case follows(x, y, f, logarithm):
			return nn.OutputLogSigmoids
		}
	}
	return nn.OutputLogits
}

// hard is a hard sigmoid.
func hard(slope float64) func(x float64) float64 {
	return func(x float64) float64 { return min(max(slope*x+0.5, 0), 1) }
}

// follows reports whether y, or what of makes of it, is f of x.
func follows(x, y []float32, f func(x float64) float64, of func(y float32) float64) bool {
	const exact = 5e-4
	low, high := math.Inf(1), math.Inf(-1)
	for i, v := range x {
		p := of(y[i])
		if !(math.Abs(p-f(float64(v))) <= exact) {
			return false
		}
		low, high = min(low, p), max(high, p)
	}
	return high-low > 10*exact
}
