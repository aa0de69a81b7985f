package run

import (
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"testing"

	"github.com/gonn-toolkit/gonn/train"
	"github.com/gonn-toolkit/gonn/train/data"
)

// Runs on samples that change from epoch to epoch give equal bytes too, for any workers
// and wherever they stop.
func TestResumeOnAugmentedSamplesGivesTheSameBytes(t *testing.T) {
	changes, err := data.ParseAugmentation("shift:1,flip,noise:0.1")
	if err != nil {
		t.Fatal(err)
	}
	set := settings()
	set.Augment, set.Normalize = changes.String(), "0.5:0.25"
	changing, err := data.Augment(samples, changes, set.Seed)
	if err != nil {
		t.Fatal(err)
	}
	views, err := data.Normalize(changing, data.Norm{Mean: []float64{0.5}, Std: []float64{0.25}})
	if err != nil {
		t.Fatal(err)
	}
	fit := func(s *Session, callbacks ...train.Callback) {
		cfg := s.Config()
		cfg.Validation = validation
		cfg.Callbacks = append(cfg.Callbacks, callbacks...)
		if _, err := train.Fit(s.Network, views, cfg); err != nil {
			t.Fatal(err)
		}
	}
	root := t.TempDir()
	whole := filepath.Join(root, "whole")
	fit(create(t, whole, set))
	want := files(t, whole)
	rng := rand.New(rand.NewPCG(7, 8))
	stops, equal := 0, 0
	for _, workers := range []int{1, 2, 3, 8} {
		for try := range 5 {
			stop := 4*rng.IntN(set.Epochs) + 1 + rng.IntN(3) // an epoch has 4 steps
			dir := filepath.Join(root, fmt.Sprintf("%d-%d", workers, try))
			set.Workers = workers
			fit(create(t, dir, set), &stopAfter{steps: stop})
			fit(goOn(t, dir, func(set *Settings) error { set.Workers = 9 - workers; return nil }))
			got := files(t, dir)
			stops++
			if got[stateFile] == want[stateFile] && got[modelFile] == want[modelFile] {
				equal++
			} else {
				t.Errorf("%d workers, stopped after step %d: the files differ from those of a run in one go", workers, stop)
			}
		}
	}
	t.Logf("promise T3: %d stops at random steps within epochs, with augmentation and dropout: %d resumed to the same bytes", stops, equal)
	r, err := Open(whole)
	if err != nil {
		t.Fatal(err)
	}
	if r.Metadata["augment"] != "shift:1,flip,noise:0.1" || r.Metadata["normalize"] != "0.5:0.25" {
		t.Errorf("metadata %v", r.Metadata)
	}
	end(t, sessions[whole])
	if _, err := Resume(whole, func(set *Settings) error { set.Augment = ""; return nil }); err == nil {
		t.Error("a run is resumed without its augmentation")
	}
}
