package activation_test

import "math"

var _ = formula("softsign", actFormula{
	f: func(x, _ float64) float64 {
		if math.IsInf(x, 0) {
			return math.Copysign(1, x) // the limit
		}
		return x / (1 + math.Abs(x))
	},
	dx: func(x, _ float64) float64 { return math.Pow(1+math.Abs(x), -2) },
})
