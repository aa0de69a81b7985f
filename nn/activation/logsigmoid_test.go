package activation_test

import "math"

var _ = formula("logsigmoid", actFormula{
	f: func(x, _ float64) float64 { return -softplus(-x) },
	dx: func(x, _ float64) float64 {
		if x > 0 {
			return math.Exp(-x) / (1 + math.Exp(-x))
		}
		return 1 / (1 + math.Exp(x))
	},
})
