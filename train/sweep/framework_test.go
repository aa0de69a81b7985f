package sweep

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/gonn-toolkit/gonn/train/recipe"
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
	if e, n := f.Estimate(s, Last, "test_loss"); n != 2 || e.Mean != 3 || f.Name()+f.Version() != "PyTorch2.15.0" || f.Differences(s) != nil {
		t.Errorf("%s: %+v of %d, differs in %v", f.Name(), e, n, f.Differences(s))
	}
	if e, n := f.Estimate(s, Best, "test_accuracy"); n != 2 || e.Mean != 0.5 {
		t.Errorf("%+v of %d", e, n)
	}
	if mean, std, n := f.Slopes(s, "act1"); n != 2 || mean.Mean != -1 || std.Mean != 0.5 {
		t.Errorf("%+v, %+v of %d", mean, std, n)
	}
	s.Epochs = 6
	if d := f.Differences(s); !slices.Equal(d, []string{"epochs 5 in place of 6"}) {
		t.Errorf("differs in %v", d)
	}
	if s.Act = "relu"; len(f.of(s)) != 0 {
		t.Error("ReLU has the trainings of PReLU")
	}
	if s.Act, s.Net = "prelu", "mlp"; len(f.of(s)) != 0 {
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
