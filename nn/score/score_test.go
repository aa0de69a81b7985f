package score_test

import (
	"encoding/json"
	"math"
	"os"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/nn/activation"
	"github.com/gonn-toolkit/gonn/nn/loss"
	"github.com/gonn-toolkit/gonn/nn/score"
)

// through hands its input on as its output.
func through(t *testing.T, outputs int) *nn.Network {
	t.Helper()
	net, err := nn.Sequential(nn.Shape{outputs}, activation.Must("linear"))
	if err != nil {
		t.Fatal(err)
	}
	return net
}

// scored are the scores of outputs, a row a sample.
func scored(t *testing.T, loss nn.Loss, classes int, rows [][]float32, labels []int, workers int) *score.Scores {
	t.Helper()
	x := nn.NewTensor(len(rows), len(rows[0]))
	copy(x.Data, slices.Concat(rows...))
	samples, err := nn.NewTensorSamples(x, labels, classes)
	if err != nil {
		t.Fatal(err)
	}
	s, err := score.Of(through(t, len(rows[0])), samples, loss, workers)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// golden is what scikit-learn computed (testdata/ref/golden_scores.py).
type golden struct {
	Outputs               [][]float32
	Labels                []int
	Accuracy              float64
	Top                   []float64
	Confusion             [][]int
	Precision, Recall, F1 []float64
	Support               []int
	Macro                 []float64
}

func readGolden(t *testing.T) (g golden) {
	t.Helper()
	text, err := os.ReadFile("../../testdata/golden/scores.json")
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(text, &g); err != nil {
		t.Fatal(err)
	}
	return g
}

func TestScoresEqualScikitLearns(t *testing.T) {
	g := readGolden(t)
	s := scored(t, loss.CrossEntropy{}, 6, g.Outputs, g.Labels, 2)
	near := func(what string, got, want float64) {
		t.Helper()
		if math.Abs(got-want) > 1e-12 {
			t.Errorf("%s is %.15g, scikit-learn's %.15g", what, got, want)
		}
	}
	near("accuracy", s.Accuracy(), g.Accuracy)
	if len(g.Top) != 5 || len(g.Precision) != 6 {
		t.Fatalf("%d accuracies of the first k and %d classes, want 5 and 6", len(g.Top), len(g.Precision))
	}
	for k, want := range g.Top {
		near("accuracy of the first k", s.Top(k+1), want)
	}
	if !reflect.DeepEqual(s.Confusion, g.Confusion) {
		t.Errorf("confusion %v, scikit-learn's %v", s.Confusion, g.Confusion)
	}
	for k, c := range s.Classes() {
		near("precision", c.Precision, g.Precision[k])
		near("recall", c.Recall, g.Recall[k])
		near("F1", c.F1, g.F1[k])
		if c.Support != g.Support[k] {
			t.Errorf("support of class %d is %d, scikit-learn's %d", k, c.Support, g.Support[k])
		}
	}
	m := s.Macro()
	near("macro precision", m.Precision, g.Macro[0])
	near("macro recall", m.Recall, g.Macro[1])
	near("macro F1", m.F1, g.Macro[2])
	if m.Support != len(g.Labels) {
		t.Errorf("support of all is %d, want %d", m.Support, len(g.Labels))
	}
}

func TestScoresAreTheSameForAnyNumberOfWorkers(t *testing.T) {
	g := readGolden(t)
	loss := loss.CrossEntropy{Smoothing: 0.1, Weights: []float64{0.3, 2, 1, 1, 5, 1}}
	want := scored(t, loss, 6, g.Outputs, g.Labels, 1)
	for _, workers := range []int{0, 2, 3, 8} {
		if s := scored(t, loss, 6, g.Outputs, g.Labels, workers); !reflect.DeepEqual(s, want) {
			t.Errorf("%d workers: %+v, one gives %+v", workers, s, want)
		}
	}
	if got := want.Top(1); got != want.Accuracy() {
		t.Errorf("the first of the first is right in %g, the accuracy is %g", got, want.Accuracy())
	}
}

// Of equal outputs the first class counts as the larger.
func TestTiesGoToTheFirstClass(t *testing.T) {
	rows := [][]float32{{1, 1, 1, 0}, {1, 1, 1, 0}, {1, 1, 1, 0}, {1, 1, 1, 0}, {2, 2, 3, 2}}
	s := scored(t, loss.CrossEntropy{}, 4, rows, []int{0, 1, 2, 3, 3}, 1)
	if want := []int{1, 1, 1, 2}; !slices.Equal(s.Ranks, want) {
		t.Errorf("ranks %v, want %v", s.Ranks, want)
	}
	if want := [][]int{{1, 0, 0, 0}, {1, 0, 0, 0}, {1, 0, 0, 0}, {1, 0, 1, 0}}; !reflect.DeepEqual(s.Confusion, want) {
		t.Errorf("confusion %v, want %v", s.Confusion, want)
	}
	if s.Top(0) != 0 || s.Top(2) != 0.4 || s.Top(4) != 1 || s.Top(9) != 1 {
		t.Errorf("top 0, 2, 4, 9: %g %g %g %g", s.Top(0), s.Top(2), s.Top(4), s.Top(9))
	}
}

// An output that is not a number is an answer to nothing: it is in no top k and taken for no
// class, but its sample counts.
func TestNaNIsNoAnswer(t *testing.T) {
	nan, inf := float32(math.NaN()), float32(math.Inf(1))
	rows := [][]float32{{0, 5, 1}, {nan, 5, 0}, {0, 5, nan}, {5, inf, 0}, {-inf, -inf, -inf}, {-inf, 1, 0}}
	s := scored(t, loss.CrossEntropy{}, 3, rows, []int{1, 1, 1, 1, 0, 2}, 1)
	if want := []int{1, 1, 0}; !slices.Equal(s.Ranks, want) {
		t.Errorf("ranks %v, want %v", s.Ranks, want)
	}
	if want := [][]int{{0, 0, 0}, {0, 1, 0}, {0, 1, 0}}; !reflect.DeepEqual(s.Confusion, want) {
		t.Errorf("confusion %v, want %v", s.Confusion, want)
	}
	if want := []int{1, 3, 0}; !slices.Equal(s.Unanswered, want) || s.FirstUnanswered != 1 {
		t.Errorf("not answered %v, the first %d; want %v and 1", s.Unanswered, s.FirstUnanswered, want)
	}
	if c := s.Classes()[1]; s.Samples != 6 || s.Accuracy() != 1./6 || s.Top(1) != 1./6 || s.Top(3) != 2./6 || c.Support != 4 || c.Recall != 0.25 {
		t.Errorf("%d samples, accuracy %g, top-3 %g, class 1 %+v", s.Samples, s.Accuracy(), s.Top(3), c)
	}
}

// One output stands for two classes.
func TestScoresOfOneOutput(t *testing.T) {
	s := scored(t, loss.BCELogits{}, 2, [][]float32{{-1}, {0}, {0.1}, {3}}, []int{0, 1, 1, 0}, 1)
	if want := [][]int{{1, 1}, {1, 1}}; !reflect.DeepEqual(s.Confusion, want) || !slices.Equal(s.Ranks, []int{2, 2}) {
		t.Errorf("confusion %v, ranks %v", s.Confusion, s.Ranks)
	}
}

func TestScoresOfNoSamples(t *testing.T) {
	samples := &nn.TensorSamples{X: nn.NewTensor(0, 3), NumClasses: 3}
	s, err := score.Of(through(t, 3), samples, loss.CrossEntropy{}, 0)
	if err != nil {
		t.Fatal(err)
	}
	if s.Loss() != 0 || s.Top(1) != 0 || s.Macro() != (score.Class{}) {
		t.Errorf("%+v, macro %+v", s, s.Macro())
	}
	if _, err := score.Of(through(t, 3), &nn.TensorSamples{X: nn.NewTensor(0, 4), NumClasses: 3}, loss.CrossEntropy{}, 0); err == nil {
		t.Error("samples of another shape are taken")
	}
}

// One output answers with two classes, of which the data may have one only.
func TestScoresOfOneOutputOnOneClass(t *testing.T) {
	for _, classes := range []int{1, 2} {
		s := scored(t, loss.BCELogits{}, classes, [][]float32{{-1}, {0.1}, {3}}, []int{0, 0, 0}, 1)
		if want := [][]int{{1, 2}, {0, 0}}; !reflect.DeepEqual(s.Confusion, want) || !slices.Equal(s.Ranks, []int{1, 2}) {
			t.Errorf("confusion %v, ranks %v", s.Confusion, s.Ranks)
		}
	}
	samples := &nn.TensorSamples{X: nn.NewTensor(2, 1), Labels: []int{0, 0}, NumClasses: 1}
	if _, err := score.Of(through(t, 1), samples, loss.CrossEntropy{}, 0); err == nil || !strings.Contains(err.Error(), "choose bce-logits") {
		t.Errorf("cross-entropy of one output: %v", err)
	}
}
