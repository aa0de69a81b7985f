package recipe_test

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/gonn-toolkit/gonn/train"
	"github.com/gonn-toolkit/gonn/train/recipe"
	"github.com/gonn-toolkit/gonn/train/run"
)

// Settings that cannot be are errors that name the setting, before anything is opened.
func TestCompleteNamesTheSetting(t *testing.T) {
	for _, tc := range []struct {
		change  func(*run.Settings)
		setting string
		says    string
	}{
		{func(s *run.Settings) { s.Epochs = 0 }, "epochs", "epochs 0: need at least 1"},
		{func(s *run.Settings) { s.Batch = -1 }, "batch", "need at least 1"},
		{func(s *run.Settings) { s.Val = 1 }, "val", "need a share between 0 and 1"},
		{func(s *run.Settings) { s.LR = -1 }, "lr", "must be above 0"},
		{func(s *run.Settings) { s.Net = "vgg" }, "net", "choose one of study"},
		{func(s *run.Settings) { s.Data = "fashion" }, "data", "choose one of mnist-inverted"},
		{func(s *run.Settings) { s.NetPath, s.Act = "model.onnx", "relu" }, "net", "brings its own activations"},
		{func(s *run.Settings) { s.Normalize = "1" }, "normalize", "need MEAN:STD"},
		{func(s *run.Settings) { s.Augment = "blur" }, "augment", "unknown change"},
		{func(s *run.Settings) { s.Semantics = "tf" }, "semantics", "choose pytorch or keras"},
		{func(s *run.Settings) { s.Metrics = "f1" }, "metrics", `there is no metric "f1"`},
		{func(s *run.Settings) { s.Optimizer = "lion" }, "", "unknown optimizer"},
	} {
		s := recipe.Default()
		tc.change(&s)
		_, err := recipe.Complete(s)
		var e *recipe.SettingError
		if !errors.As(err, &e) || e.Setting != tc.setting || !strings.Contains(err.Error(), tc.says) {
			t.Errorf("%v, want %q of the setting %q", err, tc.says, tc.setting)
		}
	}
}

// What is empty follows from the rest.
func TestComplete(t *testing.T) {
	s := recipe.Default()
	s.Optimizer = "adamw:pytorch"
	got, err := recipe.Complete(s)
	if err != nil {
		t.Fatal(err)
	}
	if got.Net != "study" || got.Act != "prelu" || got.Data != recipe.DefaultData || got.Optimizer != "adamw" ||
		got.Semantics != "pytorch" || got.Kink != "pytorch" || got.Init != "pytorch" || got.Metrics != "slopes" {
		t.Errorf("%+v", got)
	}
	s.NetPath = "model.onnx"
	if got, err = recipe.Complete(s); err != nil || got.Net+got.Act+got.Init != "" {
		t.Errorf("from a file: %+v, %v", got, err)
	}
}

// What a file of settings does not say is as by default. A whole run.json is read in
// TestConfigOfARunRepeatsIt.
func TestReadConfig(t *testing.T) {
	dir := t.TempDir()
	read := func(text string) (run.Settings, error) {
		path := filepath.Join(dir, "config.json")
		if err := os.WriteFile(path, []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
		return recipe.ReadConfig(path)
	}
	s, err := read(`{"act": "mish", "epochs": 7, "data_sha256": "00", "gonn": "v0"}`)
	if want := recipe.Default(); err != nil || s.Act != "mish" || s.Epochs != 7 || s.Batch != want.Batch || s.Seed != want.Seed || s.DataSHA256+s.Gonn != "" {
		t.Errorf("%+v, %v", s, err)
	}
	for text, says := range map[string]string{
		`{"epoch": 7}`:                "epoch",
		`{"epochs": "7"}`:             "epochs cannot be a JSON string",
		`{"epochs": 7} {"epochs": 8}`: "there is more after the end",
		`[]`:                          "cannot be a JSON array",
		``:                            "the file ends within the JSON text",
	} {
		if _, err := read(text); err == nil || !strings.Contains(err.Error(), says) || !strings.Contains(err.Error(), "config.json") {
			t.Errorf("%s: %v, want %q", text, err, says)
		}
	}
	if _, err := recipe.ReadConfig(dir); err == nil || !strings.Contains(err.Error(), "not a regular file") {
		t.Errorf("a folder: %v", err)
	}
}

// The same settings, by hand and from the run.json of a run, train to the same bytes.
func TestConfigOfARunRepeatsIt(t *testing.T) {
	dir := t.TempDir()
	train := func(s run.Settings, name string) []byte {
		t.Helper()
		tr, err := recipe.New(s)
		if err != nil {
			t.Fatal(err)
		}
		if err := tr.Create(filepath.Join(dir, name)); err != nil {
			t.Fatal(err)
		}
		if _, err := tr.Run(); err != nil {
			t.Fatal(err)
		}
		b, err := os.ReadFile(filepath.Join(dir, name, "state.safetensors"))
		if err != nil {
			t.Fatal(err)
		}
		return b
	}
	s := recipe.Default()
	s.Net, s.Limit, s.Epochs, s.Seed, s.Schedule, s.Normalize, s.ClassWeights = "mlp", 100, 2, 3, "cosine", "auto", "balanced"
	first := train(s, "first")
	again, err := recipe.ReadConfig(filepath.Join(dir, "first", "run.json"))
	if err != nil {
		t.Fatal(err)
	}
	if string(train(again, "again")) != string(first) {
		t.Error("another training")
	}
	again.Seed++
	if string(train(again, "other")) == string(first) {
		t.Error("another seed gives the same training")
	}
}

// A training that fails says what there is of it: a checkpoint, or nothing yet.
func TestFailureSaysWhatIsKept(t *testing.T) {
	for says, fail := range map[string]int{"nothing is trained yet, and the run stands at its start": 0, "its last checkpoint is kept": 1} {
		s := recipe.Default()
		s.Net, s.Limit, s.Epochs = "mlp", 100, 3
		tr, err := recipe.New(s)
		if err != nil {
			t.Fatal(err)
		}
		dir := filepath.Join(t.TempDir(), "run")
		if err := tr.Create(dir); err != nil {
			t.Fatal(err)
		}
		if _, err := tr.Run(failing{epoch: fail}); err == nil || !strings.HasSuffix(err.Error(), says) {
			t.Errorf("error %v, want it to end with %q", err, says)
		}
		if err := tr.Close(); err != nil {
			t.Error(err)
		}
		if r, err := run.Open(dir); err != nil || r.Position.Epoch != fail {
			t.Errorf("the run is %+v, error %v, want %d epochs", r, err, fail)
		}
	}
}

// failing fails within an epoch.
type failing struct {
	train.Base
	epoch int
}

func (f failing) BatchEnd(s *train.State) error {
	if s.Position.Epoch == f.epoch {
		return errors.New("for the test")
	}
	return nil
}
