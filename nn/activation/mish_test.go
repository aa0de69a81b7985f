package activation_test

import "math"

var _ = formula("mish", actFormula{
	f: func(x, _ float64) float64 {
		if math.IsInf(x, -1) {
			return 0 // the limit
		}
		return x * math.Tanh(softplus(x))
	},
	dx: func(x, _ float64) float64 {
		sp := softplus(x)
		sech := 1 / math.Cosh(sp)
		return math.Tanh(sp) + x/(1+math.Exp(-x))*sech*sech
	},
	term: func(x, _ float64) float64 {
		sp := softplus(x)
		sech := 1 / math.Cosh(sp)
		return math.Max(math.Tanh(sp), math.Abs(x/(1+math.Exp(-x))*sech*sech))
	},
})

// softplus is ln(1 + e^x).
func softplus(x float64) float64 { return math.Max(x, 0) + math.Log1p(math.Exp(-math.Abs(x))) }
