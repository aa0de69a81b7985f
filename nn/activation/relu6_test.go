package activation_test

import "math"

var _ = formula("relu6", actFormula{
	args: []float32{6, 1, 2.5},
	f:    func(x, m float64) float64 { return math.Min(math.Max(x, 0), m) },
	dx: func(x, m float64) float64 {
		if x > 0 && x < m {
			return 1
		}
		return 0
	},
	kink: func(x, m float64) float64 {
		if x > 0 && x < m || x == m && m != 6 {
			return 1
		}
		return 0
	},
	at: func(m float64) []float64 {
		next := math.Nextafter32(float32(m), 99)
		return []float64{m, float64(next)}
	},
})
