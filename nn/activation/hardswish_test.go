package activation_test

import "math"

var _ = formula("hardswish", actFormula{
	f: func(x, _ float64) float64 {
		if x < -3 {
			return 0 // at −∞ the limit
		}
		return x * math.Min(x+3, 6) / 6
	},
	dx: func(x, _ float64) float64 {
		switch {
		case x <= -3:
			return 0
		case x >= 3:
			return 1
		}
		return x/3 + 0.5
	},
	at: func(float64) []float64 { return []float64{-3, 3} },
})
