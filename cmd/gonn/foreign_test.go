package main

import (
	"encoding/json"
	"image"
	"image/color"
	"math"
	"strings"
	"testing"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/onnxio"
	"github.com/gonn-toolkit/gonn/onnxio/graph"
	"github.com/gonn-toolkit/gonn/train/report"
)

// sines is a classifier without a trainable form: class k has the logit Σ sin(x) over the
// pixels of channel k. Its pictures are (3, 4, 5), in the layout of the file.
func sines(layout string, batch graph.Dim, end string) *graph.Model {
	shape, space := []graph.Dim{batch, {Size: 3}, {Size: 4}, {Size: 5}}, []int64{2, 3}
	if layout == "nhwc" {
		shape, space = []graph.Dim{batch, {Size: 4}, {Size: 5}, {Size: 3}}, []int64{1, 2}
	}
	g := &graph.Graph{
		Name:   "sines",
		Inputs: []*graph.Value{{Name: "x", Type: graph.Float, HasShape: true, Shape: shape}},
		Nodes: []*graph.Node{
			{Name: "sine", OpType: "Sin", Inputs: []string{"x"}, Outputs: []string{"s"}},
			{Name: "sum", OpType: "ReduceL1", Inputs: []string{"s"}, Outputs: []string{"z"},
				Attrs: []*graph.Attr{{Name: "axes", Value: space}, {Name: "keepdims", Value: int64(0)}}},
		},
		Outputs: []*graph.Value{{Name: "z", Type: graph.Float, HasShape: true, Shape: []graph.Dim{batch, {Size: 3}}}},
	}
	if end != "" {
		g.Nodes = append(g.Nodes, &graph.Node{Name: "end", OpType: end, Inputs: []string{"z"}, Outputs: []string{"p"}})
		g.Outputs[0].Name = "p"
	}
	return &graph.Model{IRVersion: 8, Producer: "test", Opsets: []graph.Opset{{Version: 16}}, Graph: g}
}

// colours are pictures (N, 3, 4, 5) whose class is their strongest channel, but for the
// last, and the mean cross-entropy of sines on them.
func colours(n int) (x *nn.Tensor, labels []int64, loss float64) {
	x = nn.NewTensor(n, 3, 4, 5)
	for i := range n {
		label := int64(i % 3)
		var logits [3]float64
		for c := range 3 {
			for k := range 20 {
				v := float32(i*7%5+k%4) / 40
				if int64(c) == label && i < n-1 {
					v += 0.4
				}
				x.Sample(i)[c*20+k] = v
				logits[c] += math.Sin(float64(v))
			}
		}
		sum := 0.0
		for _, z := range logits {
			sum += math.Exp(z - logits[label])
		}
		labels, loss = append(labels, label), loss+math.Log(sum)/float64(n)
	}
	return x, labels, loss
}

// A file that has no trainable form is evaluated in float64, fed in its own layout and
// batch, with or without a softmax at its end.
func TestEvalOfAForeignFile(t *testing.T) {
	t.Chdir(t.TempDir())
	const n = 23
	x, labels, loss := colours(n)
	writeNPZ(t, "data.npz", array{"x_train", x.Shape, x.Data}, array{"y_train", []int{n}, labels},
		array{"x_test", x.Shape, x.Data}, array{"y_test", []int{n}, labels})
	open := graph.Dim{Param: "N"}
	for name, m := range map[string]*graph.Model{
		"nchw": sines("nchw", open, ""), "softmax": sines("nchw", open, "Softmax"), "logsoftmax": sines("nchw", open, "LogSoftmax"),
		"nhwc": sines("nhwc", open, "Softmax"), "fixed": sines("nchw", graph.Dim{Size: 7}, "Softmax"), "one": sines("nhwc", graph.Dim{Size: 1}, ""),
	} {
		t.Run(name, func(t *testing.T) {
			file := name + ".onnx"
			writeModel(t, file, m)
			out, stderr, code := gonn("eval", file, "--data", "data.npz", "--json")
			var r report.Eval
			if err := json.Unmarshal([]byte(out), &r); err != nil || code != 0 {
				t.Fatalf("exit %d, %s, %v", code, stderr, err)
			}
			// The last picture has three equal channels: the first class wins.
			right := float64(n-1) / n
			if r.Engine != "reference" || r.LossName != "cross-entropy" || math.Abs(r.Loss-loss) > 1e-5 || r.Accuracy != right {
				t.Errorf("%+v, want loss %v and accuracy %v", r, loss, right)
			}
			fed := ", fed NCHW"
			if name == "nhwc" || name == "one" {
				fed = ", fed NHWC"
			}
			want := "note: " + file + " has no trainable form (gonn inspect tells why): it runs on the reference evaluator, float64 and slow" + fed + "\n"
			if stderr != want {
				t.Errorf("stderr %q, want %q", stderr, want)
			}
			out = mustRun(t, "eval", file, "--data", "data.npz", "--confusion")
			if !strings.Contains(out, "("+"test set, 23 samples, on the reference evaluator, float64)") {
				t.Errorf("eval does not name the evaluator:\n%s", out)
			}
		})
	}

	// A layout that is wrong for the file is told, not guessed around.
	if _, stderr, code := gonn("eval", "nhwc.onnx", "--data", "data.npz", "--layout", "nchw"); code != 1 || !strings.Contains(stderr, `input "x"`) {
		t.Errorf("NHWC as NCHW: exit %d, %s", code, stderr)
	}

	// Beside a network it counts as any other model.
	writeModel(t, "a.onnx", sines("nchw", open, ""))
	out := mustRun(t, "compare", "a.onnx", "nhwc.onnx", "--data", "data.npz")
	if !strings.Contains(out, "same class for 23 of 23 samples") {
		t.Errorf("the same in two layouts:\n%s", out)
	}
}

// predict feeds pictures in the file's layout and gives probabilities, whatever the end.
func TestPredictWithAForeignFile(t *testing.T) {
	t.Chdir(t.TempDir())
	img := image.NewNRGBA(image.Rect(0, 0, 5, 4))
	for i := range 20 {
		img.Set(i%5, i/5, color.NRGBA{10, 60, 20, 255})
	}
	writePNG(t, "green.png", img)
	var want [3]float64
	sum := 0.0
	for c, v := range []float64{10, 60, 20} {
		want[c] = math.Exp(20 * math.Sin(v/255))
		sum += want[c]
	}
	for c := range want {
		want[c] /= sum
	}
	for _, layout := range []string{"nchw", "nhwc"} {
		for _, end := range []string{"", "Softmax", "LogSoftmax"} {
			writeModel(t, "m.onnx", sines(layout, graph.Dim{Param: "N"}, end))
			var got report.Predictions
			if err := json.Unmarshal([]byte(mustRun(t, "predict", "m.onnx", "green.png", "--json")), &got); err != nil {
				t.Fatal(err)
			}
			for c, p := range got[0].Probabilities {
				if math.Abs(float64(p)-want[c]) > 1e-6 || got[0].Class != 1 {
					t.Errorf("%s %s: %+v, want %v", layout, end, got[0], want)
				}
			}
		}
	}

	// Sides that may be channels, too: NCHW unless the user says otherwise.
	m := sines("nhwc", graph.Dim{Param: "N"}, "")
	m.Graph.Inputs[0].Shape[1].Size = 3
	writeModel(t, "square.onnx", m)
	if _, stderr, _ := gonn("predict", "square.onnx", "green.png"); !strings.Contains(stderr, ", fed NCHW") {
		t.Errorf("a height of 3: %s", stderr)
	}
	if _, stderr, code := gonn("predict", "square.onnx", "green.png", "--layout", "nhwc"); code != 0 || !strings.Contains(stderr, ", fed NHWC") {
		t.Errorf("a height of 3 with --layout nhwc: exit %d, %s", code, stderr)
	}
	m.Graph.Inputs[0].Shape[2] = graph.Dim{Param: "W"}
	writeModel(t, "open.onnx", m)
	if _, stderr, code := gonn("predict", "open.onnx", "green.png", "--layout", "nhwc"); code != 0 || !strings.Contains(stderr, ", fed NHWC") {
		t.Errorf("an open width: exit %d, %s", code, stderr)
	}
}

// inspect shows what can be said of a file that has no trainable form.
func TestInspectOfAForeignFile(t *testing.T) {
	t.Chdir(t.TempDir())
	m := sines("nhwc", graph.Dim{Param: "batch"}, "Softmax")
	m.Graph.Initializers = []*graph.Tensor{{Name: "w", Type: graph.Float, Dims: []int64{2, 3}, Raw: make([]byte, 24)}}
	m.Metadata = []graph.Meta{{Key: "author", Value: "me"}}
	writeModel(t, "m.onnx", m)
	out := mustRun(t, "inspect", "m.onnx")
	for _, s := range []string{
		"m.onnx (test, IR 8, opset ai.onnx 16)",
		"no trainable form: 2 of its 3 nodes cannot be read as layers; compare, eval and predict still run it, on the reference evaluator",
		"input   x  FLOAT  (batch, 4, 5, 3)", "output  p  FLOAT  (batch, 3)",
		"initializers: 1 tensors, 6 values, 24 bytes", "3 nodes: ReduceL1 1, Sin 1, Softmax 1",
		"Sin       sine  no layer for this operator", "ReduceL1  sum   ", "author  me",
	} {
		if !strings.Contains(out, s) {
			t.Errorf("no %q in\n%s", s, out)
		}
	}
	var r report.Foreign
	if err := json.Unmarshal([]byte(mustRun(t, "inspect", "m.onnx", "--json")), &r); err != nil {
		t.Fatal(err)
	}
	if r.Trainable || len(r.InTheWay) != 2 || r.InTheWay[0].Node != "sine" || r.Inputs[0].Shape[0] != "batch" || r.Nodes != 3 {
		t.Errorf("%+v", r)
	}
	if _, err := onnxio.Load("m.onnx"); err == nil {
		t.Error("the file has a trainable form: the test shows nothing")
	}
}

// compare runs such a file on recorded data, by its names, in its layout, in pieces of its
// batch, with several outputs.
func TestCompareOfAForeignFile(t *testing.T) {
	t.Chdir(t.TempDir())
	m := sines("nhwc", graph.Dim{Size: 4}, "")
	m.Graph.Outputs = append(m.Graph.Outputs, &graph.Value{Name: "s", Type: graph.Float})
	writeModel(t, "m.onnx", m)
	x, _, _ := colours(10)
	inFile, err := onnxio.AxisOrder{0, 2, 3, 1}.ToFile(x)
	if err != nil {
		t.Fatal(err)
	}
	s, z := nn.NewTensor(10, 4, 5, 3), nn.NewTensor(10, 3)
	for i, v := range inFile.Data {
		s.Data[i] = float32(math.Sin(float64(v)))
	}
	for i, v := range s.Data {
		z.Data[i/60*3+i%3] += v
	}
	writeNPZ(t, "in.npz", array{"x", inFile.Shape, inFile.Data})
	writeNPZ(t, "out.npz", array{"s", s.Shape, s.Data}, array{"z", z.Shape, z.Data})
	out, stderr, code := gonn("compare", "m.onnx", "--inputs", "in.npz", "--expected", "out.npz")
	if code != 0 || strings.Count(out, "PASS") != 2 || !strings.Contains(out, "m.onnx, on the reference evaluator, float64\n") {
		t.Errorf("exit %d, %s\n%s", code, stderr, out)
	}
	s.Data[7]++
	writeNPZ(t, "wrong.npz", array{"s", s.Shape, s.Data}, array{"z", z.Shape, z.Data})
	if out, _, code := gonn("compare", "m.onnx", "--inputs", "in.npz", "--expected", "wrong.npz"); code != 1 || !strings.Contains(out, "FAIL (1 elements)") {
		t.Errorf("a wrong value: exit %d\n%s", code, out)
	}
	writeNPZ(t, "short.npz", array{"z", z.Shape, z.Data})
	if _, stderr, code := gonn("compare", "m.onnx", "--inputs", "in.npz", "--expected", "short.npz"); code != 2 || !strings.Contains(stderr, `output is called "s", the recorded data has z`) {
		t.Errorf("an output that was not recorded: exit %d, %s", code, stderr)
	}
	if _, stderr, code := gonn("compare", "m.onnx", "--inputs", "in.npz", "--expected", "out.npz", "--layout", "nchw"); code != 2 || !strings.Contains(stderr, "recorded data is as the file takes it") {
		t.Errorf("a layout for recorded data: exit %d, %s", code, stderr)
	}
}
