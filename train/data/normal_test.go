package data

import (
	"math"
	"slices"
	"testing"
)

// The ziggurat's numbers against the normal distribution: its moments, the largest
// distance of the distribution functions (Kolmogorov and Smirnov), and the tail that is
// drawn in its own way.
func TestNormalIsNormal(t *testing.T) {
	const n = 1_000_000
	rng := stream(11)
	v := make([]float64, n)
	var m [5]float64
	tail := 0
	for i := range v {
		x := rng.normal()
		v[i] = x
		for k := 1; k <= 4; k++ {
			m[k] += math.Pow(x, float64(k)) / n
		}
		if math.Abs(x) > zigTail {
			tail++
		}
	}
	// Deviations of the k-th moment of n numbers: √((m₂ₖ − mₖ²)/n).
	for k, want := range []struct{ value, variance float64 }{1: {0, 1}, 2: {1, 2}, 3: {0, 15}, 4: {3, 96}} {
		if k > 0 && math.Abs(m[k]-want.value) > 4*math.Sqrt(want.variance/n) {
			t.Errorf("moment %d is %v, want %v", k, m[k], want.value)
		}
	}
	slices.Sort(v)
	worst := 0.0
	for i, x := range v {
		worst = max(worst, math.Abs(0.5*math.Erfc(-x/math.Sqrt2)-float64(i)/n))
	}
	if limit := 1.95 / math.Sqrt(n); worst > limit { // exceeded once in 1000
		t.Errorf("the distribution functions differ by %v, want at most %v", worst, limit)
	}
	if want := n * math.Erfc(zigTail/math.Sqrt2); math.Abs(float64(tail)-want) > 4*math.Sqrt(want) {
		t.Errorf("%d numbers beyond ±%v, want about %.0f", tail, zigTail, want)
	}
	if v[0] > -4.3 || v[n-1] < 4.3 || v[0] < -7 || v[n-1] > 7 {
		t.Errorf("the ends are %v and %v", v[0], v[n-1])
	}
}

// The bits of a run depend on these numbers.
func TestNormalStaysAsItIs(t *testing.T) {
	rng := stream(1)
	for i, want := range []float32{-1.3172277, -0.49953926, -0.06506269, 2.2831476} {
		if got := float32(rng.normal()); got != want {
			t.Errorf("number %d is %v, want %v", i, got, want)
		}
	}
}
