package main

import (
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/gonn-toolkit/gonn/onnxio/graph"
	"github.com/gonn-toolkit/gonn/train/report"
	"github.com/gonn-toolkit/gonn/train/run"
)

// A run in Go is recorded, and the recording replays to the bit.
func TestRecordARun(t *testing.T) {
	t.Chdir(t.TempDir())
	mustRun(t, "train", "--net", "lenet5", "--act", "prelu:channel", "--limit", "96", "--batch", "32", "--epochs", "1", "--run", "r", "--semantics", "pytorch", "--clip-norm", "1")
	before, err := os.ReadFile(filepath.Join("r", "state.safetensors"))
	if err != nil {
		t.Fatal(err)
	}
	out := mustRun(t, "record", "--run", "r", "--out", "b", "--steps", "2")
	if !strings.Contains(out, "recorded 2 steps in b") {
		t.Errorf("record says %q", out)
	}
	if after, err := os.ReadFile(filepath.Join("r", "state.safetensors")); err != nil || string(after) != string(before) {
		t.Errorf("recording changed the run, %v", err)
	}
	var r report.TrainingReplay
	if err := json.Unmarshal([]byte(mustRun(t, "compare", "b", "--json")), &r); err != nil {
		t.Fatal(err)
	}
	if !r.Equal || len(r.Steps) != 2 || r.Worst["gradient"].Error != 0 || r.Framework != "gonn" || r.Semantics != "pytorch" {
		t.Errorf("%+v", r)
	}
}

// A folder that is taken is refused before the run is read. One step is one.
func TestRecordChecksItsOutputFirst(t *testing.T) {
	t.Chdir(t.TempDir())
	if err := errors.Join(os.Mkdir("taken", 0o777), os.WriteFile(filepath.Join("taken", "mine"), nil, 0o666)); err != nil {
		t.Fatal(err)
	}
	if _, said, code := gonn("record", "--run", "none", "--out", "taken"); code != exitFailed || !strings.Contains(said, "taken: the folder is not empty") {
		t.Errorf("exit %d: %s", code, said)
	}
	mustRun(t, strings.Fields("train --net lenet5 --act relu --limit 32 --batch 32 --epochs 1 --run r")...)
	if out := mustRun(t, "record", "--run", "r", "--out", "b", "--steps", "1"); !strings.Contains(out, "recorded 1 step in b") {
		t.Errorf("record says %q", out)
	}
	if out := mustRun(t, "compare", "b"); !strings.Contains(out, "b: 1 step of gonn") || !strings.Contains(out, "after 1 step the loss") {
		t.Errorf("compare says %q", out)
	}
	if err := os.Remove(filepath.Join("b", "bundle.json")); err != nil {
		t.Fatal(err)
	}
	if _, said, _ := gonn("compare", "b"); !strings.Contains(said, "record again") {
		t.Errorf("compare says of what an interrupted recording leaves: %q", said)
	}
}

// What a killed recording has left goes with the next one, but not what one is at work on or a
// folder of something else.
func TestRecordTakesWhatAKilledOneHasLeft(t *testing.T) {
	t.Chdir(t.TempDir())
	small := strings.Fields("train --net lenet5 --act relu --limit 64 --batch 32 --epochs 1 --run")
	mustRun(t, append(small, "r")...)
	mustRun(t, append(small, ".b.training")...)
	s, err := run.Resume(".b.training", nil)
	if err != nil {
		t.Fatal(err)
	}
	again := []string{"record", "--run", "r", "--out", "b", "--steps", "1"}
	if _, said, code := gonn(again...); code != exitFailed || !strings.Contains(said, "is being trained") {
		t.Errorf("exit %d: %s", code, said)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	mustRun(t, again...)
	if _, err := os.Lstat(".b.training"); !os.IsNotExist(err) {
		t.Errorf("the left run: %v", err)
	}
	if err := errors.Join(os.Mkdir(".c.training", 0o777), os.WriteFile(filepath.Join(".c.training", "mine"), nil, 0o666)); err != nil {
		t.Fatal(err)
	}
	if _, said, code := gonn("record", "--run", "r", "--out", "c", "--steps", "1"); code != exitFailed || !strings.Contains(said, "mine") {
		t.Errorf("exit %d: %s", code, said)
	}
	if _, err := os.Stat(filepath.Join(".c.training", "mine")); err != nil {
		t.Error(err)
	}
}

// A recording of PyTorch: equal in its own semantics, different in Keras's, with the place.
func TestCompareABundle(t *testing.T) {
	dir := testdata(t, "golden", "bundles", "pytorch", "adam")
	out := strings.Join(strings.Fields(mustRun(t, "compare", dir)), " ") // however long the path is
	for _, words := range []string{"10 steps of pytorch", "EQUAL: every step by itself", "free-running: after 10 steps"} {
		if !strings.Contains(out, words) {
			t.Errorf("no %q in %s", words, out)
		}
	}
	out, stderr, code := gonn("compare", dir, "--semantics", "keras", "--steps", "2")
	if code != 1 || stderr != "" {
		t.Errorf("exit %d: %s", code, stderr)
	}
	if flat := strings.Join(strings.Fields(out), " "); !strings.Contains(flat, "DIFFERENT: step 0 is the first that diverges by itself: statistic of 1.running_var") {
		t.Errorf("the place is not named in %s", out)
	}
	out, _, code = gonn("compare", dir, "--semantics", "keras", "--json")
	var r report.TrainingReplay
	if err := json.Unmarshal([]byte(out), &r); err != nil || code != 1 {
		t.Fatalf("exit %d, %v", code, err)
	}
	if r.Equal || r.First == nil || r.First.Tensor != "1.running_var" || r.First.Step != 0 || r.First.Kind != "statistic" {
		t.Errorf("%+v", r.First)
	}
}

func TestRecordWritesTheFile(t *testing.T) {
	bundle := testdata(t, "golden", "bundles", "pytorch", "adam")
	t.Chdir(t.TempDir())
	mustRun(t, "record", "keras")
	if b, err := os.ReadFile("gonn_record.py"); err != nil || !strings.HasPrefix(string(b), `"""Records the training of a Keras model`) {
		t.Errorf("gonn_record.py begins with %.60q, %v", b, err)
	}
	for _, c := range []struct{ args, says string }{
		{"record keras", "gonn_record.py exists"},
		{"record caffe", `no recorder for "caffe"`},
		{"record kears", "did you mean keras?"},
		{"record", "takes a framework"},
		{"record keras pytorch", "takes one framework"},
		{"record pytorch --steps 3 --out x.py", "are for --run"},
		{"record --run none", "needs --out DIR"},
		{"record --run none --out b --steps 0", "--steps 0 must be 1 or more"},
		{"record --run none --out b", "none"},
		{"compare b --semantics keras", "is for a BUNDLE"},
	} {
		_, stderr, code := gonn(strings.Fields(c.args)...)
		if code == 0 || !strings.Contains(stderr, c.says) {
			t.Errorf("gonn %s: exit %d, %q; want %q", c.args, code, stderr, c.says)
		}
	}
	for args, says := range map[string]string{
		"--semantics caffe": `unknown semantics "caffe"`, "--inputs x.npz": "--inputs has no meaning for the bundle", "--steps -1": "must be 0 or more", "other": "one bundle alone",
		"--timeout 1ns": "--timeout 1ns is over", "--timeout 0s": "give a time",
	} {
		_, stderr, code := gonn(append([]string{"compare", bundle}, strings.Fields(args)...)...)
		if code != 2 || !strings.Contains(stderr, says) {
			t.Errorf("compare BUNDLE %s: exit %d, %q; want %q", args, code, stderr, says)
		}
	}
}

// Recordings say nothing of the machine that made them: exporters note the Python stack at each
// node.
func TestBundlesNameNoMachine(t *testing.T) {
	models, err := filepath.Glob(filepath.Join(testdata(t, "golden", "bundles"), "*", "*", "model.onnx"))
	if err != nil || len(models) == 0 {
		t.Fatalf("no bundles (%v)", err)
	}
	for _, file := range models {
		m, err := graph.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, n := range m.Graph.Nodes {
			if len(n.Metadata) > 0 {
				t.Fatalf("%s: %s has metadata: %q", file, n.Label(), n.Metadata[0].Key)
			}
		}
	}
}
