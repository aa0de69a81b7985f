package stats

import (
	"cmp"
	"math"
	"slices"
)

// Holm adjusts the p-values of several tests (Holm 1979): calling those below α significant, the
// probability that any such call is wrong is at most α, however the tests depend on each other.
// The smallest of m is multiplied by m, the next one by m−1, and so on; none is adjusted to less
// than a smaller one, or to more than 1. The result is in the order of p, which is not changed.
//
// A NaN is a test that could not be done: it stays NaN and does not count in m.
func Holm(p []float64) []float64 {
	adjusted := slices.Clone(p)
	var tests []int
	for i, v := range p {
		if !math.IsNaN(v) {
			tests = append(tests, i)
		}
	}
	slices.SortStableFunc(tests, func(i, j int) int { return cmp.Compare(p[i], p[j]) })
	least := 0.0
	for rank, i := range tests {
		least = max(least, min(1, float64(len(tests)-rank)*p[i]))
		adjusted[i] = least
	}
	return adjusted
}
