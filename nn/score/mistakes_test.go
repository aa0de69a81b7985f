package score_test

import (
	"math"
	"slices"
	"testing"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/nn/loss"
	"github.com/gonn-toolkit/gonn/nn/score"
)

func mistakesOf(t *testing.T, l nn.Loss, rows [][]float32, labels []int, count, workers int) ([]score.Mistake, int) {
	t.Helper()
	x := nn.NewTensor(len(rows), len(rows[0]))
	copy(x.Data, slices.Concat(rows...))
	samples, err := nn.NewTensorSamples(x, labels, max(2, len(rows[0])))
	if err != nil {
		t.Fatal(err)
	}
	worst, of, err := score.Mistakes(through(t, len(rows[0])), samples, l, count, workers)
	if err != nil {
		t.Fatal(err)
	}
	return worst, of
}

func TestMistakesWorstFirst(t *testing.T) {
	nan := float32(math.NaN())
	logits := [][]float32{{0, 1}, {2, 0}, {0, 3}, {2, 0}, {nan, 0}, {0, 1}}
	labels := []int{1, 1, 0, 1, 0, 0}
	// The loss of a logit that is behind by d is ln(1+e^d), the probability of the other class
	// 1/(1+e^−d).
	behind := func(sample, label int, d float64) score.Mistake {
		p := 1 / (1 + math.Exp(-d))
		return score.Mistake{Sample: sample, Label: label, Predicted: 1 - label, Probability: p, OfLabel: 1 - p, Loss: math.Log1p(math.Exp(d))}
	}
	want := []score.Mistake{
		{Sample: 4, Predicted: nn.NoClass, Loss: math.NaN()},
		behind(2, 0, 3), behind(1, 1, 2), behind(3, 1, 2), behind(5, 0, 1),
	}
	for _, c := range []struct{ count, workers, gives int }{{0, 1, 5}, {3, 2, 3}, {9, 2, 5}} {
		got, of := mistakesOf(t, loss.CrossEntropy{}, logits, labels, c.count, c.workers)
		if of != 5 || len(got) != c.gives {
			t.Fatalf("%d of %d mistakes for count %d, want %d of 5", len(got), of, c.count, c.gives)
		}
		for i, m := range got {
			if !sameMistake(m, want[i]) {
				t.Errorf("mistake %d is %+v, want %+v", i, m, want[i])
			}
		}
	}
}

func sameMistake(a, b score.Mistake) bool {
	near := func(x, y float64) bool { return math.Abs(x-y) < 1e-6 || x != x && y != y }
	return a.Sample == b.Sample && a.Label == b.Label && a.Predicted == b.Predicted && near(a.Probability, b.Probability) &&
		near(a.OfLabel, b.OfLabel) && near(a.Loss, b.Loss)
}

// A single logit below 0 stands for class 0.
func TestMistakesOfOneOutputAndMoreThanABlock(t *testing.T) {
	rows, labels := make([][]float32, 40), make([]int, 40)
	for i := range rows {
		rows[i], labels[i] = []float32{float32(i) - 19.5}, 1
	}
	got, of := mistakesOf(t, loss.BCELogits{}, rows, labels, 2, 3)
	if of != 20 || got[0].Sample != 0 || got[1].Sample != 1 || got[0].Predicted != 0 {
		t.Fatalf("%d mistakes, first %+v", of, got)
	}
	if want := math.Log1p(math.Exp(19.5)); math.Abs(got[0].Loss-want) > 1e-4 {
		t.Errorf("the loss is %g, want %g", got[0].Loss, want)
	}
	if got, of := mistakesOf(t, loss.BCELogits{}, rows[20:], labels[20:], 0, 1); of != 0 || len(got) != 0 {
		t.Errorf("%d mistakes where all is right", of)
	}
}
