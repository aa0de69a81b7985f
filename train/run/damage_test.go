package run

import (
	"encoding/json"
	"maps"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// A state as a training leaves it, by its own checksum; the codec's test does the same for
// every bit of a smaller file.
func TestFlippedAndMissingBytesOfAStateAreRefused(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "run")
	mustFit(t, create(t, dir, settings()), &stopAfter{steps: 6})
	s, err := load(dir)
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(dir, stateFile)
	whole := []byte(files(t, dir)[stateFile])
	check := func(what string, i int, b []byte) {
		if err := s.decodeState(b); err == nil {
			t.Errorf("byte %d %s: accepted", i, what)
		}
	}
	for i := 0; i < len(whole); i += flipStep(len(whole), 600) {
		flipped := append([]byte(nil), whole...)
		flipped[i] ^= 1 << (i % 8)
		check("flipped", i, flipped)
		check("and all after it cut", i, whole[:i])
	}
	write(t, path, string(whole[:len(whole)-1]))
	if err := s.readState(); err == nil || !strings.Contains(err.Error(), path+": the file is damaged") {
		t.Errorf("got error %v, want one that names the file", err)
	}
	write(t, path, string(whole))
	if err := s.readState(); err != nil {
		t.Errorf("the whole file: %v", err)
	}
}

// asOld gives a run the form that it had before run.json had checksums and the history.
func asOld(t *testing.T, dir string) {
	t.Helper()
	r, err := readRecord(dir)
	if err != nil {
		t.Fatal(err)
	}
	r.Schema, r.Files, r.History, r.SHA256 = 1, nil, nil, ""
	b, err := json.MarshalIndent(r, "", "  ")
	if err != nil {
		t.Fatal(err)
	}
	write(t, filepath.Join(dir, recordFile), string(b)+"\n")
	if table := filepath.Join(dir, metricsFile); files(t, dir)[metricsFile] == "epoch\n" { // of no epochs
		write(t, table, strings.Join(oldColumns, ",")+"\n")
	}
}

// Files that do not go together are found out, also in runs without checksums.
func TestDamagedRunsAreRefusedInOneSentence(t *testing.T) {
	root := t.TempDir()
	good, other := filepath.Join(root, "good"), filepath.Join(root, "other")
	mustFit(t, create(t, good, settings()))
	set := settings()
	set.Seed = 6
	create(t, other, set)
	sgd := settings()
	sgd.Optimizer = "sgd"
	create(t, filepath.Join(root, "sgd"), sgd)
	asOld(t, good)
	replace := func(old, new string) func(string) string {
		return func(s string) string { return strings.Replace(s, old, new, 1) }
	}
	from := func(dir, name string) func(string) string {
		return func(string) string { return files(t, filepath.Join(root, dir))[name] }
	}
	for _, c := range []struct {
		name, file string
		edit       func(string) string // nil removes the file
		want       string
	}{
		{"no run.json", recordFile, nil, "run.json is missing: this is not the folder of a run"},
		{"half of run.json", recordFile, func(s string) string { return s[:100] }, "run.json: the file ends within the JSON text; restore"},
		{"two run.json in one", recordFile, func(s string) string { return s + s }, "there is more after the end"},
		{"a later form", recordFile, replace(`"schema": 1`, `"schema": 4, "novelty": {}`), "run.json: the file has schema 4, this gonn reads up to 3; use the gonn that wrote it or a newer one"},
		{"a form that is none", recordFile, replace(`"schema": 1`, `"schema": 0`), "run.json: schema is 0, need a whole number from 1"},
		{"a setting of another type", recordFile, replace(`"seed": 5`, `"seed": "5"`), "run.json: line "},
		{"a setting of a later gonn", recordFile, replace(`"seed"`, `"sneed"`), `unknown field "sneed"`},
		{"an unknown loss", recordFile, replace("cross-entropy", "hinge"), `run.json: loss: unknown loss "hinge"`},
		{"an unknown kink", recordFile, replace(`"kink": "keras"`, `"kink": "jax"`), `run.json: kink: unknown semantics "jax"`},
		{"another seed", recordFile, replace(`"seed": 5`, `"seed": 8`), "its seed is 5, that of run.json is 8"},
		{"another optimizer", recordFile, replace(`"adam"`, `"sgd"`), `it has a tensor "optim/momentum/act.alpha", which model.onnx and run.json do not ask for`},
		{"a parameter frozen later", recordFile, replace(`"sessions"`, `"frozen": ["dense.bias"], "sessions"`), `it has a tensor "optim/momentum/dense.bias", which model.onnx and run.json do not ask for`},
		{"a frozen parameter of another network", recordFile, replace(`"sessions"`, `"frozen": ["conv9.bias"], "sessions"`), `run.json: frozen has the parameter "conv9.bias", which is not in model.onnx`},
		{"no state", stateFile, nil, "state.safetensors is missing"},
		{"the state of another run", stateFile, from("other", stateFile), "its seed is 6, that of run.json is 5"},
		{"the state of another optimizer", stateFile, from("sgd", stateFile), `it has no tensor "optim/momentum/conv.weight"`},
		{"no model", modelFile, nil, "model.onnx"},
		{"half a model", modelFile, func(s string) string { return s[:len(s)/2] }, "model.onnx"},
		{"another table", metricsFile, func(string) string { return "a,b\n" }, "metrics.csv: the first line has no column \"epoch\""},
		{"a table without an epoch", metricsFile, func(s string) string {
			lines := strings.SplitAfter(s, "\n")
			return lines[0] + lines[1] + lines[3]
		}, "metrics.csv: line 3: epoch 3 after epoch 1; repair the table or delete it"},
		{"a table without the last epoch", metricsFile, func(s string) string { return strings.Join(strings.SplitAfter(s, "\n")[:3], "") },
			"metrics.csv: the last row is of epoch 2, the run has trained 3"},
		{"a table with words", metricsFile, replace("\n1,", "\none,"), `metrics.csv: line 2: epoch is "one", need a number`},
	} {
		t.Run(c.name, func(t *testing.T) {
			dir := filepath.Join(root, "damaged")
			if err := os.RemoveAll(dir); err != nil {
				t.Fatal(err)
			}
			for name, content := range files(t, good) {
				switch {
				case name != c.file:
					write(t, filepath.Join(dir, name), content)
				case c.edit != nil:
					write(t, filepath.Join(dir, name), c.edit(content))
				}
			}
			before := files(t, dir)
			r, err := Open(dir)
			if r != nil || err == nil || !strings.Contains(err.Error(), c.want) || strings.Contains(err.Error(), "\n") {
				t.Errorf("Open: got %v and error %v, want %q", r, err, c.want)
			}
			s, err := Resume(dir, nil)
			if s != nil || err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("Resume: got %v and error %v, want %q", s, err, c.want)
			}
			if !maps.Equal(files(t, dir), before) || locked(t, dir) {
				t.Error("a refused resume changed the files")
			}
		})
	}
}

func TestDeletedMetricsStartAnew(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "run")
	mustFit(t, create(t, dir, settings()))
	asOld(t, dir)
	if err := os.Remove(filepath.Join(dir, metricsFile)); err != nil {
		t.Fatal(err)
	}
	mustFit(t, goOn(t, dir, func(s *Settings) error { s.Epochs = 5; return nil }))
	r, err := Open(dir)
	if err != nil || len(r.Metrics) != 2 || r.Metrics[0].Epoch != 4 {
		t.Errorf("got %+v and error %v, want epochs 4 and 5", r, err)
	}
}

func TestMetricsOfAnEpochWhoseStateWasNotSavedAreDropped(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "run")
	set := settings()
	set.Epochs, set.Metrics = 2, "none"
	mustFit(t, create(t, dir, set))
	path := filepath.Join(dir, metricsFile)
	asOld(t, dir)
	want := files(t, dir)[metricsFile]
	write(t, path, want+"3,0.1,0.9,0.1,0.9,0.01,1.000,100.0\n")
	goOn(t, dir, nil)
	if got := files(t, dir)[metricsFile]; got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

func TestResumeKeepsWhatDefinesTheResult(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "run")
	end(t, create(t, dir, settings()))
	before := files(t, dir)
	for want, change := range map[string]func(*Settings){
		`batch is "32" in this run and cannot become "64"`:  func(s *Settings) { s.Batch = 64 },
		`lr is "0.01" in this run and cannot become "0.5"`:  func(s *Settings) { s.LR = 0.5 },
		`optimizer is "adam" in this run and cannot`:        func(s *Settings) { s.Optimizer = "sgd" },
		`data is "toy" in this run and cannot become "els"`: func(s *Settings) { s.Data = "els" },
	} {
		s, err := Resume(dir, func(set *Settings) error { change(set); return nil })
		if s != nil || err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v and error %v, want %q", s, err, want)
		}
	}
	if s, err := Resume(dir, func(*Settings) error { return os.ErrInvalid }); s != nil || err != os.ErrInvalid {
		t.Errorf("got %v and error %v, want the error of the change", s, err)
	}
	if !maps.Equal(files(t, dir), before) || locked(t, dir) {
		t.Error("a refused change changed the files")
	}
}
