package runs_test

import (
	"context"
	"path/filepath"
	"strings"
	"testing"

	"github.com/gonn-toolkit/gonn/train/recipe"
	"github.com/gonn-toolkit/gonn/train/run"
	"github.com/gonn-toolkit/gonn/train/runs"
	"github.com/gonn-toolkit/gonn/train/sweep"
)

// A cell that diverges has failed, seen from its sweep, from above and from itself.
func TestACellThatHasFailed(t *testing.T) {
	root := t.TempDir()
	dir := filepath.Join(root, "sweeps", "s")
	set := recipe.Default()
	set.Net, set.Data, set.Limit, set.Epochs, set.Batch = "mlp", "mnist", 40, 1, 10
	s, err := sweep.Begin(dir, sweep.Grid{Settings: set, Axes: []sweep.Axis{{Setting: "lr", Values: []string{"0.001", "1e+38"}}}, Seeds: []uint64{1}})
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Run(context.Background(), sweep.Options{}); err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	bad := s.Combinations[1].Cells[0]
	for _, from := range []string{root, dir, bad.Dir} {
		l := open(t, from)
		states := map[run.State]int{}
		for _, r := range l.Runs {
			states[r.State]++
			if failed := r.State == runs.Failed; failed != (filepath.Base(r.Dir) == bad.Name) || failed != strings.HasPrefix(r.Failure, "epoch 1: step ") {
				t.Errorf("%s: %s is %s: %s", from, r.Name, r.State, r.Failure)
			}
		}
		if states[runs.Failed] != 1 {
			t.Errorf("%s: the states are %v", from, states)
		}
	}
	t.Chdir(bad.Dir)
	if l := open(t, "."); len(l.Runs) != 1 || l.Runs[0].State != runs.Failed {
		t.Errorf("from within: %+v", l.Runs)
	}
}
