package activation_test

import "math"

var _ = formula("swish", actFormula{args: swishArgs, f: swishFormula, dx: swishDerivative, term: swishTerm})

var _ = formula("swish-beta", actFormula{
	args: swishArgs, f: swishFormula, dx: swishDerivative, term: swishTerm,
	da: func(x, b float64) float64 {
		e := math.Exp(-math.Abs(b * x))
		return x * x * e / ((1 + e) * (1 + e))
	},
})

var swishArgs = []float32{1, 0, 0.5, -2, 10}

func swishFormula(x, b float64) float64 {
	if math.IsInf(x, 0) && b*x < 0 {
		return 0 // the limit
	}
	if math.IsInf(x, 0) && b == 0 {
		return x
	}
	return x / (1 + math.Exp(-b*x))
}

// swishDerivative is (1 + e^−z + z·e^−z)/(1 + e^−z)² with z = βx, multiplied out by
// e^2z where e^−z could overflow.
func swishDerivative(x, b float64) float64 {
	z := b * x
	e := math.Exp(-math.Abs(z))
	if z < 0 {
		return e * (e + 1 + z) / ((1 + e) * (1 + e))
	}
	return (1 + e + z*e) / ((1 + e) * (1 + e))
}

// swishTerm is the larger of σ(z) and |z|·σ(z)·(1 − σ(z)).
func swishTerm(x, b float64) float64 {
	z := b * x
	s := 1 / (1 + math.Exp(-z))
	return math.Max(s, math.Abs(z)*s/(1+math.Exp(z)))
}
