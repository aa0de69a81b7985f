package report_test

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"

	"github.com/gonn-toolkit/gonn/train/recipe"
	"github.com/gonn-toolkit/gonn/train/report"
	"github.com/gonn-toolkit/gonn/train/run"
	"github.com/gonn-toolkit/gonn/train/stats"
	"github.com/gonn-toolkit/gonn/train/sweep"
)

// sweepOf is a sweep of ReLU and LeakyReLU over three seeds, by hand.
func sweepOf(t *testing.T, peers ...*sweep.Framework) *report.Sweep {
	t.Helper()
	s := &sweep.Sweep{Dir: "sweeps/s", Grid: sweep.Grid{Settings: recipe.Default(), Seeds: []uint64{1, 2, 3},
		Axes: []sweep.Axis{{Setting: "act", Values: []string{"relu", "leaky:0.5"}}}}}
	for i, act := range s.Grid.Axes[0].Values {
		c := sweep.Combination{Label: act, Values: []string{act}}
		for seed := range 3 {
			settings := s.Grid.Settings
			settings.Act = act
			settings, err := recipe.Complete(settings)
			if err != nil {
				t.Fatal(err)
			}
			settings.DataSHA256 = "ab"
			score := func(v float64) run.Score { return run.Score{Samples: 1, Loss: v, Accuracy: 1 - v} }
			v := 0.062 + 0.001*float64(seed-1) + 0.05*float64(i) + 0.0001*float64(i*seed)
			c.Cells = append(c.Cells, &sweep.Cell{Name: act, Settings: settings, State: sweep.Waiting,
				Result: &run.Result{Train: score(v / 2), Test: score(v)}})
		}
		s.Combinations = append(s.Combinations, c)
	}
	s.Combinations[1].Cells[2].State, s.Combinations[1].Cells[2].Failure = sweep.Failed, "epoch 1: it broke"
	s.Combinations[1].Cells[2].Result = nil
	r, err := report.SweepOf(s, peers...)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func TestSweepText(t *testing.T) {
	var b bytes.Buffer
	if err := report.WriteText(&b, sweepOf(t)); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		"act (2 values), 3 seeds",
		"failed: leaky:0.5: epoch 1: it broke\n",
		"study, mnist-inverted, 5 epochs, batches of 128, adam (keras), lr 0",
		"\nlast epoch\n",
		"relu         3  0.0310 ±0.0012  0.9690 ±0.0012  0.0620 ±0.0025  0.9380 ±0.0025\n",
		"  one run       0.0285…0.0335   0.9665…0.9715   0.0570…0.0670   0.9330…0.9430\n",
		"  published     0.0498*         0.9845*         0.0621          0.9810*\n",
		"leaky:0.5    2  0.0558 ±0.0035",
		"* marks one\n  outside of the prediction interval.",
		"p after Holm's correction over 1 pair:\n  relu < leaky:0.5 in test loss: p = 0.00064\n",
	} {
		if !strings.Contains(b.String(), want) {
			t.Errorf("no %q in\n%s", want, &b)
		}
	}
	for i, line := range strings.Split(b.String(), "\n") {
		if n := len([]rune(line)); n > 80 {
			t.Errorf("line %d has %d columns", i+1, n)
		}
	}
}

// Other frameworks' means stand below the rows that they have trained.
func TestSweepBeside(t *testing.T) {
	keras := &sweep.Framework{Framework: "keras", Versions: map[string]string{"keras": "3.1"}, Command: "python x.py"}
	for i := range 2 {
		c := sweep.FrameworkCell{Act: "relu"}
		c.Last.Test.Loss = 0.06 + 0.02*float64(i)
		keras.Cells = append(keras.Cells, c)
	}
	torch := &sweep.Framework{Framework: "torch", Cells: []sweep.FrameworkCell{{Act: "relu"}}}
	for i, f := range []*sweep.Framework{keras, torch} {
		f.Protocol.Batch, f.Protocol.Epochs, f.Protocol.LR = 128, 5+i, 0.001
	}
	keras.Cells[1].Seed = 1
	r := sweepOf(t, keras, torch)
	var b bytes.Buffer
	if err := report.WriteText(&b, r); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		"\n  Keras      2  0.0000 ±0.0000  0.0000 ±0.0000  0.0700 ±0.1271",
		"\nKeras is version 3.1: means of 2 trainings with the same settings. python x.py\n  has made them.",
		"\nNone of the trainings in PyTorch has the settings of one here: they differ in\n  epochs (6, and 5 here).",
	} {
		if !strings.Contains(b.String(), want) {
			t.Errorf("no %q in\n%s", want, &b)
		}
	}
	lines := strings.Split(string(r.CSV()), "\n")
	if !strings.HasSuffix(lines[0], ",published,keras_n,keras_mean,keras_std,pytorch_n,pytorch_mean,pytorch_std") ||
		!strings.HasPrefix(lines[3], "relu,last,test_loss,") || !strings.Contains(lines[3], ",2,0.07,0.0141") || !strings.HasSuffix(lines[3], ",,,") ||
		!strings.HasSuffix(lines[7], ",,,,,,") {
		t.Errorf("CSV\n%s", strings.Join(lines, "\n"))
	}
	b.Reset()
	if err := report.WriteJSON(&b, r); err != nil || !strings.Contains(b.String(), `"framework": "Keras"`) {
		t.Errorf("error %v, JSON without Keras:\n%s", err, &b)
	}
}

// What the trainings have in common is what all say, not what the first one does.
func TestSweepTextSaysWhatIsCommon(t *testing.T) {
	s := run.Settings{Net: "mlp", Data: "mnist", Epochs: 1, Batch: 8, Optimizer: "sgd", Semantics: "keras", LR: 0.01, DataSHA256: "ab"}
	other := s
	other.Optimizer, other.LR, other.Val = "adam", 0.001, 0.1
	cells := func(all ...run.Settings) (cells []*sweep.Cell) {
		for _, s := range all {
			cells = append(cells, &sweep.Cell{Settings: s, State: sweep.Failed})
		}
		return cells
	}
	for want, all := range map[string][]*sweep.Cell{
		"\nmlp, mnist, 1 epoch, batches of 8\n":                       cells(s, other),
		"\nmlp, mnist, 1 epoch, batches of 8, sgd (keras), lr 0.01\n": cells(s, s, run.Settings{Net: "never trained"}),
	} {
		r, err := report.SweepOf(&sweep.Sweep{Combinations: []sweep.Combination{{Cells: all}}})
		if err != nil {
			t.Fatal(err)
		}
		var b bytes.Buffer
		if err := report.WriteText(&b, r); err != nil || !strings.Contains(b.String(), want) {
			t.Errorf("no %q in\n%s", want, &b)
		}
	}
}

// Every line keeps to the width of the page.
func TestSweepTextIsNarrow(t *testing.T) {
	r := sweepOf(t)
	for i := range r.Rows {
		r.Rows[i].Epoch = sweep.Best
	}
	r.Slopes = []report.SweepSlopes{{Combination: "prelu", Layer: "act", N: 2, Mean: sweep.Estimate{Spread: sweep.Spread{Mean: -1e-9}}}}
	var b bytes.Buffer
	r.Text(&report.Page{Writer: &b, Width: 50})
	if strings.Contains(b.String(), "-0.0000") {
		t.Errorf("a minus of nothing in\n%s", &b)
	}
	for line := range strings.Lines(b.String()) {
		if n := len([]rune(line)) - 1; n > 50 {
			t.Errorf("%d columns: %s", n, line)
		}
	}
}

func TestSweepJSONAndCSV(t *testing.T) {
	r := sweepOf(t)
	var b bytes.Buffer
	if err := report.WriteJSON(&b, r); err != nil {
		t.Fatal(err)
	}
	var got report.Sweep
	if err := json.Unmarshal(b.Bytes(), &got); err != nil {
		t.Fatal(err)
	}
	if len(got.Rows) != 2 || *got.Rows[1].Estimates[2].Published != 0.0811 || got.Rows[1].Estimates[2].Run95 != r.Rows[1].Estimates[2].Run95 || len(got.Tests) != 2 || len(got.Cells) != 6 {
		t.Errorf("%s", &b)
	}
	csv := strings.Split(string(r.CSV()), "\n")
	if len(csv) != 1+2*4+1 || csv[0] != "act,epoch,measure,n,mean,std,mean_95_low,mean_95_high,run_95_low,run_95_high,published" ||
		!strings.HasPrefix(csv[3], "relu,last,test_loss,3,0.062,0.00") || !strings.HasSuffix(csv[3], ",0.0621") {
		t.Errorf("%q", csv)
	}
}

func TestTestText(t *testing.T) {
	for want, c := range map[string]sweep.Test{
		"prelu < relu in test loss: p = 0.03":                  {Measure: "test_loss", A: "prelu", B: "relu", TTest: stats.TTest{Difference: -1}, Adjusted: 0.03},
		"a > b in test accuracy: p < 0.0001":                   {Measure: "test_accuracy", A: "a", B: "b", TTest: stats.TTest{Difference: 1}, Adjusted: 1e-9},
		"not distinguishable in test loss: a and b: p = 0.051": {Measure: "test_loss", A: "a", B: "b", TTest: stats.TTest{Difference: 1}, Adjusted: 0.051},
	} {
		if got := report.TestText(c); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}

// Pairs that cannot be told apart are listed by the first of each.
func TestIndistinguishablePairs(t *testing.T) {
	r := sweepOf(t)
	r.Tests = nil
	for _, p := range []string{"a b", "a c", "b c", "c d"} {
		a, b, _ := strings.Cut(p, " ")
		r.Tests = append(r.Tests, sweep.Test{Epoch: sweep.Best, Measure: "test_loss", A: a, B: b, Adjusted: map[bool]float64{true: 0.01, false: 1}[p == "c d"]})
	}
	var text bytes.Buffer
	if err := report.WriteText(&text, r); err != nil {
		t.Fatal(err)
	}
	if want := "over 4 pairs:\n  c < d in test loss: p = 0.01\n  not distinguishable: a and b, c; b and c\n"; !strings.Contains(text.String(), want) {
		t.Errorf("no %q in\n%s", want, &text)
	}
}
