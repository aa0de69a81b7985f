package stats_test

import (
	"math"
	"testing"

	"github.com/gonn-toolkit/gonn/train/stats"
)

var nan, inf = math.NaN(), math.Inf(1)

// What n = 1, equal values and values that are no numbers give is part of the contract.
func TestIntervalsAtTheEdges(t *testing.T) {
	for _, c := range []struct {
		x              []float64
		mean, std, end float64 // end is that of both intervals, on both sides
	}{
		{nil, nan, nan, nan},
		{[]float64{0.5}, 0.5, nan, nan},
		{[]float64{0.1, 0.1, 0.1}, 0.1, 0, 0.1}, // whose sum by 3 is not 0.1
		{[]float64{0, 0}, 0, 0, 0},
		{[]float64{nan, 1, 2}, nan, nan, nan},
		{[]float64{1, 2, nan}, nan, nan, nan},
		{[]float64{inf, 1}, nan, nan, nan},
		{[]float64{1, -inf}, nan, nan, nan},
		{[]float64{inf}, nan, nan, nan},
	} {
		got := []float64{stats.Mean(c.x), stats.Std(c.x)}
		want := []float64{c.mean, c.std, c.end, c.end, c.end, c.end}
		for _, i := range []stats.Interval{stats.ConfidenceInterval(c.x, 0.95), stats.PredictionInterval(c.x, 0.95)} {
			got = append(got, i.Low, i.High)
		}
		for i := range want {
			if got[i] != want[i] && !(math.IsNaN(got[i]) && math.IsNaN(want[i])) {
				t.Errorf("%v: mean, deviation and intervals %v, want %v", c.x, got, want)
				break
			}
		}
	}
}

func TestContains(t *testing.T) {
	for _, c := range []struct {
		i    stats.Interval
		v    float64
		want bool
	}{
		{stats.Interval{Low: 1, High: 2}, 1, true}, {stats.Interval{Low: 1, High: 2}, 2, true},
		{stats.Interval{Low: 1, High: 2}, 2.01, false}, {stats.Interval{Low: 1, High: 2}, nan, false},
		{stats.Interval{Low: nan, High: nan}, 1, false},
	} {
		if got := c.i.Contains(c.v); got != c.want {
			t.Errorf("%v contains %v: %v", c.i, c.v, got)
		}
	}
}

func TestWithin(t *testing.T) {
	for _, c := range []struct{ i, want stats.Interval }{
		{stats.Interval{Low: 0.25, High: 0.75}, stats.Interval{Low: 0.25, High: 0.75}},
		{stats.Interval{Low: -1, High: 0.5}, stats.Interval{Low: 0, High: 0.5}},
		{stats.Interval{Low: 0.5, High: 2}, stats.Interval{Low: 0.5, High: 1}},
		{stats.Interval{Low: 2, High: 3}, stats.Interval{Low: 1, High: 1}},
		{stats.Interval{Low: -3, High: -2}, stats.Interval{Low: 0, High: 0}},
	} {
		if got := c.i.Within(0, 1); got != c.want {
			t.Errorf("%v within 0 and 1: %v, want %v", c.i, got, c.want)
		}
	}
	if got := (stats.Interval{Low: nan, High: nan}).Within(0, 1); !math.IsNaN(got.Low) || !math.IsNaN(got.High) {
		t.Errorf("an interval that is not known is %v", got)
	}
}

func TestPairedTAtTheEdges(t *testing.T) {
	for _, c := range []struct {
		a, b             []float64
		difference, t, p float64
	}{
		{nil, nil, nan, nan, nan},
		{[]float64{3}, []float64{1}, 2, nan, nan},
		{[]float64{3, 4}, []float64{3, 4}, 0, 0, 1},
		{[]float64{3, 4}, []float64{4, 3}, 0, 0, 1},
		{[]float64{3, 4, 9}, []float64{1, 2, 7}, 2, inf, 0},
		{[]float64{1, 2}, []float64{3, 4}, -2, -inf, 0},
		{[]float64{3, nan}, []float64{1, 2}, nan, nan, nan},
		{[]float64{3, inf}, []float64{1, inf}, nan, nan, nan},
	} {
		got := stats.PairedT(c.a, c.b)
		if got.N != len(c.a) || !near(got.Difference, c.difference, 0) || !near(got.T, c.t, 0) || !near(got.P, c.p, 0) {
			t.Errorf("%v and %v: %+v, want difference %v, t %v, p %v", c.a, c.b, got, c.difference, c.t, c.p)
		}
	}
}

func TestAllPairs(t *testing.T) {
	groups := [][]float64{{1, 2, 3, nan}, {1.5, 2.6, 3.4, 9}, {5, nan, nan, 7}}
	pairs := stats.AllPairs(groups)
	if len(pairs) != 3 {
		t.Fatalf("%d pairs of 3 groups", len(pairs))
	}
	first := stats.PairedT(groups[0][:3], groups[1][:3])
	for i, want := range []stats.Pair{
		{A: 0, B: 1, TTest: first, Adjusted: 2 * first.P}, // of two tests that could be done, the smaller p
		{A: 0, B: 2, TTest: stats.TTest{N: 1, Difference: -4, Interval: stats.Interval{Low: nan, High: nan}, T: nan, P: nan}, Adjusted: nan},
		{A: 1, B: 2, TTest: stats.PairedT([]float64{1.5, 9}, []float64{5, 7})},
	} {
		got := pairs[i]
		if i == 2 {
			want.Adjusted = want.P
		}
		if got.A != want.A || got.B != want.B || got.N != want.N || !near(got.Difference, want.Difference, 0) ||
			!near(got.P, want.P, 0) || !near(got.Adjusted, want.Adjusted, 0) {
			t.Errorf("pair %d: %+v, want %+v", i, got, want)
		}
	}
}

func TestWhatCannotBeMeant(t *testing.T) {
	for name, call := range map[string]func(){
		"a level in percent":  func() { stats.ConfidenceInterval([]float64{1, 2}, 95) },
		"a level of 1":        func() { stats.PredictionInterval(nil, 1) },
		"no level":            func() { stats.PredictionInterval([]float64{1, 2}, nan) },
		"unequal lengths":     func() { stats.PairedT([]float64{1, 2}, []float64{1}) },
		"groups of any sizes": func() { stats.AllPairs([][]float64{{1, 2}, {1}}) },
	} {
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("%s: no panic", name)
				}
			}()
			call()
		}()
	}
}
