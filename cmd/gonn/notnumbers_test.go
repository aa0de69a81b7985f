package main

import (
	"encoding/json"
	"image"
	"math"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/nn/activation"
	"github.com/gonn-toolkit/gonn/nn/layer"
	"github.com/gonn-toolkit/gonn/onnxio"
	"github.com/gonn-toolkit/gonn/onnxio/graph"
	"github.com/gonn-toolkit/gonn/train/report"
)

// withBadSlope writes a network on (1, 4, 4) of which slope 1 of four is v, and pictures.npz, of
// which every second is negative where that slope counts.
func withBadSlope(t *testing.T, v float32) {
	t.Helper()
	net, err := nn.NewBuilder(nn.Shape{1, 4, 4}).Add("flatten", layer.Flatten{}, nn.InputName).Add("dense1", layer.Dense{Out: 4}, "flatten").
		Add("act1", activation.Must("prelu:element"), "dense1").Add("dense2", layer.Dense{Out: 2}, "act1").Build()
	if err != nil {
		t.Fatal(err)
	}
	net.Init(nn.KerasInit, 1)
	for _, name := range []string{"dense1.weight", "dense1.bias"} {
		clear(net.Param(name).Data)
	}
	net.Param("dense1.weight").Data[16] = 1 // unit 1 is the first pixel, normalised
	copy(net.Param("dense1.bias").Data, []float32{1, -0.5, 1, 1})
	net.Param("act1.alpha").Data[1] = v
	g, err := onnxio.Export(net, onnxio.EncodeOptions{})
	if err != nil {
		t.Fatal(err)
	}
	writeModel(t, "bad.onnx", g)
	writePictures(t)
}

// writePictures writes ten pictures (1, 4, 4), every second dark, as data and as PNG.
func writePictures(t *testing.T) {
	t.Helper()
	const n = 10
	x, labels := nn.NewTensor(n, 1, 4, 4), make([]int64, n)
	for i := range n {
		labels[i] = int64(i / 2 % 2)
		x.Sample(i)[0] = float32(i % 2)
	}
	writeNPZ(t, "pictures.npz", array{"x_train", x.Shape, x.Data}, array{"y_train", []int{n}, labels},
		array{"x_test", x.Shape, x.Data}, array{"y_test", []int{n}, labels})
	for name, grey := range map[string]uint8{"dark.png": 0, "light.png": 255} {
		img := image.NewGray(image.Rect(0, 0, 4, 4))
		for i := range img.Pix {
			img.Pix[i] = grey
		}
		writePNG(t, name, img)
	}
}

// What is not a number is an answer that says so, in each command that shows numbers.
func TestCommandsOnWhatIsNotANumber(t *testing.T) {
	t.Chdir(t.TempDir())
	place := "act1 (prelu) is the first layer whose output is not finite: it has "
	for _, v := range []float64{math.NaN(), math.Inf(1), math.Inf(-1)} {
		withBadSlope(t, float32(v))
		for _, c := range []struct {
			args   []string
			code   int
			stderr []string
			stdout []string // without --json
		}{
			{[]string{"inspect", "bad.onnx"}, 0, nil, []string{"act1.alpha: 1 of 4 numbers are not finite, the first at 1: "}},
			{[]string{"eval", "bad.onnx", "--data", "pictures.npz"}, 1,
				[]string{"bad.onnx: the answer to 5 of 10 samples is not a number, first to sample 0: " + place, "1 of the 4 numbers of act1.alpha is not finite"},
				[]string{"5 samples have no answer"}},
			{[]string{"predict", "bad.onnx", "light.png"}, 0, nil, []string{"light.png: "}},
			{[]string{"predict", "bad.onnx", "light.png", "dark.png", "dark.png"}, 1,
				[]string{"dark.png: the answer of bad.onnx is not a number, nor for one more picture: " + place}, nil},
			{[]string{"compare", "bad.onnx"}, 1, nil, []string{"act1"}},
			{[]string{"compare", "bad.onnx", "bad.onnx", "--data", "pictures.npz"}, 0, nil,
				[]string{"bad.onnx has no answer to 5 samples", "same class for 5 of 10 samples"}},
		} {
			if math.IsInf(v, 0) && c.args[0] == "compare" && len(c.args) == 2 {
				c.code = -1 // the infinity may meet itself, or nothing but NaN
			}
			out, stderr, code := gonn(c.args...)
			if c.code >= 0 && code != c.code || strings.Contains(out, "NaN %") {
				t.Errorf("%v, %v: exit %d, %s\n%s", c.args, v, code, stderr, out)
			}
			for _, want := range c.stdout {
				if !strings.Contains(out, want) {
					t.Errorf("%v, %v does not print %q:\n%s", c.args, v, want, out)
				}
			}
			for _, want := range c.stderr {
				if !strings.Contains(stderr, want) {
					t.Errorf("%v, %v: %s\ndoes not say %q", c.args, v, stderr, want)
				}
			}
			out, stderr, code = gonn(append(c.args, "--json")...)
			if failed := c.args[0] == "predict" && c.code != 0; c.code >= 0 && code != c.code || failed != (out == "") || !failed && !json.Valid([]byte(out)) {
				t.Errorf("%v --json, %v: exit %d, %s\n%s", c.args, v, code, stderr, out)
			}
		}
	}
}

// Names of a file do not steer the terminal that an error or a comparison is shown on.
func TestNamesOfAFileArePrintable(t *testing.T) {
	t.Chdir(t.TempDir())
	withBadSlope(t, 0.5)
	m, err := graph.ReadFile("bad.onnx")
	if err != nil {
		t.Fatal(err)
	}
	g, name := m.Graph, func(s *string) { *s = "a\x1b[2J" + *s }
	for _, n := range g.Nodes {
		name(&n.Name)
		for i := range n.Inputs {
			name(&n.Inputs[i])
		}
		for i := range n.Outputs {
			name(&n.Outputs[i])
		}
	}
	for i, x := range g.Initializers {
		if strings.HasPrefix(x.Name, "dense2.") { // the outputs overflow
			v, err := x.Float32s()
			if err != nil {
				t.Fatal(err)
			}
			for k := range v {
				v[k] = -3e38
			}
			x = graph.Float32Tensor(x.Name, x.Dims, v)
		}
		name(&x.Name)
		g.Initializers[i] = x
	}
	for _, v := range slices.Concat(g.Inputs, g.Outputs) {
		name(&v.Name)
	}
	writeModel(t, "named.onnx", m)
	for _, args := range []string{"eval named.onnx --data pictures.npz", "predict named.onnx dark.png", "compare named.onnx bad.onnx --same"} {
		out, stderr, code := gonn(strings.Fields(args)...)
		if said := out + stderr; code != 1 || strings.Contains(said, "\x1b") || !strings.Contains(said, `a\x1b[2Jdense2`) {
			t.Errorf("%s: exit %d, %q", args, code, said)
		}
	}
}

// Samples without an answer are taken for no class.
func TestEvalCountsWhatHasNoAnswer(t *testing.T) {
	t.Chdir(t.TempDir())
	withBadSlope(t, float32(math.NaN()))
	out, _, _ := gonn("eval", "bad.onnx", "--data", "pictures.npz", "--json")
	var r struct {
		Loss       string
		Unanswered int
		Samples    int
		Confusion  [][]int
		Classes    []report.ClassScore
	}
	if err := json.Unmarshal([]byte(out), &r); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	taken := 0
	for _, row := range r.Confusion {
		for _, n := range row {
			taken += n
		}
	}
	if r.Loss != "NaN" || r.Unanswered != 5 || taken != 5 || r.Classes[0].Support+r.Classes[1].Support != r.Samples {
		t.Errorf("%+v", r)
	}
}

// Of a file without a trainable form the node is named.
func TestForeignFilesThatGiveNoNumber(t *testing.T) {
	t.Chdir(t.TempDir())
	m := sines("nchw", graph.Dim{Param: "N"}, "")
	m.Graph.Nodes = append(m.Graph.Nodes, &graph.Node{Name: "root", OpType: "Sqrt", Inputs: []string{"below"}, Outputs: []string{"p"}},
		&graph.Node{Name: "shift", OpType: "Neg", Inputs: []string{"z"}, Outputs: []string{"below"}})
	n := m.Graph.Nodes
	n[2], n[3] = n[3], n[2]
	m.Graph.Outputs[0].Name = "p"
	writeModel(t, "root.onnx", m)
	img := image.NewGray(image.Rect(0, 0, 5, 4))
	for i := range img.Pix {
		img.Pix[i] = 200
	}
	writePNG(t, "grey.png", img)
	x, labels, _ := colours(6)
	writeNPZ(t, "data.npz", array{"x_train", x.Shape, x.Data}, array{"y_train", []int{6}, labels},
		array{"x_test", x.Shape, x.Data}, array{"y_test", []int{6}, labels})
	for _, args := range [][]string{{"predict", "root.onnx", "grey.png"}, {"eval", "root.onnx", "--data", "data.npz"}} {
		out, stderr, code := gonn(append(args, "--json")...)
		if code != 1 || !strings.Contains(stderr, `node "root" (Sqrt) is the first whose output is not finite: "p" has NaN`) {
			t.Errorf("%v: exit %d, %s\n%s", args, code, stderr, out)
		}
		if args[0] == "eval" && !json.Valid([]byte(out)) {
			t.Errorf("%v: %s", args, out)
		}
	}
}

// A training whose test set overflows in the network is finished and saved, and its result is an
// error.
func TestTrainWithATestSetThatOverflows(t *testing.T) {
	t.Chdir(t.TempDir())
	x, labels := nn.NewTensor(32, 1, 4, 4), make([]int64, 32)
	for i := range labels {
		labels[i] = int64(i % 2)
		x.Sample(i)[i%2] = 1
	}
	bad := nn.NewTensor(2, 1, 4, 4)
	for i := range bad.Data {
		bad.Data[i] = 3e38
	}
	writeNPZ(t, "data.npz", array{"x_train", x.Shape, x.Data}, array{"y_train", []int{32}, labels},
		array{"x_test", bad.Shape, bad.Data}, array{"y_test", []int{2}, []int64{0, 1}})
	_, stderr, code := gonn("train", "--data", "data.npz", "--net", "mlp", "--epochs", "1", "--run", "r")
	if code != 1 || !strings.Contains(stderr, "r is trained and saved, but its loss on the test set is ") {
		t.Errorf("exit %d, %s", code, stderr)
	}
	if _, err := os.Stat("r/model.onnx"); err != nil {
		t.Error(err)
	}
}
