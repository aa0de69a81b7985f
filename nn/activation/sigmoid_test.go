package activation_test

import "math"

var _ = formula("sigmoid", actFormula{
	f: func(x, _ float64) float64 { return 1 / (1 + math.Exp(-x)) },
	dx: func(x, _ float64) float64 {
		e := math.Exp(-math.Abs(x))
		return e / ((1 + e) * (1 + e))
	},
})
