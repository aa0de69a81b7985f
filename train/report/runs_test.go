package report

import (
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/gonn-toolkit/gonn/train/internal/toy"
	"github.com/gonn-toolkit/gonn/train/run"
	"github.com/gonn-toolkit/gonn/train/runs"
)

// listOf has two finished runs, a stopped one and one that cannot be read, or the first of them.
func listOf(t *testing.T, n int) *runs.List { return listWith(t, n, "1,1") }

// listWith is listOf for runs with so many class weights and one more, which differs.
func listWith(t *testing.T, n int, weights string) *runs.List {
	t.Helper()
	root := t.TempDir()
	for i, act := range []string{"prelu", "leaky:-0.5", "mish"}[:min(n, 3)] {
		set := run.Settings{
			Act: act, DataSHA256: "x", Kink: "keras", Loss: "cross-entropy", Semantics: "keras", Optimizer: "adam", LR: 0.01,
			Batch: 32, Seed: uint64(i), Epochs: 5, ClassWeights: fmt.Sprintf("%s,%d", weights, i),
		}
		s, err := run.Create(filepath.Join(root, fmt.Sprintf("a rather long name of a run, seed=%d", i)), set, toy.Network(1))
		if err != nil {
			t.Fatal(err)
		}
		if i < 2 {
			err = s.Finish(run.Result{Train: run.Score{Loss: 1, Accuracy: 0.5}, Test: run.Score{Loss: 1.25 + float64(i), Accuracy: 0.75}})
		}
		if err := errors.Join(err, s.Close()); err != nil {
			t.Fatal(err)
		}
	}
	if n > 3 {
		broken := filepath.Join(root, "broken")
		if err := errors.Join(os.Mkdir(broken, 0o777), os.WriteFile(filepath.Join(broken, "run.json"), []byte("{\n\x1b"), 0o666)); err != nil {
			t.Fatal(err)
		}
	}
	l, err := runs.Open(root)
	if err != nil {
		t.Fatal(err)
	}
	if err := l.Sort("seed"); err != nil {
		t.Fatal(err)
	}
	l.Dir = "runs"
	return l
}

func TestRunsText(t *testing.T) {
	r := RunsOf(listOf(t, 4), 6, nil)
	text := textOf(r, 0)
	for _, want := range []string{
		"run                                  state       act         class_weights  seed  epochs  train_loss  train_acc  test_loss  test_acc    lr\n",
		"a rather long name of a run, seed=1  finished    leaky:-0.5  1,1,1             1     0/5      1.0000     0.5000     2.2500    0.7500  0.01\n",
		"a rather long name of a run, seed=2  stopped     mish        1,1,2             2     0/5                                              0.01\n",
		"broken                               unreadable\n",
		"runs: 4 of 6 runs (2 finished, 1 stopped, 1 unreadable)\nbroken cannot be read: ",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("the text has no line %q:\n%s", want, text)
		}
	}
	if strings.Contains(text, "\x1b") || strings.Contains(text, "left out") {
		t.Error(text)
	}
	for width := 46; width < 140; width++ {
		text := textOf(r, width)
		text, _, _ = strings.Cut(text, "broken cannot be read")
		fits(t, text, width)
		for _, needed := range []string{"test_loss", "2.2500", "stopped"} {
			if !strings.Contains(text, needed) {
				t.Errorf("%d columns, no %s:\n%s", width, needed, text)
			}
		}
		if all := strings.Contains(text, "    lr\n"); all == strings.Contains(text, "left out for the width: ") {
			t.Errorf("%d columns: all columns are there: %v, and it says:\n%s", width, all, text)
		}
	}
}

// Long texts of settings are shortened; figures are not left out for them.
func TestRunsWithLongSettings(t *testing.T) {
	text := textOf(RunsOf(listWith(t, 3, strings.Repeat("1,", 60)+"1"), 3, nil), 80)
	fits(t, text, 80)
	for _, want := range []string{"class_weights", "1,1,1,", "epochs", "2.2500"} {
		if !strings.Contains(text, want) {
			t.Errorf("no %q in\n%s", want, text)
		}
	}
}

// Runs of one state need no column for it. Columns that were chosen stay.
func TestRunsColumns(t *testing.T) {
	l := listOf(t, 2)
	if text := textOf(RunsOf(l, 2, nil), 0); strings.Contains(text, "state") || !strings.HasSuffix(text, "runs: 2 runs (2 finished)\n") {
		t.Error(text)
	}
	text := textOf(RunsOf(l, 2, []string{"state", "optimizer", "test_accuracy", "run", "val_loss"}), 20)
	if first, _, _ := strings.Cut(text, "\n"); strings.Join(strings.Fields(first), " ") != "state optimizer test_acc run val_loss" {
		t.Error(text)
	}
	l.Runs = l.Runs[:0]
	if text := textOf(RunsOf(l, 1, nil), 80); text != "runs: 0 of 1 run\n" {
		t.Error(text)
	}
}

func TestRunsJSON(t *testing.T) {
	l := listOf(t, 4)
	l.Runs[0].Result.Test.Loss = math.NaN()
	var b strings.Builder
	if err := WriteJSON(&b, RunsOf(l, 4, nil)); err != nil {
		t.Fatal(err)
	}
	var r struct {
		Dir       string
		Of        int
		Differing []string
		Runs      []struct {
			Run, State, Error string
			Epochs            int
			Settings          *run.Settings
			Result            *struct{ Test struct{ Loss any } }
		}
	}
	if err := json.Unmarshal([]byte(b.String()), &r); err != nil {
		t.Fatal(err)
	}
	if r.Dir != "runs" || r.Of != 4 || strings.Join(r.Differing, " ") != "act class_weights seed" || len(r.Runs) != 4 {
		t.Errorf("%+v", r)
	}
	if one := r.Runs[0]; one.State != "finished" || one.Settings.Act != "prelu" || one.Result.Test.Loss != "NaN" {
		t.Errorf("%+v", one)
	}
	if one := r.Runs[3]; one.Run != "broken" || one.State != "unreadable" || one.Error == "" || one.Settings != nil {
		t.Errorf("%+v", one)
	}
	b.Reset()
	l.Runs = l.Runs[:0]
	if err := WriteJSON(&b, RunsOf(l, 4, nil)); err != nil || !strings.Contains(b.String(), `"runs": []`) || !strings.Contains(b.String(), `"differing": []`) {
		t.Errorf("%v: %s", err, b.String())
	}
}
