package stats_test

import (
	"encoding/json"
	"math"
	"os"
	"slices"
	"testing"

	"github.com/gonn-toolkit/gonn/train/stats"
)

// golden is what SciPy and statsmodels computed (testdata/ref/golden_stats.py).
type golden struct {
	Levels  []float64
	Samples []struct {
		X         []float64
		Mean, Std float64
		Intervals [][4]float64 // of each level, confidence and prediction
	}
	Pairs []struct {
		A, B             []float64
		Difference, T, P float64
		Interval         [2]float64
	}
	Holm []struct{ P, Adjusted []float64 }
}

func readGolden(t *testing.T) (g golden) {
	t.Helper()
	text, err := os.ReadFile("../../testdata/golden/stats.json")
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(text, &g); err != nil {
		t.Fatal(err)
	}
	if len(g.Samples) == 0 || len(g.Pairs) == 0 || len(g.Holm) == 0 {
		t.Fatal("the golden has no cases")
	}
	return g
}

// near reports whether values agree but for rounding, relative to their size or to scale.
func near(got, want, scale float64) bool {
	return got == want || math.IsNaN(got) && math.IsNaN(want) || math.Abs(got-want) <= 1e-10*max(math.Abs(want), scale)
}

func TestIntervalsAreThoseOfSciPy(t *testing.T) {
	g := readGolden(t)
	for _, s := range g.Samples {
		// Digits of the values that are lost to their common offset cannot be asked for.
		if mean, std := stats.Mean(s.X), stats.Std(s.X); !near(mean, s.Mean, 0) || math.Abs(std-s.Std) > 1e-12*math.Abs(s.Mean)+1e-10*s.Std {
			t.Errorf("%v: mean %v, deviation %v; want %v, %v", s.X, mean, std, s.Mean, s.Std)
		}
		for i, level := range g.Levels {
			c, p := stats.ConfidenceInterval(s.X, level), stats.PredictionInterval(s.X, level)
			for k, got := range []float64{c.Low, c.High, p.Low, p.High} {
				if !near(got, s.Intervals[i][k], s.Std) {
					t.Errorf("%v: intervals of level %v are %v and %v, want %v", s.X, level, c, p, s.Intervals[i])
					break
				}
			}
		}
	}
}

func TestPairedTIsSciPys(t *testing.T) {
	for _, c := range readGolden(t).Pairs {
		got := stats.PairedT(c.A, c.B)
		if got.N != len(c.A) || !near(got.Difference, c.Difference, 0) || !near(got.T, c.T, 0) || !near(got.P, c.P, 0) ||
			!near(got.Interval.Low, c.Interval[0], 0) || !near(got.Interval.High, c.Interval[1], 0) {
			t.Errorf("%d pairs: %+v, want %+v", len(c.A), got, c)
		}
	}
}

func TestHolmIsStatsmodels(t *testing.T) {
	cases := readGolden(t).Holm
	for _, c := range cases {
		p := slices.Clone(c.P)
		if got := stats.Holm(p); !slices.EqualFunc(got, c.Adjusted, func(a, b float64) bool { return near(a, b, 0) }) || !slices.Equal(p, c.P) {
			t.Errorf("%v: %v, want %v", p, got, c.Adjusted)
		}
		// Tests that were not done change nothing for the others.
		some := slices.Insert(slices.Clone(c.P), len(p)/2, math.NaN())
		got := stats.Holm(some)
		if !math.IsNaN(got[len(p)/2]) || !slices.Equal(slices.Delete(got, len(p)/2, len(p)/2+1), stats.Holm(p)) {
			t.Errorf("%v: %v", some, got)
		}
	}
	if got := stats.Holm(nil); len(got) != 0 {
		t.Errorf("no tests give %v", got)
	}
}
