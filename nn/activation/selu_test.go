package activation_test

import "math"

var _ = formula("selu", actFormula{
	f: func(x, _ float64) float64 {
		const alpha, scale = 1.6732632423543772848, 1.0507009873554804934
		return scale * (math.Max(x, 0) + alpha*math.Expm1(math.Min(x, 0)))
	},
	dx:   func(x, _ float64) float64 { return seluDerivative(x, x > 0) },
	kink: func(x, _ float64) float64 { return seluDerivative(x, x >= 0) },
})

// seluDerivative is the derivative on one side of 0.
func seluDerivative(x float64, right bool) float64 {
	const alpha, scale = 1.6732632423543772848, 1.0507009873554804934
	if right {
		return scale
	}
	return scale * alpha * math.Exp(x)
}
