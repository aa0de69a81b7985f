package activation_test

import "math"

var _ = formula("thresholded-relu", actFormula{
	args: []float32{1, 0, -0.5, 2},
	f: func(x, theta float64) float64 {
		if x <= theta {
			return 0
		}
		return x
	},
	dx: func(x, theta float64) float64 {
		if x > theta {
			return 1
		}
		return 0
	},
	at: func(theta float64) []float64 {
		next := math.Nextafter32(float32(theta), 99)
		return []float64{theta, float64(next)}
	},
})
