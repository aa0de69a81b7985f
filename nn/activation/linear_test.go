package activation_test

var _ = formula("linear", actFormula{
	f:  func(x, _ float64) float64 { return x },
	dx: func(_, _ float64) float64 { return 1 },
})
