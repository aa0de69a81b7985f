package activation_test

import "math"

var _ = formula("relu", actFormula{
	f: func(x, _ float64) float64 { return math.Max(x, 0) },
	dx: func(x, _ float64) float64 {
		if x > 0 {
			return 1
		}
		return 0
	},
})
