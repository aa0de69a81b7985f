package sweep

import (
	"math"
	"strings"

	"github.com/gonn-toolkit/gonn/train/run"
	"github.com/gonn-toolkit/gonn/train/stats"
)

// level is that of the intervals.
const level = 0.95

// Measure is a figure of a run.
type Measure struct {
	Name string // "test_loss"
	of   func(Figures) float64
}

// Measures are the figures of a run, in the order of tables. Losses and accuracies of the training
// set are of the network after training, on all of the set.
var Measures = []Measure{
	{"train_loss", func(f Figures) float64 { return f.TrainLoss }},
	{"train_accuracy", func(f Figures) float64 { return f.TrainAccuracy }},
	{"test_loss", func(f Figures) float64 { return f.TestLoss }},
	{"test_accuracy", func(f Figures) float64 { return f.TestAccuracy }},
}

// tested are the measures by which combinations are compared.
var tested = []Measure{Measures[2], Measures[3]}

// Moment is an epoch of each training.
type Moment string

const (
	// Last is the last epoch. Of a training that held nothing out it is the one that the run keeps,
	// with RestoreBest that of the lowest training loss.
	Last Moment = "last"
	Best Moment = "best" // that with the lowest loss on samples held out of the training set
)

// Row is what the runs of a combination have come to, over its seeds.
type Row struct {
	Combination string            `json:"combination"`
	Values      map[string]string `json:"values"` // by setting
	Epoch       Moment            `json:"epoch"`
	N           int               `json:"n"` // finished runs
	Estimates   []Estimate        `json:"estimates"`
}

// Estimate is a measure over the runs of a combination.
type Estimate struct {
	Measure string `json:"measure"`
	Spread
	// Published is the study's figure, of one run; nil if it has none for the combination.
	Published *float64 `json:"published,omitempty"`
	// Peers are other frameworks' results of the same training.
	Peers []Peer `json:"peers,omitempty"`
}

// Spread is what several runs say of a measure. Its intervals need two runs.
type Spread struct {
	Mean   float64        `json:"mean"`
	Std    float64        `json:"std"`     // of a sample, with n−1
	Mean95 stats.Interval `json:"mean_95"` // confidence interval of the mean
	// Run95 is the prediction interval of one run. That of an accuracy ends at 0 and 1, that of a
	// loss at 0.
	Run95 stats.Interval `json:"run_95"`
}

// EstimateOf sums up the values of several runs.
func EstimateOf(measure string, x []float64) Estimate {
	return Estimate{Measure: measure, Spread: spreadOf(measure, x)}
}

func spreadOf(measure string, x []float64) Spread {
	s := Spread{stats.Mean(x), stats.Std(x), stats.ConfidenceInterval(x, level), stats.PredictionInterval(x, level)}
	switch {
	case strings.HasSuffix(measure, "accuracy"):
		s.Run95 = s.Run95.Within(0, 1)
	case strings.HasSuffix(measure, "loss"):
		s.Run95 = s.Run95.Within(0, math.Inf(1))
	}
	return s
}

// Inside reports whether there is a published figure in the prediction interval.
func (e Estimate) Inside() bool { return e.Published != nil && e.Run95.Contains(*e.Published) }

// Test compares two combinations in a measure, by runs of the same seed.
type Test struct {
	Epoch   Moment `json:"epoch"`
	Measure string `json:"measure"`
	A       string `json:"a"`
	B       string `json:"b"`
	stats.TTest
	// Adjusted is P after Holm's correction over all pairs of the epoch and measure.
	Adjusted float64 `json:"adjusted"`
}

// Significant reports whether the two can be told apart, with a probability of at most 5 % that
// any pair of the epoch and measure is by chance.
func (t Test) Significant() bool { return t.Adjusted <= 1-level }

// Results are the rows and tests of a sweep, those of the last epoch first.
type Results struct {
	Rows  []Row  `json:"rows"`
	Tests []Test `json:"tests"`
}

// Results sums up the finished cells, beside the results of other frameworks.
func (s *Sweep) Results(peers ...*Framework) Results {
	r := Results{Rows: []Row{}, Tests: []Test{}}
	for _, m := range []Moment{Last, Best} {
		figures := make([][]Figures, len(s.Combinations)) // by seed
		found := false
		for i, c := range s.Combinations {
			for _, cell := range c.Cells {
				f, ok := cell.figures(m)
				figures[i], found = append(figures[i], f), found || ok
			}
		}
		if !found {
			continue
		}
		for i, c := range s.Combinations {
			r.Rows = append(r.Rows, s.row(c, m, figures[i], peers))
		}
		for _, measure := range tested {
			r.Tests = append(r.Tests, s.tests(m, measure, figures)...)
		}
	}
	return r
}

// figures are those of a finished cell at a moment, NaN if it has none.
func (c *Cell) figures(m Moment) (f Figures, ok bool) {
	nan := math.NaN()
	if c.Result == nil {
		return Figures{nan, nan, nan, nan}, false
	}
	train, test := c.Result.Train, c.Result.Test
	at := map[Moment]*run.EpochResult{Last: c.Result.Last, Best: c.Result.Best}[m]
	switch {
	case at != nil:
		train, test = at.Train, at.Test
	case m != Last:
		return Figures{nan, nan, nan, nan}, false
	}
	return Figures{train.Loss, train.Accuracy, test.Loss, test.Accuracy}, true
}

func (s *Sweep) row(c Combination, m Moment, figures []Figures, peers []*Framework) Row {
	r := Row{Combination: c.Label, Values: map[string]string{}, Epoch: m}
	for i, a := range s.Grid.Axes {
		r.Values[a.Setting] = c.Values[i]
	}
	study, isStudy := Published(c.Cells[0].Settings)
	for i, measure := range Measures {
		var x []float64
		for _, f := range figures {
			if v := measure.of(f); !math.IsNaN(v) {
				x = append(x, v)
			}
		}
		if i == 0 {
			r.N = len(x)
		}
		e := EstimateOf(measure.Name, x)
		if isStudy {
			v := measure.of(study)
			e.Published = &v
		}
		for _, f := range peers {
			if p, ok := f.peer(c.Cells[0].Settings, m, measure); ok {
				e.Peers = append(e.Peers, p)
			}
		}
		r.Estimates = append(r.Estimates, e)
	}
	return r
}

// tests are those of all pairs that have two seeds in common.
func (s *Sweep) tests(m Moment, measure Measure, figures [][]Figures) (list []Test) {
	groups := make([][]float64, len(figures))
	for i := range figures {
		for _, f := range figures[i] {
			groups[i] = append(groups[i], measure.of(f))
		}
	}
	for _, p := range stats.AllPairs(groups) {
		if !math.IsNaN(p.P) {
			a, b := s.Combinations[p.A].Label, s.Combinations[p.B].Label
			list = append(list, Test{m, measure.Name, a, b, p.TTest, p.Adjusted})
		}
	}
	return list
}
