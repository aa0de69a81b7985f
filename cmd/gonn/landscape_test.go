package main

import (
	"encoding/json"
	"math"
	"strings"
	"testing"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/nn/activation"
	"github.com/gonn-toolkit/gonn/nn/layer"
	"github.com/gonn-toolkit/gonn/train/report"
)

// landscape measures several models on the same samples, the same for any number of workers, and
// its loss is that of eval.
func TestLandscape(t *testing.T) {
	t.Chdir(t.TempDir())
	writeNetwork(t, "b.onnx", flatNetwork(t))
	mustRun(t, small("--net", "b.onnx", "--data", "mnist", "--run", "runs/a")...)
	args := []string{"landscape", "--data", "mnist", "--limit", "64", "--directions", "2", "runs/a", "b.onnx"}
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
