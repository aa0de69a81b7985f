package main

import (
	"encoding/json"
	"math"
	"path/filepath"
	"strings"
	"testing"

	"github.com/gonn-toolkit/gonn/onnxio/graph"
	"github.com/gonn-toolkit/gonn/train/report"
)

func compared(t *testing.T, args ...string) (r report.Compare) {
	t.Helper()
	if err := json.Unmarshal([]byte(mustRun(t, append([]string{"compare", "--json"}, args...)...)), &r); err != nil {
		t.Fatal(err)
	}
	return r
}

// Each engine's distance is shown: from what was recorded, and without that from the
// float64 evaluator.
func TestCompareShowsEachEngine(t *testing.T) {
	golden := testdata(t, "golden", "pytorch")
	model := filepath.Join(golden, "prelu-element", "dynamo.onnx")
	recorded := []string{
		"--inputs", filepath.Join(golden, "recorded", "inputs.npz"),
		"--expected", filepath.Join(golden, "recorded", "prelu-element", "expected.npz"),
	}
	for source, args := range map[string][]string{
		"expected.npz":          recorded,
		"the float64 evaluator": nil,
	} {
		r := compared(t, append([]string{model, "--engine", "gonn,gorgonia"}, args...)...)
		if r.Equal == nil || !*r.Equal || len(r.Replays) != 2 {
			t.Fatalf("%s: %+v", source, r)
		}
		for i, name := range []string{"gonn", "gorgonia"} {
			set := r.Replays[i]
			if set.Engine != name || !strings.Contains(set.Source, source) || len(set.Outputs) != 1 || set.Outputs[0].MaxError == 0 {
				t.Errorf("%s: %+v", source, set)
			}
		}
	}
	if _, _, code := gonn("compare", model, "--engine", "gonn", "--tolerance", "exact"); code != exitFailed {
		t.Errorf("float32 equals float64: exit code %d", code)
	}
	// In text, and for a file of pictures in NHWC.
	out := mustRun(t, "compare", testdata(t, "golden", "keras", "prelu-element", "tf2onnx.onnx"), "--engine", "reference,gonn")
	for _, want := range []string{"reference against the float64 evaluator on 8 made-up samples", "gonn against", "largest error 0 "} {
		if !strings.Contains(out, want) {
			t.Errorf("the report is\n%s\nwant %q in it", out, want)
		}
	}
}

func TestPredictOnAnEngine(t *testing.T) {
	model := testdata(t, "golden", "pytorch", "mish", "torchscript.onnx")
	picture := testdata(t, "digits", "7.png")
	var results report.Predictions
	for _, args := range [][]string{nil, {"--engine", "gonn"}, {"--engine", "reference"}, {"--engine", "gorgonia"}} {
		var r report.Predictions
		if err := json.Unmarshal([]byte(mustRun(t, append([]string{"predict", model, picture, "--json"}, args...)...)), &r); err != nil || len(r) != 1 {
			t.Fatalf("%v: %v, %v", args, r, err)
		}
		results = append(results, r[0])
		for k, p := range r[0].Probabilities {
			if d := math.Abs(float64(p - results[0].Probabilities[k])); !(d < 1e-5) {
				t.Errorf("%v: probability %d is %v, without an engine %v", args, k, p, results[0].Probabilities[k])
			}
		}
	}
}

// Files without a trainable form run on the engines that take them, in their own layout
// and with the batch that they fix; the others say why they do not.
func TestEnginesOnAForeignFile(t *testing.T) {
	picture := testdata(t, "digits", "7.png")
	t.Chdir(t.TempDir())
	writeModel(t, "sines.onnx", sines("nhwc", graph.Dim{Size: 3}, "Softmax"))
	r := compared(t, "sines.onnx", "--engine", "reference")
	if r.Equal == nil || !*r.Equal || r.Engine != "reference" {
		t.Errorf("%+v", r)
	}
	for _, name := range []string{"gonn", "gorgonia"} {
		out, _, code := gonn("compare", "sines.onnx", "--engine", name)
		if code != exitUsage || !strings.Contains(out, name+" against the float64 evaluator") || !strings.Contains(out, "could not run: sines.onnx: ") || !strings.Contains(out, "Sin") {
			t.Errorf("%s: exit code %d and %q", name, code, out)
		}
	}
	if on, without := mustRun(t, "predict", "sines.onnx", picture, "--engine", "reference"), mustRun(t, "predict", "sines.onnx", picture); on != without {
		t.Errorf("on an engine %q, without %q", on, without)
	}

	open := sines("nchw", graph.Dim{Param: "N"}, "")
	open.Graph.Inputs[0].Shape[3] = graph.Dim{Param: "W"}
	writeModel(t, "open.onnx", open)
	if _, stderr, code := gonn("compare", "open.onnx", "--engine", "reference"); code != exitUsage || !strings.Contains(stderr, `input "x": its shape (N, 3, 4, W) is open or too large: give --inputs`) {
		t.Errorf("an open shape: exit code %d and %q", code, stderr)
	}
}

func TestWrongEngines(t *testing.T) {
	model := testdata(t, "golden", "pytorch", "mish", "torchscript.onnx")
	picture := testdata(t, "digits", "7.png")
	for _, tc := range []struct {
		args []string
		code int
		want string
	}{
		{[]string{"compare", model, "--engine", "tensorrt"}, exitUsage, "--engine tensorrt: choose gonn, reference, gorgonia or ort"},
		{[]string{"compare", model, "--engine", ""}, exitUsage, "choose gonn"},
		{[]string{"compare", model, "--engine", "ort"}, exitUsage, "could not run: " + model},
		{[]string{"predict", model, picture, "--engine", "gonn,gorgonia"}, exitUsage, "--engine gonn,gorgonia: predict takes one"},
		{[]string{"predict", model, picture, "--engine", "ort"}, exitFailed, "--engine ort: " + model},
	} {
		out, stderr, code := gonn(append(tc.args, "--ort-lib", "/no/such/library.so")...)
		if code != tc.code || !strings.Contains(out+stderr, tc.want) {
			t.Errorf("%q: exit code %d and %q, want %d and %q", tc.args, code, out+stderr, tc.code, tc.want)
		}
	}
}
