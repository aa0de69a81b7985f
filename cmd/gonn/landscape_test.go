package main

import (
	"bytes"
	"encoding/json"
	"math"
	"strings"
	"testing"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/nn/activation"
	"github.com/gonn-toolkit/gonn/nn/layer"
	"github.com/gonn-toolkit/gonn/onnxio/graph"
	"github.com/gonn-toolkit/gonn/train/report"
)

// landscape measures several models on the same samples, the same for any number of workers, and
// its loss is that of eval.
func TestLandscape(t *testing.T) {
	t.Chdir(t.TempDir())
	writeNetwork(t, "b.onnx", flatNetwork(t))
	mustRun(t, small("--net", "b.onnx", "--data", "mnist", "--run", "runs/a")...)
	args := []string{"landscape", "--data", "mnist", "--limit", "64", "--directions", "2", "runs", "b.onnx"} // runs has one run
	first := mustRun(t, append(args, "--json", "--workers", "1")...)
	if other := mustRun(t, append(args, "--json", "--workers", "3")...); other != first {
		t.Errorf("3 workers: %s, one: %s", other, first)
	}
	var r report.Landscape
	if err := json.Unmarshal([]byte(first), &r); err != nil {
		t.Fatal(err)
	}
	if len(r.Models) != 2 || r.Samples != 64 || r.Set != "train" || r.Directions != 2 {
		t.Fatalf("%+v", r)
	}
	for i, model := range []string{"runs/a", "b.onnx"} {
		var e report.Eval
		if err := json.Unmarshal([]byte(mustRun(t, "eval", model, "--data", "mnist", "--train-set", "--limit", "64", "--json")), &e); err != nil {
			t.Fatal(err)
		}
		m := r.Models[i]
		if m.Model != model || math.Abs(m.Loss-e.Loss) > 1e-5 || m.Accuracy != e.Accuracy || m.LossName != e.LossName {
			t.Errorf("%s: %+v, eval has %+v", model, m, e)
		}
		if !(m.Largest.Value > m.Smallest.Value) || !(m.RelativeLargest.Value > 0) || len(m.Curvature.Values) != 2 || !(m.Rise.Mean > 0) {
			t.Errorf("%s: %+v", model, m)
		}
	}
	text := mustRun(t, args...)
	for _, want := range []string{"train set, 64 samples", "runs/a", "b.onnx", "curvature", "largest"} {
		if !strings.Contains(text, want) {
			t.Errorf("no %q in:\n%s", want, text)
		}
	}
	if test := mustRun(t, append(args, "--test-set", "--json")...); test == first || !strings.Contains(test, `"set": "test"`) {
		t.Errorf("--test-set: %s", test)
	}
}

func TestLandscapeOfWhatHasNone(t *testing.T) {
	t.Chdir(t.TempDir())
	net := flatNetwork(t)
	net.Params()[0].Data[3] = float32(math.NaN())
	writeNetwork(t, "nan.onnx", net)
	_, stderr, code := gonn("landscape", "nan.onnx", "--data", "mnist", "--limit", "32")
	if code != 1 || !strings.Contains(stderr, "nan.onnx: the loss or its gradient is not a finite number: gonn eval says") {
		t.Errorf("exit %d: %s", code, stderr)
	}
	x, labels, _ := colours(4)
	writeNPZ(t, "data.npz", array{"x_train", x.Shape, x.Data}, array{"y_train", []int{4}, labels},
		array{"x_test", x.Shape, x.Data}, array{"y_test", []int{4}, labels})
	writeModel(t, "sines.onnx", sines("nchw", graph.Dim{Param: "N"}, ""))
	for _, args := range [][]string{{"landscape"}, {"plot", "landscape"}} {
		_, stderr, code := gonn(append(args, "sines.onnx", "--data", "data.npz")...)
		if code != 1 || !strings.Contains(stderr, "gonn: sines.onnx: 2 of its 2 nodes cannot be read as layers") || strings.Count(stderr, "sines.onnx") > 1 {
			t.Errorf("%q: exit %d: %s", args, code, stderr)
		}
	}
	if _, stderr, _ := gonn("eval", "nan.onnx", "--data", "mnist", "--limit", "32"); !strings.Contains(stderr, "not finite") {
		t.Errorf("eval says %s", stderr)
	}
}

// flatNetwork is a small one for MNIST.
func flatNetwork(t *testing.T) *nn.Network {
	t.Helper()
	net, err := nn.Sequential(nn.Shape{1, 28, 28}, layer.Flatten{}, layer.Dense{Out: 4}, activation.Must("mish"), layer.Dense{Out: 10})
	if err != nil {
		t.Fatal(err)
	}
	net.Init(nn.PyTorchInit, 1)
	return net
}

// Pictures of losses have the same bytes for any number of workers.
func TestPlotLandscape(t *testing.T) {
	t.Chdir(t.TempDir())
	net := flatNetwork(t)
	writeNetwork(t, "a.onnx", net)
	net.Init(nn.PyTorchInit, 2)
	writeNetwork(t, "b.onnx", net)
	for _, args := range [][]string{
		{"landscape", "--grid", "3"}, {"landscape", "--grid", "3", "--surface", "--test-set"}, {"interpolation"},
	} {
		args = append([]string{"plot"}, append(args, "--data", "mnist", "--limit", "16", "--width", "300", "a.onnx", "b.onnx", "--force")...)
		mustRun(t, append(args, "-o", "one.png", "--workers", "1")...)
		mustRun(t, append(args, "-o", "three.png", "--workers", "3")...)
		if one := readAll(t, "one.png"); !bytes.Equal(one, readAll(t, "three.png")) {
			t.Errorf("%q: other bytes with 3 workers", args)
		}
		mustRun(t, append(args, "-o", "one.svg")...)
		if svg := readAll(t, "one.svg"); !bytes.Contains(svg, []byte("over 16 ")) {
			t.Errorf("%q: %s", args, svg)
		}
	}
	other, err := nn.Sequential(nn.Shape{1, 28, 28}, layer.Flatten{}, layer.Dense{Out: 10})
	if err != nil {
		t.Fatal(err)
	}
	writeNetwork(t, "c.onnx", other)
	for args, says := range map[string]string{
		"landscape a.onnx --grid 2":         "--grid 2: give a whole number from 3 to 201",
		"landscape a.onnx --span -1":        "--span -1: give a number above 0",
		"interpolation a.onnx --data mnist": "interpolation takes two or more models of the same layers, got 1",
		"interpolation a.onnx --grid 9":     "--grid is not for interpolation: it is for landscape",
		"interpolation a.onnx c.onnx":       "a.onnx and c.onnx: line between two networks: one has 4 layers, the other 2",
		"landscape a.onnx nowhere.onnx":     "nowhere.onnx: no such file",
	} {
		if _, stderr, code := gonn(append([]string{"plot"}, strings.Fields(args)...)...); code == 0 || !strings.Contains(stderr, says) {
			t.Errorf("%s: exit %d: %s, want %q", args, code, stderr, says)
		}
	}
}
