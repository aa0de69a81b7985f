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
 {"act": "prelu:element", "seed": 1, "epochs": [EPOCHS], "best_epoch": 2, "cpu_seconds": 1,
  "last": {"train": {"loss": 1, "accuracy": 0.5}, "test": {"loss": 2, "accuracy": 0.25}, "slopes": {"act1": {"mean": -0.5, "std": 0.25}}},
  "best": {"train": {"loss": 1, "accuracy": 0.5}, "test": {"loss": 1, "accuracy": 0.5}, "slopes": {}}},
 {"act": "prelu:element", "seed": 2, "epochs": [EPOCHS], "best_epoch": 4, "cpu_seconds": 1,
  "last": {"train": {"loss": 1, "accuracy": 0.5}, "test": {"loss": 4, "accuracy": 0.75}, "slopes": {"act1": {"mean": -1.5, "std": 0.75}}},
  "best": {"train": {"loss": 1, "accuracy": 0.5}, "test": {"loss": 1, "accuracy": 0.5}, "slopes": {}}}
 ]}`

// frameworkFile is a file of two trainings, whose second and fourth epochs are the best.
func frameworkFile() string {
	var epochs []string
	for _, loss := range []string{"1", "0.5", "2", "0.5", "3"} {
		epochs = append(epochs, `{"loss": 1, "accuracy": 1, "val_loss": `+loss+`, "val_accuracy": 0.5}`)
	}
	return strings.ReplaceAll(frameworkText, "EPOCHS", strings.Join(epochs, ", "))
}

func TestFramework(t *testing.T) {
	path := filepath.Join(t.TempDir(), "study.json")
	write := func(text string) {
		t.Helper()
		if err := os.WriteFile(path, []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	write(frameworkFile())
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
		"{}": "it has no trainings", "[": "need a file that testdata/ref/study_torch.py", strings.Replace(frameworkFile(), `"act"`, `"atc"`, 1): "atc",
	} {
		write(text)
		if _, err := ReadFramework(path); err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("%.20s: error %v does not say %q", text, err, says)
		}
	}
}

// What the scripts would not write is refused, with the field.
func TestFrameworksThatContradictThemselvesAreRefused(t *testing.T) {
	path := filepath.Join(t.TempDir(), "study.json")
	const cell = `cell 1 (act "prelu:element", seed 1): `
	for says, change := range map[string][2]string{
		`framework is "jax", need torch or keras`:                   {`"framework": "torch"`, `"framework": "jax"`},
		"versions has none of keras":                                {`"framework": "torch"`, `"framework": "keras"`},
		"protocol: batch is 0":                                      {`"batch": 128`, `"batch": 0`},
		"protocol: lr is -1":                                        {`"lr": 0.001`, `"lr": -1`},
		"protocol: held_out is 1.5":                                 {`"held_out": 0.1`, `"held_out": 1.5`},
		`cell 1 (act "hump", seed 1): `:                             {`"act": "prelu:element", "seed": 1`, `"act": "hump", "seed": 1`},
		`cell 2 (act "prelu:element:0", seed 1): it is there twice`: {`"act": "prelu:element", "seed": 2`, `"act": "prelu:element:0", "seed": 1`},
		cell + "epochs has 5, and those of the protocol are 4":      {`"epochs": 5`, `"epochs": 4`},
		cell + "epoch 1: accuracy is 55":                            {`"accuracy": 1,`, `"accuracy": 55,`},
		cell + "epoch 1: val_accuracy is -1":                        {`"val_accuracy": 0.5`, `"val_accuracy": -1`},
		cell + "best_epoch is 9, and there are 5":                   {`"best_epoch": 2`, `"best_epoch": 9`},
		cell + "best_epoch is 3, whose val_loss is 2, and epoch 1":  {`"best_epoch": 2`, `"best_epoch": 3`},
		cell + "best_epoch is the last one":                         {`"val_loss": 3, "val_accuracy": 0.5}], "best_epoch": 2`, `"val_loss": 0.25, "val_accuracy": 0.5}], "best_epoch": 5`},
		cell + "cpu_seconds is -1":                                  {`"cpu_seconds": 1`, `"cpu_seconds": -1`},
		cell + "last: train: accuracy is 1.5":                       {`"train": {"loss": 1, "accuracy": 0.5}`, `"train": {"loss": 1, "accuracy": 1.5}`},
		cell + "last: test has no results":                          {`"test": {"loss": 2, "accuracy": 0.25}`, `"test": {}`},
		cell + "last: slopes: act1: std is -1":                      {`"std": 0.25`, `"std": -1`},
	} {
		text := strings.Replace(frameworkFile(), change[0], change[1], 1)
		if err := os.WriteFile(path, []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
		if _, err := ReadFramework(path); err == nil || !strings.HasPrefix(err.Error(), path+": "+says) || text == frameworkFile() {
			t.Errorf("error %v does not say %q", err, says)
		}
	}
}
