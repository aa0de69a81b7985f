package sweep

import (
	"math"
	"testing"

	"github.com/gonn-toolkit/gonn/train/recipe"
	"github.com/gonn-toolkit/gonn/train/run"
)

// near compares to so many digits as are given by hand.
func near(a, b float64) bool { return math.Abs(a-b) < 5e-6 }

// made is a sweep over two activations whose cells have results by test loss; those of the best
// epoch are half of the last's, and accuracies are a tenth of losses.
func made(t *testing.T, losses map[string][]float64) *Sweep {
	t.Helper()
	g := Grid{Settings: recipe.Default(), Axes: []Axis{{"act", []string{"leaky:-0.5", "prelu", "mish"}}}, Seeds: []uint64{1, 2, 3}}
	s := &Sweep{Grid: g}
	for _, values := range g.combinations() {
		c := Combination{Label: g.label(values), Values: values}
		for i, seed := range g.Seeds {
			settings, err := g.settings(values, seed)
			if err != nil {
				t.Fatal(err)
			}
			cell := &Cell{Values: values, Seed: seed, Settings: settings}
			if v := losses[values[0]]; i < len(v) {
				score := func(loss float64) run.Score { return run.Score{Samples: 10, Loss: loss, Accuracy: loss / 10} }
				last := run.EpochResult{Epoch: 2, Train: score(v[i] + 10), Test: score(v[i])}
				best := run.EpochResult{Epoch: 1, Train: score(v[i]/2 + 10), Test: score(v[i] / 2)}
				cell.State, cell.Result = Finished, &run.Result{Train: last.Train, Test: last.Test, Last: &last, Best: &best}
			}
			c.Cells = append(c.Cells, cell)
		}
		s.Combinations = append(s.Combinations, c)
	}
	return s
}

// By hand: t of 2 degrees of freedom has its 97.5 % quantile at 4.302653.
func TestResultsByHand(t *testing.T) {
	r := made(t, map[string][]float64{"leaky:-0.5": {1, 2, 3}, "prelu": {1.5, 3, 4.5}, "mish": {5, 5.4}}).Results()
	if len(r.Rows) != 6 || len(r.Tests) != 12 {
		t.Fatalf("%d rows, %d tests", len(r.Rows), len(r.Tests))
	}
	for _, c := range []struct {
		row, measure                                  int
		label                                         string
		moment                                        Moment
		n                                             int
		mean, std, meanLow, meanHigh, runLow, runHigh float64
		published                                     float64
	}{
		{0, 2, "leaky:-0.5", Last, 3, 2, 1, 2 - 2.484138, 2 + 2.484138, 0, 2 + 4.968276, 0.0529},
		{0, 0, "leaky:-0.5", Last, 3, 12, 1, 12 - 2.484138, 12 + 2.484138, 12 - 4.968276, 12 + 4.968276, 0.0373},
		{0, 3, "leaky:-0.5", Last, 3, 0.2, 0.1, 0.2 - 0.2484138, 0.2 + 0.2484138, 0, 0.2 + 0.4968276, 0.9833},
		{3, 2, "leaky:-0.5", Best, 3, 1, 0.5, 1 - 1.242069, 1 + 1.242069, 0, 1 + 2.484138, 0.0529},
		{1, 1, "prelu", Last, 3, 1.3, 0.15, 1.3 - 0.3726207, 1.3 + 0.3726207, 1.3 - 0.7452413, 1, 0.9880},
		// t of one degree: 12.706205; s = 0.4/√2, half of the mean's interval 12.706205·0.2
		{2, 2, "mish", Last, 2, 5.2, 0.282843, 5.2 - 2.541241, 5.2 + 2.541241, 5.2 - 4.401558, 5.2 + 4.401558, 0},
	} {
		row := r.Rows[c.row]
		e := row.Estimates[c.measure]
		if row.Combination != c.label || row.Epoch != c.moment || row.N != c.n || e.Measure != Measures[c.measure].Name {
			t.Errorf("row %d: %+v", c.row, row)
		}
		for i, pair := range [][2]float64{{e.Mean, c.mean}, {e.Std, c.std}, {e.Mean95.Low, c.meanLow}, {e.Mean95.High, c.meanHigh}, {e.Run95.Low, c.runLow}, {e.Run95.High, c.runHigh}} {
			if !near(pair[0], pair[1]) {
				t.Errorf("%s %s, %s epoch: figure %d is %v, want %v", c.label, e.Measure, c.moment, i, pair[0], pair[1])
			}
		}
		if (e.Published != nil) != (c.published != 0) || e.Published != nil && *e.Published != c.published {
			t.Errorf("%s %s: published %v, want %v", c.label, e.Measure, e.Published, c.published)
		}
	}
	// p is 1 − |t|/√(2+t²) with two degrees of freedom, and 2/π·atan(1/|t|) with one. Differences
	// −0.5, −1, −1.5 have t = −2·√3, −4 and −3.4 have t = −3.7/0.3, −3.5 and −2.4 t = −2.95/0.55.
	// Holm multiplies the smallest by 3, and none is adjusted to less than a smaller one.
	for i, want := range []struct{ p, adjusted float64 }{{0.0741799, 0.154515}, {0.0515052, 0.154515}, {0.117345, 0.154515}} {
		if got := r.Tests[i]; got.Measure != "test_loss" || got.Epoch != Last || !near(got.P, want.p) || !near(got.Adjusted, want.adjusted) || got.Significant() {
			t.Errorf("test %d: %+v, want %+v", i, got, want)
		}
	}
	if r.Tests[3].Measure != "test_accuracy" || r.Tests[6].Epoch != Best {
		t.Errorf("%+v", r.Tests)
	}
}

// Without samples held out there is one epoch, whichever the run keeps: all are compared.
func TestResultsWithoutValidation(t *testing.T) {
	for _, restored := range []bool{false, true} {
		s := made(t, map[string][]float64{"prelu": {1, 2}})
		for _, c := range s.Combinations[1].Cells {
			c.Settings.RestoreBest = restored
			if c.Result != nil {
				c.Result.Last, c.Result.Best = nil, nil
			}
		}
		r := s.Results()
		if len(r.Rows) != 3 || r.Rows[1].Epoch != Last || r.Rows[1].N != 2 || r.Rows[0].N != 0 || len(r.Tests) != 0 {
			t.Errorf("restored %v: %+v", restored, r)
		}
	}
}

// Rows of the study are recognised however they are spelled, and nothing else is.
func TestPublished(t *testing.T) {
	for _, c := range []struct {
		change func(*run.Settings)
		loss   float64 // 0 for none
	}{
		{func(s *run.Settings) { s.Act = "leaky:-0.50" }, 0.0529},
		{func(s *run.Settings) { s.Act = "relu" }, 0.0621},
		{func(s *run.Settings) { s.Act = "linear" }, 2.3019},
		{func(s *run.Settings) { s.Act = "leaky:0.01" }, 0},
		{func(s *run.Settings) { s.Act = "swish" }, 0},
		{func(*run.Settings) {}, 0.0490},
		{func(s *run.Settings) { s.Act = "prelu:element:0" }, 0.0490},
		{func(s *run.Settings) { s.Act = "prelu:element:0.25" }, 0},
		{func(s *run.Settings) { s.Act = "prelu:channel" }, 0},
		{func(s *run.Settings) { s.Init = "pytorch" }, 0},
		{func(s *run.Settings) { s.Epochs, s.Batch = 12, 32 }, 0.0490},
		{func(s *run.Settings) { s.Limit = 1000 }, 0},
		{func(s *run.Settings) { s.Data = "mnist" }, 0},
		{func(s *run.Settings) { s.Net = "mlp" }, 0},
	} {
		s := recipe.Default()
		c.change(&s)
		s, err := recipe.Complete(s)
		if err != nil {
			t.Fatal(err)
		}
		if got, ok := Published(s); got.TestLoss != c.loss || ok != (c.loss != 0) {
			t.Errorf("%s, init %s: %+v, want a test loss of %v", s.Act, s.Init, got, c.loss)
		}
	}
}
