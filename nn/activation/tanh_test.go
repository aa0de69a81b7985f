package activation_test

import "math"

var _ = formula("tanh", actFormula{
	f: func(x, _ float64) float64 {
		e := math.Expm1(-2 * math.Abs(x)) // tanh|x| = (1 − e^−2|x|)/(1 + e^−2|x|)
		return math.Copysign(e/(2+e), x)
	},
	dx: func(x, _ float64) float64 {
		c := math.Cosh(x)
		return 1 / c / c
	},
})
