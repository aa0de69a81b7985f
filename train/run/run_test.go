package run

import (
	"errors"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/nn/loss"
	"github.com/gonn-toolkit/gonn/onnxio"
	"github.com/gonn-toolkit/gonn/train"
	"github.com/gonn-toolkit/gonn/train/internal/toy"
	"github.com/gonn-toolkit/gonn/train/run/internal/safetensors"
)

// settings train for 3 epochs of 4 steps on 100 samples.
func settings() Settings {
	return Settings{
		Act: "prelu", Data: "toy", Init: "keras", Kink: "keras", Loss: "cross-entropy", Semantics: "keras",
		Optimizer: "adam", LR: 0.01, Batch: 32, Seed: 5, Epochs: 3, Patience: 10, RestoreBest: true,
	}
}

var samples, validation = toy.Samples(100, 1), toy.Samples(40, 2)

// create ends with the test.
func create(t *testing.T, dir string, set Settings) *Session {
	t.Helper()
	s, err := Create(dir, set, toy.Network(set.Seed))
	if err != nil {
		t.Fatal(err)
	}
	return closing(t, s)
}

// goOn resumes a run whose session before may still be open: it is closed first.
func goOn(t *testing.T, dir string, change func(*Settings) error) *Session {
	t.Helper()
	if s := sessions[dir]; s != nil {
		end(t, s)
	}
	s, err := Resume(dir, change)
	if err != nil {
		t.Fatal(err)
	}
	return closing(t, s)
}

// end closes a session.
func end(t *testing.T, s *Session) {
	t.Helper()
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
}

// sessions are those that a test has open, by folder.
var sessions = map[string]*Session{}

func closing(t *testing.T, s *Session) *Session {
	t.Helper()
	sessions[s.Dir] = s
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
		if sessions[s.Dir] == s {
			delete(sessions, s.Dir)
		}
	})
	return s
}

// fit trains a session; callbacks come after its own.
func fit(s *Session, callbacks ...train.Callback) error {
	cfg := s.Config()
	cfg.Validation = validation
	cfg.Callbacks = append(cfg.Callbacks, callbacks...)
	_, err := train.Fit(s.Network, samples, cfg)
	return err
}

func mustFit(t *testing.T, s *Session, callbacks ...train.Callback) {
	t.Helper()
	if err := fit(s, callbacks...); err != nil {
		t.Fatal(err)
	}
}

// stopAfter stops a training after a number of steps.
type stopAfter struct {
	train.Base
	steps int
}

func (c *stopAfter) BatchEnd(s *train.State) error {
	if c.steps--; c.steps == 0 {
		s.Stop("for the test")
	}
	return nil
}

// files are the contents of a folder, but for its lock.
func files(t *testing.T, dir string) map[string]string {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	m := map[string]string{}
	for _, e := range entries {
		if e.Name() == lockFile {
			continue
		}
		b, err := os.ReadFile(filepath.Join(dir, e.Name()))
		if err != nil {
			t.Fatal(err)
		}
		m[e.Name()] = string(b)
	}
	return m
}

// locked reports whether a folder has the file of a lock.
func locked(t *testing.T, dir string) bool {
	t.Helper()
	_, err := os.Lstat(filepath.Join(dir, lockFile))
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		t.Fatal(err)
	}
	return err == nil
}

func TestCreateMakesAWholeRunBeforeTraining(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "a", "run")
	create(t, dir, settings())
	got := slices.Sorted(maps.Keys(files(t, dir)))
	if want := []string{metricsFile, modelFile, recordFile, stateFile}; !slices.Equal(got, want) {
		t.Errorf("the folder holds %v, want %v", got, want)
	}
	r, err := Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	if r.Position != (train.Position{}) || r.Settings != settings() || len(r.Sessions) != 1 || r.Result != nil {
		t.Errorf("got %+v, want the settings at the beginning", r)
	}
}

func TestModelHasTheBestParametersOnlyIfTheRunRestoresThem(t *testing.T) {
	for _, restore := range []bool{false, true} {
		dir := filepath.Join(t.TempDir(), "run")
		set := settings()
		set.RestoreBest = restore
		set.LR = 1 // so that it gets worse at times
		set.Epochs = 6
		s := create(t, dir, set)
		mustFit(t, s)
		best := slices.MinFunc(s.Metrics(), func(a, b train.EpochMetrics) int {
			if a.ValLoss() < b.ValLoss() {
				return -1
			}
			return 1
		})
		want := s.Metrics()[5].ValLoss()
		if restore {
			want = best.ValLoss()
		}
		if best.Epoch == 6 {
			t.Fatal("the last epoch is the best: the test shows nothing")
		}
		im, err := onnxio.Load(filepath.Join(dir, modelFile))
		if err != nil {
			t.Fatal(err)
		}
		r, err := Open(dir)
		if err != nil {
			t.Fatal(err)
		}
		for name, net := range map[string]*nn.Network{"model.onnx": im.Network, "Open": r.Network, "the session": s.Network} {
			st, err := net.Evaluate(validation, loss.CrossEntropy{}, 1)
			if err != nil {
				t.Fatal(err)
			}
			if st.Loss() != want {
				t.Errorf("restore %v: %s has validation loss %v, want %v", restore, name, st.Loss(), want)
			}
		}
		if !maps.Equal(im.Metadata, r.Metadata) {
			t.Errorf("model.onnx says %v, the run %v", im.Metadata, r.Metadata)
		}
	}
}

func TestModelTellsNothingThatDoesNotDefineTheResult(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "run")
	set := settings()
	set.Workers, set.Data, set.DataPath, set.NetPath, set.Gonn = 3, "", "/home/somebody/data", "/home/somebody/net.onnx", "v9.8.7-test"
	mustFit(t, create(t, dir, set))
	im, err := onnxio.Load(filepath.Join(dir, modelFile))
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]string{
		"act": "prelu", "init": "keras", "kink": "keras", "loss": "cross-entropy", "semantics": "keras",
		"optimizer": "adam", "lr": "0.01", "batch": "32", "seed": "5", "patience": "10", "restore_best": "true",
		"epochs": "3", "best_epoch": im.Metadata["best_epoch"], "net_sha256": checksum(toy.Network(set.Seed)),
	}
	if !maps.Equal(im.Metadata, want) {
		t.Errorf("got %v, want %v", im.Metadata, want)
	}
	for _, b := range []string{files(t, dir)[stateFile], files(t, dir)[modelFile]} {
		if strings.Contains(b, "somebody") || strings.Contains(b, "v9.8.7-test") {
			t.Error("a path or version is in the state or the model")
		}
	}
}

// Before it is trained, a network that came from a file has not been made by the settings.
func TestModelOfAnImportTellsNoTraining(t *testing.T) {
	for _, path := range []string{"", "net.onnx"} {
		dir := filepath.Join(t.TempDir(), "run")
		set := settings()
		set.NetPath, set.Normalize, set.ClassNames = path, "0.5:0.25", "a,b,c"
		s := create(t, dir, set)
		metadata := func() map[string]string {
			im, err := onnxio.Load(filepath.Join(dir, modelFile))
			if err != nil {
				t.Fatal(err)
			}
			return im.Metadata
		}
		want := map[string]string{"epochs": "0", "normalize": "0.5:0.25", "class_names": "a,b,c", "net_sha256": checksum(s.Network)}
		if got := metadata(); (path != "") != maps.Equal(got, want) {
			t.Errorf("net path %q: before training model.onnx has %v", path, got)
		}
		mustFit(t, s, &stopAfter{steps: 1})
		if got := metadata(); got["optimizer"] != "adam" || got["steps_in_epoch"] != "1" || got["normalize"] != "0.5:0.25" {
			t.Errorf("net path %q: after a step model.onnx has %v", path, got)
		}
	}
}

func TestFinishRecordsTheResult(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "run")
	s := create(t, dir, settings())
	mustFit(t, s)
	want := Result{Train: ScoreOf(nn.Stats{Samples: 4, LossSum: 2, Weight: 4, Correct: 3}), Test: Score{Samples: 2, Loss: 0.25, Accuracy: 1}}
	if err := s.Finish(want); err != nil {
		t.Fatal(err)
	}
	if r, err := Open(dir); err != nil || *r.Result != want || r.Result.Train.Accuracy != 0.75 {
		t.Errorf("got %+v and error %v, want %+v", r.Result, err, want)
	}
	goOn(t, dir, nil)
	if r, err := Open(dir); err != nil || r.Result != nil {
		t.Errorf("a resumed run has result %+v and error %v before its end", r.Result, err)
	}
}

func TestFailedTrainingKeepsTheLastCheckpoint(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "run")
	s := create(t, dir, settings())
	var before map[string]string
	err := fit(s, &atEpochEnd{f: func(st *train.State) {
		if before = files(t, dir); st.Position.Epoch == 2 {
			st.Optimizer.SetLR(1e39)
		}
	}})
	if err == nil || !strings.Contains(err.Error(), "epoch 3: step 1: the updated conv.weight") {
		t.Fatalf("got error %v, want the first step of epoch 3 to diverge", err)
	}
	if got := files(t, dir); !maps.Equal(got, before) {
		t.Error("the failure changed the files of the run")
	}
	if r, err := Open(dir); err != nil || r.Position.Epoch != 2 {
		t.Errorf("got %+v and error %v, want the run after epoch 2", r, err)
	}
}

type atEpochEnd struct {
	train.Base
	f func(*train.State)
}

func (c *atEpochEnd) EpochEnd(s *train.State) error {
	c.f(s)
	return nil
}

// States from before there were class weights weigh every sample alike.
func TestAStateWithoutWeightIsRead(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "run")
	mustFit(t, create(t, dir, settings()), &stopAfter{steps: 2})
	f, err := safetensors.Decode([]byte(files(t, dir)[stateFile]))
	if err != nil {
		t.Fatal(err)
	}
	delete(f.Metadata, "running_weight")
	b, err := safetensors.Encode(f)
	if err != nil {
		t.Fatal(err)
	}
	asOld(t, dir)
	write(t, filepath.Join(dir, stateFile), string(b))
	s, err := load(dir)
	if err != nil {
		t.Fatal(err)
	}
	if r := s.position.Running; r.Samples != 64 || r.Weight != 64 {
		t.Errorf("got %+v, want a weight of 64", r)
	}
}
