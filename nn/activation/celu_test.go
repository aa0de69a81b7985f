package activation_test

import "math"

var _ = formula("celu", actFormula{
	args: []float32{1, 0.5, 3},
	f: func(x, a float64) float64 {
		return math.Max(x, 0) + a*math.Expm1(math.Min(x, 0)/a)
	},
	dx: func(x, a float64) float64 { return math.Exp(math.Min(x, 0) / a) },
	kink: func(x, a float64) float64 {
		if x == 0 {
			return 2
		}
		return math.Exp(math.Min(x, 0) / a)
	},
})
