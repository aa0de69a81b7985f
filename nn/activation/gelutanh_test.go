package activation_test

import "math"

var _ = formula("gelu-tanh", actFormula{
	f: func(x, _ float64) float64 {
		if math.IsInf(x, -1) {
			return 0 // the limit
		}
		return x * halfTanh(x)
	},
	dx: func(x, _ float64) float64 { return halfTanh(x) + geluTanhSlope(x) },
	term: func(x, _ float64) float64 {
		return math.Max(halfTanh(x), math.Abs(geluTanhSlope(x)))
	},
})

func geluTanhU(x float64) float64 { return math.Sqrt(2/math.Pi) * (x + 0.044715*x*x*x) }

// halfTanh is (1 + tanh(u))/2, which for negative u would cancel.
func halfTanh(x float64) float64 {
	if u := geluTanhU(x); u < 0 {
		return math.Exp(2*u) / (1 + math.Exp(2*u))
	}
	return (1 + math.Tanh(geluTanhU(x))) / 2
}

// geluTanhSlope is x/2·(1 − tanh²(u))·u'.
func geluTanhSlope(x float64) float64 {
	if math.Abs(x) > 1e3 {
		return 0 // u' would overflow where the rest has long come to 0
	}
	sech := 1 / math.Cosh(geluTanhU(x))
	return x / 2 * sech * sech * math.Sqrt(2/math.Pi) * (1 + 3*0.044715*x*x)
}
