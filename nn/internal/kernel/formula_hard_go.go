package kernel

import "math"

// Functions without exponentials, and their derivatives.

func softsign(x, _ float64) float64 {
	x = min(max(x, -math.MaxFloat32), math.MaxFloat32) // at ±∞ it would be ∞/∞
	return x / (1 + math.Abs(x))
}

func softsignGrad(x, _ float64) float64 {
	d := 1 + math.Abs(x)
	return 1 / (d * d)
}

func hardSwish(x, _ float64) float64 {
	x = max(x, -3) // at −∞ it would be ∞·0
	return x * min(x+3, 6) / 6
}

func hardSwishGrad(x, _ float64) float64 {
	switch {
	case x <= -3:
		return 0
	case x >= 3:
		return 1
	}
	return (2*x + 3) / 6
}

func hardSigmoid(x, a float64) float64 { return min(max(a*x+0.5, 0), 1) }

func hardSigmoidGrad(x, a float64) float64 {
	if f := a*x + 0.5; f > 0 && f < 1 {
		return a
	}
	return 0
}

func relu6ForwardGo(y, x, a []float32) {
	y = y[:len(x)]
	top := a[0]
	for i, v := range x {
		y[i] = min(max(v, 0), top)
	}
}

func relu6BackwardGo(dx, dy, x, a []float32) { clipGrad(dx, dy, x, math.Float32bits(a[0])) }

// relu6BackwardKerasGo: a itself is inside.
func relu6BackwardKerasGo(dx, dy, x, a []float32) { clipGrad(dx, dy, x, math.Float32bits(a[0])+1) }

// clipGrad writes dx = dy where x is above 0 and below the number of the bits end, else 0.
// Bits of positive floats are in the order of the floats; in one comparison of unsigned
// integers 0 wraps around and negative floats are above all positive ones.
func clipGrad(dx, dy, x []float32, end uint32) {
	dx, dy = dx[:len(x)], dy[:len(x)]
	for i, v := range x {
		g := math.Float32bits(dy[i])
		if math.Float32bits(v)-1 >= end-1 {
			g = 0
		}
		dx[i] = math.Float32frombits(g)
	}
}

func thresholdedForwardGo(y, x, a []float32) { above(y, x, x, a[0]) }

func thresholdedBackwardGo(dx, dy, x, a []float32) { above(dx, dy, x, a[0]) }

// above writes to = from where x is above the threshold, or NaN, else 0. Numbers are
// chosen as integers, for which there is an instruction that does not jump.
func above(to, from, x []float32, threshold float32) {
	to, from = to[:len(x)], from[:len(x)]
	for i, v := range x {
		b := math.Float32bits(from[i])
		if v <= threshold {
			b = 0
		}
		to[i] = math.Float32frombits(b)
	}
}
