package score_test

import (
	"math"
	"testing"

	"github.com/gonn-toolkit/gonn/nn/score"
)

// The values are those of statsmodels 0.15.0, contingency_tables.mcnemar with exact for fewer
// than 25 samples and correction, on SciPy 1.17.1. Of equal numbers from 25 on, where statsmodels
// subtracts the correction from nothing, χ² is 0 and p is 1, as in R's mcnemar.test.
func TestMcNemar(t *testing.T) {
	for _, c := range []struct {
		a, b         int
		statistic, p float64
	}{
		{0, 0, 0, 1},
		{1, 0, 0, 1},
		{0, 5, 0, 0.0625},
		{3, 3, 0, 1},
		{2, 10, 0, 0.03857421875},
		{7, 12, 0, 0.359283447265625},
		{11, 13, 0, 0.8388197422027588},
		{1, 23, 0, 2.9802322387695312e-06},
		{24, 0, 0, 1.1920928955078125e-07},
		{25, 0, 23.04, 1.5866563039511885e-06},
		{12, 13, 0, 1},
		{15, 15, 0, 1},
		{10, 30, 9.025, 0.002663119259138558},
		{59, 6, 41.6, 1.1199327149542469e-10},
		{86, 150, 16.81779661016949, 4.114562281345944e-05},
		{1000, 1100, 4.667142857142857, 0.030745034758993192},
		{5000000, 5003000, 0.8991303608917325, 0.34301500040288735},
		{-1, -5, 0, 1},
	} {
		for _, m := range []score.McNemar{score.McNemarOf(c.a, c.b), score.McNemarOf(c.b, c.a)} {
			if math.Abs(m.P-c.p) > 1e-12*c.p || math.Abs(m.Statistic-c.statistic) > 1e-12*c.statistic {
				t.Errorf("%d and %d: χ² %.16g, p %.16g; want %.16g and %.16g", c.a, c.b, m.Statistic, m.P, c.statistic, c.p)
			}
			if m.Exact != (c.a+c.b < 25) {
				t.Errorf("%d and %d: exact is %v", c.a, c.b, m.Exact)
			}
		}
	}
	if m := score.McNemarOf(3, 7); m.OnlyA != 3 || m.OnlyB != 7 {
		t.Errorf("%+v", m)
	}
}
