package activation

import "math"

// forward64 gives the loop y = f(x; a) of a function that is computed in float64, so that
// it is right to the last bit of float32. a is the fixed parameter, 0 if there is none.
func forward64(f func(x, a float64) float64) func(y, x, a []float32) {
	return func(y, x, a []float32) {
		y = y[:len(x)]
		p := fixed64(a)
		for i, v := range x {
			y[i] = float32(f(float64(v), p))
		}
	}
}

// backward64 gives the loop dx = dy·d(x; a) for the derivative d of such a function.
func backward64(d func(x, a float64) float64) func(dx, dy, x, a, da []float32) {
	return func(dx, dy, x, a, _ []float32) {
		dx, dy = dx[:len(x)], dy[:len(x)]
		p := fixed64(a)
		for i, v := range x {
			dx[i] = float32(float64(dy[i]) * d(float64(v), p))
		}
	}
}

func fixed64(a []float32) float64 {
	if len(a) == 0 {
		return 0
	}
	return float64(a[0])
}

// logOnePlusExp is ln(1 + e^z), which neither overflows nor cancels. With e = e^(−|z|) and
// s = e/(2 + e) ≤ 1/3, ln(1 + e) is 2·artanh(s) = 2·(s + s³/3 + s⁵/5 + …): nine terms are
// within 2e-10 of it, and take half the time of math.Log1p.
func logOnePlusExp(z float64) float64 {
	e := math.Exp(-math.Abs(z))
	s := e / (2 + e)
	q := s * s
	sum := 1 + q*(1./3+q*(1./5+q*(1./7+q*(1./9+q*(1./11+q*(1./13+q*(1./15+q*(1./17))))))))
	return max(z, 0) + 2*s*sum
}

// far is where a function whose tail falls like e^(−x²/2) has long come to 0 or x, in
// float32 and in its derivative: e⁻⁸⁰⁰ is less than the smallest number. Up to there the
// formulas have no ∞·0.
const far = 40
