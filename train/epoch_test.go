package train

import (
	"slices"
	"testing"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/train/data"
	"github.com/gonn-toolkit/gonn/train/internal/toy"
)

// diary is a set that notes which epochs a training asks it for. It cannot be read
// itself, only as one of them.
type diary struct {
	nn.Samples
	epochs *[]int
}

func (d diary) AtEpoch(n int) nn.Samples {
	*d.epochs = append(*d.epochs, n)
	return d.Samples
}

func (diary) Fill(nn.Block, []int) error { panic("the set was read without an epoch") }

func TestFitReadsEachEpochsView(t *testing.T) {
	var epochs []int
	net := toy.Network(1)
	cfg := config(net)
	stop := func(s *State) error {
		if s.Position.Epoch == 1 && s.Position.Step == 2 {
			s.Stop("within the second epoch")
		}
		return nil
	}
	cfg.Callbacks = []Callback{&watcher{batchEnd: stop}}
	set := diary{samples, &epochs}
	h, err := Fit(net, set, cfg)
	if err != nil {
		t.Fatal(err)
	}
	cfg.Start, cfg.Callbacks = h.Position, nil
	if _, err := Fit(net, set, cfg); err != nil {
		t.Fatal(err)
	}
	if want := []int{0, 1, 1, 2}; !slices.Equal(epochs, want) {
		t.Errorf("epochs %v, want %v: the second again after the stop", epochs, want)
	}
}

// A training on samples that change is the same for any number of workers, stopped or
// not, and another one than without the changes.
func TestFitOnAugmentedSamplesIsReproducible(t *testing.T) {
	changes, err := data.ParseAugmentation("crop:2,flip,noise:0.1,invert")
	if err != nil {
		t.Fatal(err)
	}
	changing, err := data.Augment(samples, changes, 7)
	if err != nil {
		t.Fatal(err)
	}
	fit := func(s nn.Samples, workers, stopAt int) []float32 {
		net := toy.Network(1)
		cfg := config(net)
		cfg.Workers = workers
		steps := 0
		cfg.Callbacks = []Callback{&watcher{batchEnd: func(s *State) error {
			if steps++; steps == stopAt {
				s.Stop("for the test")
			}
			return nil
		}}}
		for done := false; !done; {
			h, err := Fit(net, s, cfg)
			if err != nil {
				t.Fatal(err)
			}
			cfg.Start, done = h.Position, h.Stopped == ""
		}
		return weights(net)
	}
	want := fit(changing, 1, 0)
	for _, workers := range []int{1, 2, 3, 8} {
		for _, stopAt := range []int{0, 1, 4, 6, 11} {
			if !slices.Equal(fit(changing, workers, stopAt), want) {
				t.Errorf("%d workers, stopped after step %d: other parameters", workers, stopAt)
			}
		}
	}
	always0 := struct{ nn.Samples }{changing} // not Epochal
	if slices.Equal(fit(samples, 1, 0), want) || slices.Equal(fit(always0, 1, 0), want) {
		t.Error("without changes, or with those of epoch 0 alone, training is the same")
	}
}
