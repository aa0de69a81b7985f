package kernel

import "math"

// SoftmaxColumn is SoftmaxExp for one pixel of a map x [K][pixels][Lanes], over its
// channels: top is the largest logit of each lane, rest = Σ e^(x[k] − top) − 1.
func SoftmaxColumn(x []float32, pixels, p int) (top [Lanes]float32, rest [Lanes]float64) {
	if pixels == 1 {
		return SoftmaxExp(nil, x)
	}
	top = *pixel(x, p)
	channels := len(x) / Lanes / pixels
	for k := 1; k < channels; k++ {
		for l, v := range pixel(x, k*pixels+p) {
			if v > top[l] {
				top[l] = v
			}
		}
	}
	var ones [Lanes]float64 // of the largest: added to rest, they would make it coarse
	for k := range channels {
		for l, v := range pixel(x, k*pixels+p) {
			if e := math.Exp(float64(v) - float64(top[l])); e == 1 {
				ones[l]++
			} else {
				rest[l] += e
			}
		}
	}
	for l := range rest {
		rest[l] += ones[l] - 1
	}
	return top, rest
}
