package sweep

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/gonn-toolkit/gonn/train/recipe"
	"github.com/gonn-toolkit/gonn/train/run"
)

const frameworkText = `{"framework": "torch", "versions": {"torch": "2.15.0+cpu"}, "generator": "g", "command": "c",
 "protocol": {"batch": 128, "epochs": 5, "lr": 0.001, "held_out": 0.1, "limit": 0},
 "cells": [
 {"act": "prelu:element", "seed": 1, "epochs": [], "best_epoch": 2, "cpu_seconds": 1,
  "last": {"train": {"loss": 1, "accuracy": 0.5}, "test": {"loss": 2, "accuracy": 0.25}, "slopes": {"act1": {"mean": -0.5, "std": 0.25}}},
  "best": {"train": {"loss": 1, "accuracy": 0.5}, "test": {"loss": 1, "accuracy": 0.5}, "slopes": {}}},
 {"act": "prelu:element", "seed": 2, "epochs": [{"loss": 1, "accuracy": 1, "val_loss": 1, "val_accuracy": 1}], "best_epoch": 1, "cpu_seconds": 1,
  "last": {"train": {"loss": 1, "accuracy": 0.5}, "test": {"loss": 4, "accuracy": 0.75}, "slopes": {"act1": {"mean": -1.5, "std": 0.75}}},
  "best": {"train": {"loss": 1, "accuracy": 0.5}, "test": {"loss": 1, "accuracy": 0.5}, "slopes": {}}}
 ]}`

func TestFramework(t *testing.T) {
	path := filepath.Join(t.TempDir(), "study.json")
	write := func(text string) {
		t.Helper()
		if err := os.WriteFile(path, []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	write(frameworkText)
	f, err := ReadFramework(path)
	if err != nil {
		t.Fatal(err)
	}
	s, err := recipe.Complete(StudyGrid().Settings)
	if err != nil {
		t.Fatal(err)
	}
	if p, ok := f.peer(s, Last, Measures[2]); !ok || p.N != 2 || p.Mean != 3 || f.Name()+f.Version() != "PyTorch2.15.0" || f.Differences(s) != nil || f.Count(s) != 2 {
		t.Errorf("%s: %+v, differs in %v", f.Name(), p, f.Differences(s))
	}
	if p, ok := f.peer(s, Best, Measures[3]); !ok || p.N != 2 || p.Mean != 0.5 {
		t.Errorf("%+v", p)
	}
	if mean, std, ok := f.Slopes(s, "act1"); !ok || mean.N != 2 || std.N != 2 || mean.Mean != -1 || std.Mean != 0.5 {
		t.Errorf("%+v, %+v", mean, std)
	}
	if _, _, ok := f.Slopes(s, "act9"); ok {
		t.Error("a layer that is not there has slopes")
	}
	s.Epochs = 6
	if d := f.Differences(s); !slices.Equal(d, []string{"epochs (5, and 6 here)"}) || f.Count(s) != 0 {
		t.Errorf("differs in %v", d)
	}
	s.Epochs = 5
	for name, change := range map[string]func(*run.Settings){
		"optimizer (adam, and sgd here)":   func(s *run.Settings) { s.Optimizer = "sgd" },
		"share held out (0.1, and 0 here)": func(s *run.Settings) { s.Val = 0 },
		"schedule (, and cosine:5 here)":   func(s *run.Settings) { s.Schedule = "cosine:5" },
		"network, data or loss":            func(s *run.Settings) { s.Loss = "mse" },
	} {
		other := s
		if change(&other); !slices.Equal(f.Differences(other, other), []string{name}) || f.Count(other) != 0 {
			t.Errorf("%s: differs in %v, %d trainings", name, f.Differences(other), f.Count(other))
		}
		if d := f.Differences(s, other); d != nil || f.Count(s, other, s) != 2 {
			t.Errorf("%s: all differ in %v, %d trainings", name, d, f.Count(s, other, s))
		}
	}
	if s.Act = "relu"; f.Count(s) != 0 {
		t.Error("ReLU has the trainings of PReLU")
	}
	if _, ok := f.peer(s, Last, Measures[2]); ok {
		t.Error("ReLU has a test loss of PReLU")
	}
	if s.Act, s.Net = "prelu", "mlp"; f.Count(s) != 0 {
		t.Error("another network has the trainings of the study's")
	}
	for text, says := range map[string]string{
		"{}": "it has no trainings", "[": "need a file that testdata/ref/study_torch.py", strings.Replace(frameworkText, `"act"`, `"atc"`, 1): "atc",
	} {
		write(text)
		if _, err := ReadFramework(path); err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("%.20s: error %v does not say %q", text, err, says)
		}
	}
}
