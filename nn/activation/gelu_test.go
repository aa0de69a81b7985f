package activation_test

import "math"

var _ = formula("gelu", actFormula{
	f: func(x, _ float64) float64 {
		if math.IsInf(x, -1) {
			return 0 // the limit
		}
		return x * normalDistribution(x)
	},
	dx: func(x, _ float64) float64 { return normalDistribution(x) + x*normalDensity(x) },
	term: func(x, _ float64) float64 {
		return math.Max(normalDistribution(x), math.Abs(x*normalDensity(x)))
	},
})

// normalDistribution is (1 + erf(x/√2))/2, which for negative x would cancel.
func normalDistribution(x float64) float64 {
	if x < 0 {
		return math.Erfc(math.Abs(x)/math.Sqrt2) / 2
	}
	return (1 + math.Erf(x/math.Sqrt2)) / 2
}

func normalDensity(x float64) float64 { return math.Exp(-x*x/2) / math.Sqrt(2*math.Pi) }
