package main

import (
	"encoding/json"
	"math"
	"strings"
	"testing"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/nn/activation"
	"github.com/gonn-toolkit/gonn/nn/layer"
	"github.com/gonn-toolkit/gonn/train/data"
	"github.com/gonn-toolkit/gonn/train/report"
)

// A softmax or sigmoid that stands before other layers is there only once, in predict, eval,
// train and export.
func TestCommandsFindTheSoftmaxBehindOtherLayers(t *testing.T) {
	picture := testdata(t, "digits", "7.png")
	t.Chdir(t.TempDir())
	loaded, err := data.LoadImages(nn.Shape{1, 28, 28}, picture)
	if err != nil {
		t.Fatal(err)
	}
	for name, end := range map[string][]nn.Layer{
		"softmax": {layer.Softmax{}, layer.Flatten{}},
		"clipped": {layer.Flatten{}, layer.Softmax{}, activation.Must("relu6:1")},
		"sigmoid": {activation.Must("sigmoid"), layer.Flatten{}},
	} {
		net, err := nn.Sequential(nn.Shape{1, 28, 28}, append([]nn.Layer{layer.Conv{Out: 10, Kernel: [2]int{28, 28}}}, end...)...)
		if err != nil {
			t.Fatal(err)
		}
		net.Init(nn.PyTorchInit, 1)
		writeNetwork(t, name+".onnx", net)
		want, err := net.Predict(loaded, 1)
		if err != nil {
			t.Fatal(err)
		}
		var got report.Predictions
		if err := json.Unmarshal([]byte(mustRun(t, "predict", name+".onnx", picture, "--json")), &got); err != nil {
			t.Fatal(err)
		}
		for k, p := range got[0].Probabilities {
			if math.Abs(float64(p-want.Data[k])) > 1e-6 {
				t.Fatalf("%s: %v, the network gives %v", name, got[0].Probabilities, want.Data)
			}
		}
		loss := "cross-entropy"
		if name == "sigmoid" {
			loss = "bce"
		}
		if r := evaluated(t, name+".onnx", "--limit", "50"); r.LossName != loss || !(r.Loss > 0) {
			t.Errorf("%s: %+v", name, r)
		}
		mustRun(t, "import", name+".onnx", "--run", "imported-"+name)
		if _, stderr, code := gonn("export", "twice.onnx", "--run", "imported-"+name, "--softmax"); code != 2 || !strings.Contains(stderr, "gives probabilities already") {
			t.Errorf("%s: exit %d, %s", name, code, stderr)
		}
		mustRun(t, "train", "--net", name+".onnx", "--loss", loss, "--epochs", "1", "--limit", "64", "--run", "trained-"+name)
		if r := evaluated(t, "--run", "trained-"+name, "--limit", "50"); r.LossName != loss {
			t.Errorf("%s, trained: %+v", name, r)
		}
	}
}
