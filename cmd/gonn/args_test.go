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
