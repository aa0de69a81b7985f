package main

import (
	"encoding/json"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// huge is the largest number of a flag.
var huge = fmt.Sprint(math.MaxInt)

// What cannot be meant is told before anything is made.
func TestTypedSettings(t *testing.T) {
	t.Chdir(t.TempDir())
	if err := os.WriteFile("both.json", []byte(`{"data": "mnist", "data_path": "x"}`), 0o666); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		args string
		says string
	}{
		{"train --data=", "--data needs a value"},
		{"train --act= --epochs 1", "--act needs a value"},
		{"train --config=", "--config needs a value"},
		{"train --optimizer adamw:pytorch --semantics keras", "give the semantics once"},
		{"train --schedule cosine:5", "the rate MIN is 5, above the learning rate 0.001; UNTIL is the second argument, as in cosine:0:5"},
		{"train --schedule by-epoch:cosine:5", "above the learning rate"},
		{"train --config both.json", "data_path is x: give one of the two"},
		{"train --run runs", "that is the folder of all runs; give " + filepath.Join("runs", "NAME")},
		{"train --run ./runs/", "that is the folder of all runs"},
		{"bench --net mlp --infer --batch " + huge, "need at most 65536"},
		{"data --png a.jpg --limit 10", "--png a.jpg: give a name that ends in .png"},
		{"report runs --workers -3", "--workers -3: need 0 or more"},
	} {
		if _, stderr, code := gonn(strings.Fields(c.args)...); code != exitUsage || !strings.Contains(stderr, c.says) {
			t.Errorf("%s: exit %d, %s; want %q", c.args, code, stderr, c.says)
		}
	}
	if entries, err := os.ReadDir("."); err != nil || len(entries) != 1 {
		t.Errorf("there are %v, error %v", entries, err)
	}
}

// A batch of more samples than there are is one of all.
func TestHugeBatch(t *testing.T) {
	t.Chdir(t.TempDir())
	small := []string{"--net", "mlp", "--act", "relu", "--limit", "40"}
	for _, batch := range []string{huge, "20"} {
		mustRun(t, append([]string{"train", "--epochs", "1", "--batch", batch, "--run", batch}, small...)...)
		b, err := os.ReadFile(filepath.Join(batch, "run.json"))
		if err != nil {
			t.Fatal(err)
		}
		var r struct {
			Result struct{ Train struct{ Loss float64 } }
		}
		if err := json.Unmarshal(b, &r); err != nil {
			t.Fatal(err)
		}
		if r.Result.Train.Loss == 0 {
			t.Errorf("batch %s: no training, %s", batch, b)
		}
	}
	mustRun(t, append([]string{"lr-find", "--batch", huge, "--steps", "10"}, small...)...)
}

// A flag of the normalisation changes what it names, and leaves the rest as the model has it.
func TestPartOfTheNormalisation(t *testing.T) {
	t.Chdir(t.TempDir())
	mustRun(t, "train", "--net", "mlp", "--act", "relu", "--limit", "200", "--epochs", "1", "--normalize", "0.1307:0.3081", "--run", "r")
	eval := func(flags ...string) string {
		return mustRun(t, append([]string{"eval", "--run", "r", "--limit", "50"}, flags...)...)
	}
	want := eval()
	for _, flags := range [][]string{{"--mean", "0.1307"}, {"--std", "0.3081"}, {"--mean", "0.1307", "--std", "0.3081"}} {
		if got := eval(flags...); got != want {
			t.Errorf("%v: %s, want %s", flags, got, want)
		}
	}
	if eval("--mean", "0.5") == want {
		t.Error("another mean changes nothing")
	}
}

// Data that are others than a run was trained on are told of.
func TestChangedData(t *testing.T) {
	t.Chdir(t.TempDir())
	folders(t, "data", "lying", "standing", false)
	mustRun(t, "train", "--net", "mlp", "--act", "relu", "--data", "data", "--epochs", "1", "--run", "r")
	if _, stderr, _ := gonn("eval", "--run", "r"); strings.Contains(stderr, "other data") {
		t.Errorf("the same data: %s", stderr)
	}
	paint(t, filepath.Join("data", "lying", "new.png"), 9, 12, true)
	if _, stderr, _ := gonn("eval", "--run", "r"); !strings.Contains(stderr, "data now holds other data than those that r was trained on") {
		t.Errorf("other data: %s", stderr)
	}
}

// Early stopping counts the epochs that were trained without it.
func TestPatienceOfAResumedRun(t *testing.T) {
	t.Chdir(t.TempDir())
	args := []string{"train", "--net", "mlp", "--act", "relu", "--limit", "60", "--val", "0.5", "--lr", "0.02", "--batch", "10"}
	mustRun(t, append(args, "--epochs", "25", "--run", "r")...)
	var r struct {
		Result struct{ Best struct{ Epoch int } }
	}
	b, err := os.ReadFile(filepath.Join("r", "run.json"))
	if err == nil {
		err = json.Unmarshal(b, &r)
	}
	if err != nil {
		t.Fatal(err)
	}
	if r.Result.Best.Epoch > 20 {
		t.Fatalf("the best epoch is %d: the training does not overfit", r.Result.Best.Epoch)
	}
	out := mustRun(t, "train", "--resume", "--run", "r", "--epochs", "40", "--patience", "3")
	if !strings.Contains(out, fmt.Sprintf("since epoch %d", r.Result.Best.Epoch)) {
		t.Errorf("best epoch %d, and it says %s", r.Result.Best.Epoch, out)
	}
}

// What gonn reads again is not overwritten, with --force neither.
func TestOwnRecordsStay(t *testing.T) {
	t.Chdir(t.TempDir())
	mustRun(t, "sweep", "small", "--net", "mlp", "--act", "relu", "--limit", "40", "--epochs", "1", "--seeds", "1")
	record := filepath.Join("sweeps", "small", "sweep.json")
	want := readAll(t, record)
	for _, args := range [][]string{
		{"sweep", "--resume", filepath.Join("sweeps", "small"), "--csv", record, "--force"},
		{"export", record, "--run", filepath.Join("sweeps", "small", "act=relu,seed=1"), "--force"},
	} {
		if _, stderr, code := gonn(args...); code != exitUsage || !strings.Contains(stderr, "record of gonn's own") {
			t.Errorf("%v: exit %d, %s", args, code, stderr)
		}
	}
	if string(readAll(t, record)) != string(want) {
		t.Error("the record has changed")
	}
}
