package recipe_test

import (
	"path/filepath"
	"testing"

	"github.com/gonn-toolkit/gonn/train/recipe"
	"github.com/gonn-toolkit/gonn/train/run"
)

// finish trains and gives what the run's files say of the end.
func finish(t *testing.T, dir string, s run.Settings, open recipe.Opener) *run.Run {
	t.Helper()
	tr, err := open.New(s)
	if err != nil {
		t.Fatal(err)
	}
	if err := tr.Create(dir); err != nil {
		t.Fatal(err)
	}
	if _, err := tr.Run(); err != nil {
		t.Fatal(err)
	}
	if _, _, err := tr.Finish(); err != nil {
		t.Fatal(err)
	}
	if err := tr.Close(); err != nil {
		t.Fatal(err)
	}
	r, err := run.Open(dir)
	if err != nil || r.Result == nil {
		t.Fatalf("result %v, error %v", r.Result, err)
	}
	return r
}

// With samples held out the result has the last epoch and the one that they choose, whichever of
// them the run holds.
func TestResultOfLastAndBest(t *testing.T) {
	dir := t.TempDir()
	s := recipe.Default()
	s.Net, s.Data, s.Limit, s.Epochs, s.LR, s.Val, s.Seed = "mlp", "mnist", 100, 6, 0.02, 0.3, 2
	open := recipe.Shared()
	last := finish(t, filepath.Join(dir, "last"), s, open)
	s.RestoreBest = true
	best := finish(t, filepath.Join(dir, "best"), s, open)
	if *last.Result.Last != *best.Result.Last || *last.Result.Best != *best.Result.Best {
		t.Errorf("%+v and %+v, want the same epochs", last.Result, best.Result)
	}
	want := last.Metrics[0]
	for _, m := range last.Metrics {
		if m.ValLoss() < want.ValLoss() {
			want = m
		}
	}
	if got := last.Result.Best.Epoch; got != want.Epoch || got == 6 || last.Result.Last.Epoch != 6 {
		t.Errorf("last %d, best %d, want 6 and an earlier one, %d", last.Result.Last.Epoch, got, want.Epoch)
	}
	for _, c := range []struct {
		of   *run.Run
		held *run.EpochResult
	}{{last, last.Result.Last}, {best, last.Result.Best}} {
		if c.of.Result.Train != c.held.Train || c.of.Result.Test != c.held.Test {
			t.Errorf("%s: %+v, want that of epoch %d", c.of.Dir, c.of.Result, c.held.Epoch)
		}
	}
	s.Epochs, s.RestoreBest = want.Epoch, false
	until := finish(t, filepath.Join(dir, "until"), s, open)
	if until.Result.Train != last.Result.Best.Train || until.Result.Test != last.Result.Best.Test {
		t.Errorf("best %+v, a training of as many epochs has %+v", last.Result.Best, until.Result)
	}
	s.Val, s.Epochs = 0, 1
	if none := finish(t, filepath.Join(dir, "none"), s, open); none.Result.Last != nil || none.Result.Best != nil {
		t.Errorf("without validation: %+v", none.Result)
	}
}

// A shared set is opened once, whatever part of it is asked for, and is the one that OpenData opens.
func TestSharedSets(t *testing.T) {
	open := recipe.Shared()
	s := recipe.Default()
	s.Net, s.Data, s.Limit = "mlp", "mnist", 50
	a, err := open.New(s)
	if err != nil {
		t.Fatal(err)
	}
	s.Limit = 0
	b, err := open.New(s)
	if err != nil {
		t.Fatal(err)
	}
	s.Limit = 50
	alone, err := recipe.New(s)
	if err != nil {
		t.Fatal(err)
	}
	if a.Fit.Len() != 50 || b.Fit.Len() != 60000 || a.Set.SHA256 != alone.Set.SHA256 {
		t.Errorf("%d and %d samples, SHA-256 %s, alone %s", a.Fit.Len(), b.Fit.Len(), a.Set.SHA256, alone.Set.SHA256)
	}
	s.Limit = -1
	if _, err := open.New(s); err == nil {
		t.Error("a limit below 0 is taken")
	}
}
