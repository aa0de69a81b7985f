package stats

import (
	"fmt"
	"math"
)

// TTest is the result of a paired t-test (Student 1908).
type TTest struct {
	N int `json:"n"` // pairs
	// Difference is the mean of a − b, Interval its 95 % confidence interval.
	Difference float64  `json:"difference"`
	Interval   Interval `json:"interval"`
	T          float64  `json:"t"` // with N−1 degrees of freedom
	// P is the probability of a difference of this size or more, in either direction, if in
	// truth there is none.
	P float64 `json:"p"`
}

// PairedT tests whether a and b differ in the mean, in pairs: a[i] and b[i] are of the same
// seed, so that what the seed does to both counts for nothing. It panics if the lengths differ.
//
// Of fewer than two pairs T and P are NaN. If all differences are 0, T is 0 and P is 1. If they
// are all the same but not 0, T is infinite and P is 0, as in SciPy's ttest_rel.
func PairedT(a, b []float64) TTest {
	if len(a) != len(b) {
		panic(fmt.Sprintf("stats: a paired test of %d and %d values", len(a), len(b)))
	}
	differences := make([]float64, len(a))
	for i := range a {
		differences[i] = a[i] - b[i]
	}
	mean, std := moments(differences)
	t := TTest{N: len(a), Difference: mean, Interval: ConfidenceInterval(differences, 0.95), T: math.NaN(), P: math.NaN()}
	switch {
	case math.IsNaN(std):
	case mean == 0:
		t.T, t.P = 0, 1
	default:
		t.T = mean / (std / math.Sqrt(float64(t.N))) // infinite if std is 0
		t.P = 2 * student(t.N-1).CDF(-math.Abs(t.T))
	}
	return t
}

// Pair is the test of two groups of runs among several.
type Pair struct {
	A, B int // indices of the groups, A < B
	TTest
	// Adjusted is P after Holm's correction over all pairs.
	Adjusted float64 `json:"adjusted"`
}

// AllPairs tests every two groups of runs, in the order (0, 1), (0, 2), …, (1, 2), …
// groups[g][i] is the result of group g with seed number i, NaN for a run that there is not: two
// groups are compared on the seeds that both have. AllPairs panics if the groups have different
// lengths.
func AllPairs(groups [][]float64) []Pair {
	var pairs []Pair
	var p []float64
	for i := range groups {
		for j := i + 1; j < len(groups); j++ {
			t := PairedT(common(groups[i], groups[j]))
			pairs = append(pairs, Pair{A: i, B: j, TTest: t})
			p = append(p, t.P)
		}
	}
	for i, adjusted := range Holm(p) {
		pairs[i].Adjusted = adjusted
	}
	return pairs
}

// common are the values of those seeds that both have.
func common(a, b []float64) (commonA, commonB []float64) {
	if len(a) != len(b) {
		panic(fmt.Sprintf("stats: groups of %d and %d seeds", len(a), len(b)))
	}
	for i := range a {
		if !math.IsNaN(a[i]) && !math.IsNaN(b[i]) {
			commonA, commonB = append(commonA, a[i]), append(commonB, b[i])
		}
	}
	return commonA, commonB
}
