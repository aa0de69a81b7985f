package study

import (
	"path/filepath"
	"testing"

	"github.com/gonn-toolkit/gonn/train/sweep"
)

// A sweep that somebody has begun in the folder keeps the cells that a claim does not ask for as
// they are, untrained.
func TestAClaimTrainsOnlyItsCells(t *testing.T) {
	l := NewLab(filepath.Join(t.TempDir(), "study"), tiny)
	s, err := sweep.Begin(l.sweepDir(sweep.Study), l.studyGrid(3, "leaky:0.5", "prelu", "mish"))
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	l.Trains = func(s *sweep.Session) (sweep.Options, func()) {
		if all, todo := len(s.Chosen()), len(s.Todo()); all != 4 || todo != 4 {
			t.Errorf("%d cells to train of %d, want 4 of 4", todo, all)
		}
		return sweep.Options{Workers: 1}, func() {}
	}
	if _, err := l.train(t.Context(), sweep.Study, l.studyGrid(2, "mish", "relu")); err != nil {
		t.Fatal(err)
	}
	all, err := sweep.Open(l.sweepDir(sweep.Study))
	if err != nil {
		t.Fatal(err)
	}
	if all.Cells() != 12 {
		t.Errorf("the sweep has %d cells, want 12", all.Cells())
	}
	for _, c := range all.Combinations {
		for _, cell := range c.Cells {
			want := sweep.Waiting
			if cell.Seed < 3 && (c.Values[0] == "mish" || c.Values[0] == "relu") {
				want = sweep.Finished
			}
			if cell.State != want {
				t.Errorf("%s is %s, want %s", cell.Name, cell.State, want)
			}
		}
	}
}
