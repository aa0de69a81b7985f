package run

import (
	"math"
	"path/filepath"
	"strings"
	"testing"

	"github.com/gonn-toolkit/gonn/train"
	"github.com/gonn-toolkit/gonn/train/internal/toy"
	"github.com/gonn-toolkit/gonn/train/run/internal/safetensors"
)

// recordContradictions are changes of a run.json, which is of three epochs and finished.
var recordContradictions = map[string]func(*record){
	"run.json: epochs 0: need at least 1":                    func(r *record) { r.Settings.Epochs = 0 },
	"run.json: history: 3 epochs are done, and epochs is 2":  func(r *record) { r.Settings.Epochs = 2 },
	"run.json: batch 0: need at least 1":                     func(r *record) { r.Settings.Batch = 0 },
	"run.json: limit -1: need":                               func(r *record) { r.Settings.Limit = -1 },
	"run.json: patience -2: need":                            func(r *record) { r.Settings.Patience = -2 },
	"run.json: workers -3: need":                             func(r *record) { r.Settings.Workers = -3 },
	"run.json: val 1: need a share":                          func(r *record) { r.Settings.Val = 1 },
	"run.json: lr -0.5: the learning rate must be above 0":   func(r *record) { r.Settings.LR = -0.5 },
	"run.json: lr is 0, and a run records its learning rate": func(r *record) { r.Settings.LR = 0 },
	"run.json: histograms 2: they are in TensorBoard's":      func(r *record) { r.Settings.Histograms = 2 },
	"run.json: optimizer sgd: momentum 1 is not in [0, 1)":   func(r *record) { r.Settings.Optimizer, r.Settings.Momentum = "sgd", 1 },
	"run.json: optimizer adam has no Nesterov setting":       func(r *record) { r.Settings.Nesterov = true },
	"run.json: optimizer adam: weight decay -1":              func(r *record) { r.Settings.WeightDecay = -1 },
	"run.json: clip":     func(r *record) { r.Settings.ClipNorm = -1 },
	"run.json: schedule": func(r *record) { r.Settings.Schedule = "cosine:5" },
	`run.json: semantics: unknown semantics "jax"`:               func(r *record) { r.Settings.Semantics = "jax" },
	`run.json: loss: unknown loss ""`:                            func(r *record) { r.Settings.Loss = "" },
	"run.json: data toy: data_path is d: give one of the two":    func(r *record) { r.Settings.DataPath = "d" },
	"run.json: net mlp: net_path is n: give one of the two":      func(r *record) { r.Settings.Net, r.Settings.NetPath = "mlp", "n" },
	"run.json: it has no sessions":                               func(r *record) { r.Sessions = nil },
	"run.json: history: it begins with epoch 2, need 1":          func(r *record) { r.History = r.History[1:] },
	"run.json: history: epoch 1 comes after epoch 2":             func(r *record) { r.History[2].Epoch = 1 },
	"run.json: history: epoch 3 comes after epoch 1":             func(r *record) { r.History[1].Epoch = 3 },
	"run.json: history: epoch 2: accuracy is 55, need a share":   func(r *record) { setValue(r, "accuracy", 55) },
	"run.json: history: epoch 2: val_accuracy is -1, need":       func(r *record) { setValue(r, "val_accuracy", -1) },
	"run.json: history: epoch 2: loss is NaN, need a finite":     func(r *record) { setValue(r, "loss", math.NaN()) },
	"run.json: history: epoch 2: val_loss is +Inf, need":         func(r *record) { setValue(r, "val_loss", math.Inf(1)) },
	"run.json: history: epoch 2: lr is -1, need":                 func(r *record) { setValue(r, "lr", -1) },
	"run.json: history: epoch 2: seconds is -1, need":            func(r *record) { setValue(r, "seconds", -1) },
	"run.json: history: epoch 2: samples_per_s is NaN, need":     func(r *record) { setValue(r, "samples_per_s", math.NaN()) },
	"run.json: history: epoch 2: it has one of val_loss and":     func(r *record) { rename(r, "val_loss", "other") },
	"run.json: result: test: accuracy is 55, need":               func(r *record) { r.Result.Test.Accuracy = 55 },
	"run.json: result: train: samples is -1, need":               func(r *record) { r.Result.Train.Samples = -1 },
	"run.json: result: last: train: accuracy is 1.5, need":       func(r *record) { r.Result.Last.Train.Accuracy = 1.5 },
	"run.json: result: best: test: accuracy is -0.5, need":       func(r *record) { r.Result.Best.Test.Accuracy = -0.5 },
	"run.json: result: last: epoch is 2, and 3 are done":         func(r *record) { r.Result.Last.Epoch = 2 },
	"run.json: result: best: epoch is 4, and 3 are done":         func(r *record) { r.Result.Best.Epoch = 4 },
	"run.json: result: best: epoch is 0, and 3 are done":         func(r *record) { r.Result.Best.Epoch = 0 },
	"run.json: result: best: epoch is 1, whose val_loss is":      func(r *record) { r.Result.Best.Epoch = 1 },
	"state.safetensors: epoch is 3, and the history of run.json": func(r *record) { r.History, r.Result = r.History[:2], nil },
	"state.safetensors: epoch is 3, and the history":             func(r *record) { r.History, r.Result = nil, nil },
}

// setValue changes a value of the second epoch.
func setValue(r *record, name string, value float64) {
	values := r.History[1].Values
	for i := range values {
		if values[i].Name == name {
			values[i].Value = value
		}
	}
}

func rename(r *record, name, other string) {
	values := r.History[1].Values
	for i := range values {
		if values[i].Name == name {
			values[i].Name = other
		}
	}
}

// forged is a run in which a file is another, and run.json has its checksum.
func forged(t *testing.T, good map[string]string, file string, b []byte) map[string]string {
	t.Helper()
	r, err := decodeRecord([]byte(good[recordFile]))
	if err != nil {
		t.Fatal(err)
	}
	r.Files[file] = sumOf(b)
	text, err := r.encode()
	if err != nil {
		t.Fatal(err)
	}
	return map[string]string{recordFile: string(text), modelFile: good[modelFile], stateFile: good[stateFile], file: string(b)}
}

// done makes a run that is finished, with the loss of its second epoch the lowest.
func done(t *testing.T) (dir string) {
	t.Helper()
	dir = filepath.Join(t.TempDir(), "run")
	s := create(t, dir, settings())
	mustFit(t, s)
	best := EpochResult{Epoch: s.best.Lowest.Epoch}
	if best.Epoch == 1 {
		t.Fatal("the first epoch is the best")
	}
	if err := s.Finish(Result{Last: &EpochResult{Epoch: 3}, Best: &best}); err != nil {
		t.Fatal(err)
	}
	end(t, s)
	return dir
}

// A run.json that contradicts itself or the state is refused though its checksum is right, also by
// those who read nothing else.
func TestContradictionsOfARecordAreRefused(t *testing.T) {
	dir := done(t)
	whole := files(t, dir)
	for want, change := range recordContradictions {
		r, err := decodeRecord([]byte(whole[recordFile]))
		if err != nil {
			t.Fatal(err)
		}
		change(r)
		b, err := r.encode()
		if err != nil {
			t.Fatal(err)
		}
		write(t, filepath.Join(dir, recordFile), string(b))
		if got, err := Open(dir); got != nil || err == nil || !strings.Contains(err.Error(), want) || !strings.Contains(err.Error(), "start a new run") {
			t.Errorf("Open: error %v, want %q", err, want)
		}
		if s, err := Resume(dir, nil); s != nil || err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("Resume: error %v, want %q", err, want)
		}
		if _, err := ReadSummary(dir); strings.HasPrefix(want, recordFile) && (err == nil || !strings.Contains(err.Error(), want)) {
			t.Errorf("ReadSummary: error %v, want %q", err, want)
		}
	}
}

// stateContradictions are changes of a state within the second epoch, after two steps of 32 samples.
var stateContradictions = map[string]map[string]string{
	"epoch is -1, and epochs is 3":                {"epoch": "-1"},
	"epoch is 4, and epochs is 3":                 {"epoch": "4"},
	"epoch is 2, and the history of run.json has": {"epoch": "2"},
	"step is -1 after epoch 1 of 3":               {"step": "-1"},
	"step is 2 after epoch 3 of 3":                {"epoch": "3"},
	"optimizer_steps is 2 after epoch 1, step 2":  {"optimizer_steps": "2"},
	"optimizer_steps is -9 after":                 {"optimizer_steps": "-9"},
	"lr is NaN, need":                             {"lr": "NaN"},
	"lr is -1, need":                              {"lr": "-1"},
	"running_samples is 65 after 2 steps of 32":   {"running_samples": "65"},
	"running_samples is 32 after 2 steps of 32":   {"running_samples": "32"},
	"running_samples is 64, running_correct":      {"step": "0"},
	"running_correct is 65 of 64 samples":         {"running_correct": "65"},
	"running_loss_sum is NaN":                     {"running_loss_sum": "NaN"},
	"running_weight is -1":                        {"running_weight": "-1"},
	"best_epoch is 2 after epoch 1":               {"best_epoch": "2"},
	"best_loss is NaN":                            {"best_loss": "NaN"},
	"early_stopping_epoch is 2 after epoch 1":     {"early_stopping_epoch": "2"},
	"early_stopping_waited is 2 after epoch 1":    {"early_stopping_waited": "2"},
	"early_stopping_loss is +Inf":                 {"early_stopping_loss": "+Inf"},
	"plateau_lr is 5, and lr is 0.01":             {"plateau_lr": "5"},
	"plateau_epochs is 7 after epoch 1":           {"plateau_epochs": "7"},
	"plateau_waited is -1 after epoch 1":          {"plateau_waited": "-1"},
	"plateau_cooling is 9, and the schedule":      {"plateau_cooling": "9"},
	"plateau_loss is NaN":                         {"plateau_loss": "NaN"},
}

func TestContradictionsOfAStateAreRefused(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "run")
	set := settings()
	set.Schedule = "plateau"
	s := create(t, dir, set)
	mustFit(t, s, &stopAfter{steps: 6})
	end(t, s)
	whole := files(t, dir)
	for want, change := range stateContradictions {
		f, err := safetensors.Decode([]byte(whole[stateFile]))
		if err != nil {
			t.Fatal(err)
		}
		for name, text := range change {
			if f.Metadata[name] == "" {
				t.Fatalf("the state has no %s", name)
			}
			f.Metadata[name] = text
		}
		b, err := safetensors.Encode(f)
		if err != nil {
			t.Fatal(err)
		}
		for name, text := range forged(t, whole, stateFile, b) {
			write(t, filepath.Join(dir, name), text)
		}
		if got, err := Open(dir); got != nil || err == nil || !strings.Contains(err.Error(), stateFile+": "+want) || !strings.Contains(err.Error(), "start a new run") {
			t.Errorf("error %v, want %q", err, want)
		}
	}
}

// What would be refused is not written either.
func TestContradictionsAreNotWritten(t *testing.T) {
	dir := done(t)
	before := files(t, dir)
	set := settings()
	set.Batch = 0
	if s, err := Create(filepath.Join(t.TempDir(), "run"), set, toy.Network(1)); s != nil || err == nil || !strings.Contains(err.Error(), "batch 0: need at least 1") {
		t.Errorf("Create: error %v", err)
	}
	if s, err := Resume(dir, func(set *Settings) error { set.Patience = -1; return nil }); s != nil || err == nil || !strings.Contains(err.Error(), "patience -1") {
		t.Errorf("Resume: error %v", err)
	}
	s := goOn(t, dir, nil)
	if err := s.Finish(Result{Test: Score{Accuracy: 55}}); err == nil || !strings.Contains(err.Error(), "run.json: result: test: accuracy is 55") {
		t.Errorf("Finish: error %v", err)
	}
	end(t, s)
	if r, err := Open(dir); err != nil || r.Result != nil || files(t, dir)[stateFile] != before[stateFile] {
		t.Errorf("afterwards the run has the result %v, error %v", r, err)
	}
}

func TestMetricsOfCallbacksCanBeAnyNumber(t *testing.T) {
	m := train.EpochMetrics{Epoch: 1, Values: []train.Value{{Name: "loss", Value: -1}, {Name: "mine", Value: math.NaN()}}}
	if err := m.Check(); err != nil {
		t.Error(err)
	}
}
