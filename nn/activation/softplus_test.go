package activation_test

import "math"

var _ = formula("softplus", actFormula{
	args: []float32{1, 0.5, 2, 10},
	f:    func(x, b float64) float64 { return softplus(b*x) / b },
	dx: func(x, b float64) float64 {
		if z := b * x; z < 0 {
			return math.Exp(z) / (1 + math.Exp(z))
		}
		return 1 / (1 + math.Exp(-b*x))
	},
})
