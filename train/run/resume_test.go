package run

import (
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/nn/activation"
	"github.com/gonn-toolkit/gonn/nn/preset"
	"github.com/gonn-toolkit/gonn/train"
	"github.com/gonn-toolkit/gonn/train/internal/toy"
	"github.com/gonn-toolkit/gonn/train/metric"
)

// Equal bytes whether a run stops or not, wherever, for any workers, and whatever it records.
func TestResumeGivesTheSameBytesAsNotStopping(t *testing.T) {
	root := t.TempDir()
	whole := filepath.Join(root, "whole")
	mustFit(t, create(t, whole, settings()))
	want := files(t, whole)
	recording := settings()
	recording.Metrics = strings.Join(metric.Names(), ",")
	whole = filepath.Join(root, "recording")
	mustFit(t, create(t, whole, recording))
	if n := len(withoutTimes(t, whole)[2].Values); n < 20 {
		t.Fatalf("only %d values are recorded", n)
	}
	rng := rand.New(rand.NewPCG(1, 2))
	for _, workers := range []int{1, 2, 3, 8} {
		set := recording
		set.Workers = workers
		for try := range 6 {
			dir := filepath.Join(root, fmt.Sprintf("%d-%d", workers, try))
			var stops []int
			s := create(t, dir, set)
			for left := 12; left > 0; { // 3 epochs of 4 steps, in up to 3 sessions
				n := 1 + rng.IntN(left)
				if len(stops) == 2 {
					n = 100
				}
				stops = append(stops, n)
				mustFit(t, s, &stopAfter{steps: n})
				left -= n
				s = goOn(t, dir, func(set *Settings) error { set.Workers = 1 + rng.IntN(3); return nil })
			}
			mustFit(t, s) // a stop after the very last step has left the validation to do
			got := files(t, dir)
			for _, name := range []string{stateFile, modelFile} {
				if got[name] != want[name] {
					t.Errorf("%d workers, sessions of %v steps: %s differs from that of a run in one go", workers, stops, name)
				}
			}
			if a, b := withoutTimes(t, dir), withoutTimes(t, whole); !reflect.DeepEqual(a, b) {
				t.Errorf("%d workers, sessions of %v steps: metrics are %v, want %v", workers, stops, a, b)
			}
		}
	}
}

// withoutTimes is a run's history but for what the clock decides.
func withoutTimes(t *testing.T, dir string) []train.EpochMetrics {
	t.Helper()
	r, err := Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	if table := files(t, dir)[metricsFile]; table != string(encodeTable(r.Metrics)) {
		t.Errorf("the table of %v is\n%s", r.Metrics, table)
	}
	for i, m := range r.Metrics {
		r.Metrics[i].Values = slices.DeleteFunc(m.Values, func(v train.Value) bool { return v.Name == "seconds" || v.Name == "samples_per_s" })
	}
	return r.Metrics
}

func TestMoreEpochsAfterTheEndGiveTheSameBytes(t *testing.T) {
	root := t.TempDir()
	a, b := filepath.Join(root, "a"), filepath.Join(root, "b")
	mustFit(t, create(t, a, settings()))
	set := settings()
	set.Epochs = 1
	mustFit(t, create(t, b, set))
	mustFit(t, goOn(t, b, func(set *Settings) error { set.Epochs = 3; return nil }))
	for _, name := range []string{stateFile, modelFile} {
		if files(t, a)[name] != files(t, b)[name] {
			t.Errorf("%s differs", name)
		}
	}
	if r, err := Open(b); err != nil || r.Settings.Epochs != 3 || len(r.Sessions) != 2 {
		t.Errorf("got %+v and error %v, want 3 epochs in 2 sessions", r, err)
	}
}

func TestEarlyStoppingHoldsOverAResume(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "run")
	set := settings()
	set.LR, set.Patience, set.Epochs = 0.3, 2, 50
	mustFit(t, create(t, dir, set))
	r, err := Open(dir)
	if err != nil || r.Position.Epoch == 50 {
		t.Fatalf("trained %d epochs, error %v: the test needs an early stop", r.Position.Epoch, err)
	}
	if got := r.Position.Epoch - r.BestEpoch; got != 2 {
		t.Errorf("stopped %d epochs after the best, want 2", got)
	}
	before := files(t, dir)
	mustFit(t, goOn(t, dir, nil))
	for _, name := range []string{stateFile, modelFile, metricsFile} {
		if got := files(t, dir)[name]; got != before[name] {
			t.Errorf("%s changed although the run had been stopped", name)
		}
	}
	mustFit(t, goOn(t, dir, func(s *Settings) error { s.Patience = 4; return nil }))
	if r2, err := Open(dir); err != nil || r2.Position.Epoch < r.Position.Epoch+1 {
		t.Errorf("with more patience the run is at epoch %d, error %v; want it to go on after %d", r2.Position.Epoch, err, r.Position.Epoch)
	}
}

// wholeAndResumed are the folders of two runs: one that went through, and one that stopped
// after 3 steps and went on.
func wholeAndResumed(t *testing.T, set Settings) (whole, resumed string) {
	t.Helper()
	root := t.TempDir()
	whole, resumed = filepath.Join(root, "whole"), filepath.Join(root, "resumed")
	mustFit(t, create(t, whole, set))
	mustFit(t, create(t, resumed, set), &stopAfter{steps: 3})
	mustFit(t, goOn(t, resumed, nil))
	return whole, resumed
}

func TestSGDResumesToo(t *testing.T) {
	for _, set := range []Settings{
		{Optimizer: "sgd", LR: 0.05},
		{Optimizer: "sgd", LR: 0.05, Momentum: 0.9, Nesterov: true},
	} {
		set.Kink, set.Semantics, set.Loss, set.Batch, set.Epochs = "keras", "pytorch", "cross-entropy", 32, 2
		a, b := wholeAndResumed(t, set)
		if files(t, a)[stateFile] != files(t, b)[stateFile] {
			t.Errorf("momentum %v: the state differs after a resume", set.Momentum)
		}
	}
}

// A mean that divides by weights goes on in the middle of an epoch.
func TestClassWeightsResumeToo(t *testing.T) {
	for _, semantics := range []string{"pytorch", "keras"} {
		set := settings()
		set.Loss, set.ClassWeights, set.Semantics = "cross-entropy:0.1", "1,2.5,0.3", semantics
		a, b := wholeAndResumed(t, set)
		if files(t, a)[stateFile] != files(t, b)[stateFile] {
			t.Errorf("%s: the state differs after a resume", semantics)
		}
		if got, want := withoutTimes(t, b), withoutTimes(t, a); !reflect.DeepEqual(got, want) {
			t.Errorf("%s: metrics are %v, want %v", semantics, got, want)
		}
		if r, err := Open(b); err != nil || r.Settings != set || r.Metadata["class_weights"] != "1,2.5,0.3" {
			t.Errorf("%s: got %+v and error %v, want the weights kept", semantics, r, err)
		}
	}
}

func TestResumeKeepsALearningRateThatACallbackChanged(t *testing.T) {
	root := t.TempDir()
	a, b := filepath.Join(root, "a"), filepath.Join(root, "b")
	slower := &atEpochEnd{f: func(s *train.State) {
		if s.Position.Epoch == 1 {
			s.Optimizer.SetLR(0.001)
		}
	}}
	mustFit(t, create(t, a, settings()), slower)
	mustFit(t, create(t, b, settings()), slower, &stopAfter{steps: 6})
	mustFit(t, goOn(t, b, nil))
	if files(t, a)[stateFile] != files(t, b)[stateFile] {
		t.Error("the state differs after a resume")
	}
}

// A run that was begun with fast convolutions goes on with them.
func TestFastConvResumesToo(t *testing.T) {
	root := t.TempDir()
	begin := func(name string, fast bool) *Session {
		set := settings()
		set.Kink, set.FastConv, set.Epochs, set.Patience = "pytorch", fast, 2, 0
		net, err := preset.Build("vgg8", nn.Shape{1, 8, 8}, toy.Classes, activation.Must("relu"))
		if err != nil {
			t.Fatal(err)
		}
		net.Init(nn.KerasInit, set.Seed)
		s, err := Create(filepath.Join(root, name), set, net)
		if err != nil {
			t.Fatal(err)
		}
		return closing(t, s)
	}
	plain, whole, resumed := begin("plain", false), begin("whole", true), begin("resumed", true)
	mustFit(t, plain)
	mustFit(t, whole)
	mustFit(t, resumed, &stopAfter{steps: 3})
	mustFit(t, goOn(t, resumed.Dir, nil))
	got, want := files(t, resumed.Dir)[stateFile], files(t, whole.Dir)[stateFile]
	if got != want {
		t.Error("the state differs after a resume")
	}
	if want == files(t, plain.Dir)[stateFile] {
		t.Error("the fast algorithm was not used")
	}
	if _, err := Resume(resumed.Dir, func(s *Settings) error { s.FastConv = false; return nil }); err == nil {
		t.Error("resumed without fast convolutions")
	}
}
