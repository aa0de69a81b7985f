package score

import "math"

// McNemar is McNemar's test of two classifiers on the same samples (McNemar 1947): whether one
// is right more often than the other, beyond chance. Samples that both get right, or both wrong,
// say nothing about it.
type McNemar struct {
	// OnlyA and OnlyB are the samples that one classifier gets right and the other wrong.
	OnlyA, OnlyB int
	// P is the probability of a difference of this size or more, in either direction, if both
	// are as good.
	P float64
	// Exact reports whether P is that of the binomial distribution, which is taken for fewer
	// than ExactBelow samples. Otherwise it is of the χ² distribution with one degree of
	// freedom.
	Exact bool
	// Statistic is χ² with the continuity correction, (|OnlyA − OnlyB| − 1)²/(OnlyA + OnlyB);
	// 0 if P is exact. Equal numbers give 0, as in R's mcnemar.test.
	Statistic float64
}

// ExactBelow is the number of samples on which one of two classifiers alone is right from which
// McNemarOf takes the χ² distribution.
const ExactBelow = 25

// McNemarOf tests two classifiers of which each is right on so many samples that the other
// gets wrong. Negative numbers count as 0.
func McNemarOf(onlyA, onlyB int) McNemar {
	onlyA, onlyB = max(onlyA, 0), max(onlyB, 0)
	m := McNemar{OnlyA: onlyA, OnlyB: onlyB}
	n := onlyA + onlyB
	if n < ExactBelow {
		m.Exact = true
		ways, sum := 1.0, 0.0 // n over k
		for k := range min(onlyA, onlyB) + 1 {
			sum += ways
			ways *= float64(n-k) / float64(k+1)
		}
		m.P = min(1, 2*sum/math.Exp2(float64(n)))
		return m
	}
	apart := max(0, math.Abs(float64(onlyA)-float64(onlyB))-1)
	m.Statistic = apart * apart / (float64(onlyA) + float64(onlyB))
	m.P = math.Erfc(math.Sqrt(m.Statistic / 2))
	return m
}
