package main

import (
	"io"
	"slices"
	"strings"
	"testing"
)

// Flags count wherever they stand, and values may start with a dash.
func TestFlagsFirst(t *testing.T) {
	app := newApp(io.Discard, io.Discard)
	for typed, want := range map[string]string{
		"gonn export model.onnx --force":          "gonn export --force -- model.onnx",
		"gonn export --force model.onnx":          "gonn export --force -- model.onnx",
		"gonn train --lr -1":                      "gonn train --lr -1",
		"gonn train --lr=-1 --resume":             "gonn train --lr=-1 --resume",
		"gonn train --act leaky:-1 --epochs 2":    "gonn train --act leaky:-1 --epochs 2",
		"gonn compare a.onnx --atol 0 b.onnx":     "gonn compare --atol 0 -- a.onnx b.onnx",
		"gonn compare a.onnx --json b.onnx":       "gonn compare --json -- a.onnx b.onnx",
		"gonn predict a.png -- --odd-name.png":    "gonn predict -- a.png --odd-name.png",
		"gonn --version":                          "gonn --version",
		"gonn nonsense --json":                    "gonn nonsense --json",
		"gonn inspect --run runs/a --json m.onnx": "gonn inspect --run runs/a --json -- m.onnx",
		"gonn train --lr":                         "gonn train --lr",
	} {
		if got := flagsFirst(app, strings.Fields(typed)); !slices.Equal(got, strings.Fields(want)) {
			t.Errorf("%s\nbecomes %s\nwant    %s", typed, strings.Join(got, " "), want)
		}
	}
}

func TestFlagsGivenTwice(t *testing.T) {
	app := newApp(io.Discard, io.Discard)
	for typed, flag := range map[string]string{
		"gonn train --lr 0.1 --epochs 3 --lr 0.2":            "--lr",
		"gonn train --lr=0.1 --lr 0.1":                       "--lr",
		"gonn report runs/a -o b.html --force --output c":    "--output",
		"gonn eval runs --json x --json=false":               "--json",
		"gonn train --act --lr --lr 0.2":                     "", // the value of --act
		"gonn train --lr 0.1 -- --lr 0.2":                    "",
		"gonn runs --filter act=prelu --filter lr=1":         "",
		"gonn sweep --act relu --act mish --lr 1 --lr 2":     "",
		"gonn sweep --nesterov --nesterov=false --seeds 3":   "",
		"gonn report study --claim a --claim b --beside c":   "",
		"gonn sweep --dir a --seeds 1 --dir b":               "--dir",
		"gonn eval --timeout 1s --timeout 2s runs/prelu-001": "--timeout",
	} {
		err := checkOnce(app, flagsFirst(app, strings.Fields(typed)))
		if flag == "" && err != nil || flag != "" && (err == nil || !strings.HasPrefix(err.Error(), flag+" is given twice")) {
			t.Errorf("%s: error %v, want one of %q", typed, err, flag)
		}
	}
	var stderr strings.Builder
	if code := execute(t.Context(), strings.Fields("gonn train --epochs 3 --epochs 5"), io.Discard, &stderr); code != exitUsage || stderr.String() != "gonn: --epochs is given twice: it is for one value\n" {
		t.Errorf("exit %d, %q", code, stderr.String())
	}
}
