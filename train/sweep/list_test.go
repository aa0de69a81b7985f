package sweep_test

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/gonn-toolkit/gonn/train/recipe"
	"github.com/gonn-toolkit/gonn/train/sweep"
)

func TestSplit(t *testing.T) {
	for _, c := range []struct {
		setting, text string
		want          []string
	}{
		{"act", "leaky:-1,-0.5,0,prelu", []string{"leaky:-1", "leaky:-0.5", "leaky:0", "prelu"}},
		{"act", "relu", []string{"relu"}},
		{"act", "prelu:channel:0, 0.25,mish", []string{"prelu:channel:0", "prelu:channel:0.25", "mish"}},
		{"act", "prelu:8x1x1,1x4x4", []string{"prelu:8x1x1", "prelu:1x4x4"}},
		{"loss", "cross-entropy:0.1,.2,mse", []string{"cross-entropy:0.1", "cross-entropy:.2", "mse"}},
		{"lr", "1e-3,0.00030,1", []string{"0.001", "0.0003", "1"}},
		{"epochs", "1,02", []string{"1", "2"}},
		{"nesterov", "true,F", []string{"true", "false"}},
		{"schedule", "multistep:30,60:0.2", []string{"multistep:30,60:0.2"}},
		{"class_weights", "1,2.5", []string{"1,2.5"}},
		{"data", "a,b.npz", []string{"a,b.npz"}},
		{"net", "a,b.onnx", []string{"a,b.onnx"}},
	} {
		if got, err := sweep.Split(c.setting, c.text); err != nil || !slices.Equal(got, c.want) {
			t.Errorf("%s %s: %q, %v; want %q", c.setting, c.text, got, err, c.want)
		}
	}
	for _, c := range []struct{ setting, text, says string }{
		{"act", "relu,,mish", "act relu,,mish: a value is missing beside a comma"},
		{"lr", "0.1,", "a value is missing"},
		{"lr", "", "need a value"},
		{"lr", "fast", "lr fast: need a number"},
		{"lr", "NaN", "lr NaN: need a number"},
		{"lr", "0.1,0", "lr 0: the learning rate must be above 0"},
		{"batch", "1.5", "need a whole number"},
		{"nesterov", "maybe", "need true or false"},
		{"augment", "", "need a value"},
		{"seed", "3", "no setting that can be swept"},
		{"colour", "red", "no setting that can be swept"},
	} {
		var e *recipe.SettingError
		if _, err := sweep.Split(c.setting, c.text); !errors.As(err, &e) || e.Setting != c.setting || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s %q: %v, want %q", c.setting, c.text, err, c.says)
		}
	}
}

func TestParseSeeds(t *testing.T) {
	for text, want := range map[string][]uint64{
		"3": {1, 2, 3}, "1": {1}, "9,3,7": {3, 7, 9}, "11-13": {11, 12, 13}, "7-7": {7}, "1-2, 9": {1, 2, 9}, "0-1": {0, 1},
	} {
		if got, err := sweep.ParseSeeds(text); err != nil || !slices.Equal(got, want) {
			t.Errorf("%s: %v, %v; want %v", text, got, err, want)
		}
	}
	for text, says := range map[string]string{
		"0": "need at least one", "": "is no seed", "-3": "is no seed", "a": "is no seed", "3,": "is no seed", "5-3": "no seed from 5 to 3",
		"1,1-2": "seed 1 is there twice", "10001": "more than 10000", "0-18446744073709551615": "more than 10000",
		"18446744073709551615-18446744073709551615": "more than 10000",
	} {
		if got, err := sweep.ParseSeeds(text); err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("%q: %v, %v; want %q", text, got, err, says)
		}
	}
}
