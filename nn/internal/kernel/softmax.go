package kernel

import "math"

// SoftmaxExp computes what softmax and its logarithm are made of. x are logits
// [K][Lanes], K at least 1. In each lane top is the largest of them, and
//
//	y[k] = e^(x[k] − top)        rest = Σ y[k] − 1
//
// so that Σ eˣ = e^top·(1 + rest). Where one logit is far above the others, rest is
// small and as exact as they are. y may be x, or nil if it is not wanted. A NaN, +∞, and
// nothing but −∞ each make rest NaN.
func SoftmaxExp(y, x []float32) (top [Lanes]float32, rest [Lanes]float64) {
	if y != nil {
		y = y[:len(x)]
	}
	reads(x)
	writes(y)
	return active.softmaxExp(y, x)
}

// ScaleLanes multiplies each lane by a number: y[k][l] *= by[l].
func ScaleLanes(y []float32, by [Lanes]float32) {
	writes(y)
	active.scaleLanes(y, by)
}

// softmaxes are the two of a backend.
type softmaxes struct {
	softmaxExp func(y, x []float32) (top [Lanes]float32, rest [Lanes]float64)
	scaleLanes func(y []float32, by [Lanes]float32)
}

var goSoftmaxes = softmaxes{softmaxExpGo, scaleLanesGo}

// softmaxExpGo computes in float64, as all exponentials in Go do.
func softmaxExpGo(y, x []float32) (top [Lanes]float32, rest [Lanes]float64) {
	copy(top[:], x)
	for i, v := range x {
		if v > top[i%Lanes] {
			top[i%Lanes] = v
		}
	}
	var ones [Lanes]float64 // of the largest: added to rest, they would make it coarse
	for i, v := range x {
		l := i % Lanes
		e := math.Exp(float64(v) - float64(top[l]))
		if e == 1 {
			ones[l]++
		} else {
			rest[l] += e
		}
		if y != nil {
			y[i] = float32(e)
		}
	}
	for l := range rest {
		rest[l] += ones[l] - 1
	}
	return top, rest
}

func scaleLanesGo(y []float32, by [Lanes]float32) {
	for i := range y {
		y[i] *= by[i%Lanes]
	}
}
