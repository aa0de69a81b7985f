package main

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/nn/activation"
	"github.com/gonn-toolkit/gonn/nn/bench"
	"github.com/gonn-toolkit/gonn/nn/layer"
	"github.com/gonn-toolkit/gonn/onnxio"
	"github.com/gonn-toolkit/gonn/onnxio/graph"
	"github.com/gonn-toolkit/gonn/train/report"
)

// The JSON of gonn bench has the keys that scripts read.
func TestBenchJSON(t *testing.T) {
	out := mustRun(t, "bench", "--json", "--train", "--infer", "--act", "prelu", "--seconds", "0.01", "--batch", "16")
	var r struct {
		PeakGFLOPS map[string]float64 `json:"peak_gflops"`
		Train      []struct {
			Act         string
			Workers     int
			SamplesPerS float64 `json:"samples_per_s"`
			ShareOfPeak float64 `json:"share_of_peak"`
		}
		Infer []struct {
			Act         string
			Batch       int
			US          float64
			SamplesPerS float64 `json:"samples_per_s"`
		}
		Kernels []any
	}
	if err := json.Unmarshal([]byte(out), &r); err != nil {
		t.Fatal(err)
	}
	if !(r.PeakGFLOPS["1"] > 0 && r.PeakGFLOPS["all"] > 0) {
		t.Errorf("peaks %v", r.PeakGFLOPS)
	}
	if len(r.Train) == 0 || r.Train[0].Act != "prelu" || r.Train[0].Workers != 1 || !(r.Train[0].SamplesPerS > 0 && r.Train[0].ShareOfPeak > 0) {
		t.Errorf("train %+v", r.Train)
	}
	if len(r.Infer) != 1 || r.Infer[0].Batch != 16 || !(r.Infer[0].US > 0 && r.Infer[0].SamplesPerS > 0) {
		t.Errorf("infer %+v", r.Infer)
	}
	if r.Kernels == nil || len(r.Kernels) != 0 {
		t.Errorf("kernels %v, want an empty list", r.Kernels)
	}
}

func TestBenchTables(t *testing.T) {
	out := mustRun(t, "bench", "--train", "--act", "mish", "--workers", "2", "--seconds", "0.01", "--batch", "32")
	for _, want := range []string{" kernels\n", "peak GFLOP/s", "training, batches of 32\n", "\nmish "} {
		if !strings.Contains(out, want) {
			t.Errorf("no %q in\n%s", want, out)
		}
	}
	for _, not := range []string{"inference", "conv1"} {
		if strings.Contains(out, not) {
			t.Errorf("%q in spite of --train:\n%s", not, out)
		}
	}
}

func TestBenchOneKernel(t *testing.T) {
	out := mustRun(t, "bench", "--kernel", "dense", "--seconds", "0.01")
	for _, want := range []string{"study dense forward", "study dense dW", "study dense dX"} {
		if !strings.Contains(out, want) {
			t.Errorf("no %q in\n%s", want, out)
		}
	}
	for _, not := range []string{"study conv", "training", "inference"} {
		if strings.Contains(out, not) {
			t.Errorf("%q in spite of --kernel dense:\n%s", not, out)
		}
	}
}

// benched is the report of a measurement with as short slices as there are.
func benched(t *testing.T, args ...string) (r report.Bench, stderr string) {
	t.Helper()
	out, stderr, code := gonn(append([]string{"bench", "--json", "--seconds", "0.001"}, args...)...)
	if err := json.Unmarshal([]byte(out), &r); err != nil || code != 0 {
		t.Fatalf("exit %d, %s, %v", code, stderr, err)
	}
	return r, stderr
}

// A network by name is measured in training, inference and layer by layer, on random pictures.
func TestBenchOfANetworkByName(t *testing.T) {
	r, _ := benched(t, "--net", "mobilenet-small", "--act", "relu", "--act", "hardswish", "--size", "3x8x8", "--classes", "4", "--batch", "3,17", "--workers", "2")
	if len(r.Networks) != 2 || r.Networks[1].Act != "hardswish" || !r.Networks[0].Input.Equal(nn.Shape{3, 8, 8}) ||
		!r.Networks[0].Output.Equal(nn.Shape{4}) || r.Networks[0].Data != "random pictures" || r.Networks[0].Loss != "cross-entropy" {
		t.Errorf("networks %+v", r.Networks)
	}
	if len(r.Train) != 2 || r.Train[0].Batch != 128 || r.Train[1].Act != "hardswish" {
		t.Errorf("training %+v", r.Train)
	}
	if len(r.Infer) != 4 || r.Infer[0].Batch != 3 || r.Infer[3].Batch != 17 {
		t.Errorf("inference %+v", r.Infer)
	}
	if len(r.Layers) != 4 || r.Layers[0].Pass != bench.Training || r.Layers[0].Batch != 128 || r.Layers[3].Pass != bench.Inference || r.Layers[3].Batch != 17 {
		t.Fatalf("layers %+v", r.Layers)
	}
	macs := 0
	for _, row := range r.Layers[0].Rows {
		macs += row.MACs
	}
	if macs != r.Networks[0].MACs || macs == 0 {
		t.Errorf("%d multiply–accumulates in layers, %d in the network", macs, r.Networks[0].MACs)
	}
	if len(r.Kernels) != 0 {
		t.Error("kernels are measured too")
	}
}

// A file is measured as it is, by the loss that it tells or that its output calls for.
func TestBenchOfFiles(t *testing.T) {
	t.Chdir(t.TempDir())
	file := func(name string, layers ...nn.Layer) {
		net, err := nn.Sequential(nn.Shape{2, 6, 6}, layers...)
		if err != nil {
			t.Fatal(err)
		}
		net.Init(nn.KerasInit, 1)
		m, err := onnxio.Export(net, onnxio.EncodeOptions{})
		if err != nil {
			t.Fatal(err)
		}
		writeModel(t, name, m)
	}
	dense, conv := layer.Dense{Out: 1}, layer.Conv{Out: 1, Kernel: [2]int{3, 3}}
	file("classes.onnx", layer.Flatten{}, layer.Dense{Out: 5}, layer.Softmax{})
	file("sigmoid.onnx", layer.Flatten{}, dense, activation.Must("sigmoid"))
	file("number.onnx", layer.Flatten{}, dense)
	file("map.onnx", conv, activation.Must("relu"))
	file("fixed.onnx", layer.Flatten{}, activation.Must("relu"))
	for name, loss := range map[string]string{
		"classes.onnx": "cross-entropy", "sigmoid.onnx": "bce", "number.onnx": "mse", "map.onnx": "mse", "fixed.onnx": "",
	} {
		r, stderr := benched(t, name, "--batch", "5")
		n := r.Networks[0]
		if n.Name != name || n.Loss != loss || n.Engine != "gonn" || !n.Input.Equal(nn.Shape{2, 6, 6}) {
			t.Errorf("%s: %+v", name, n)
		}
		if len(r.Infer) != 1 || r.Infer[0].Batch != 5 || r.Infer[0].Act != "" {
			t.Errorf("%s: inference %+v", name, r.Infer)
		}
		if trains := loss != ""; (len(r.Train) > 0) != trains || len(r.Layers) == 2 != trains || strings.Contains(stderr, "no parameters to train") == trains {
			t.Errorf("%s: training %+v, %d tables of layers, %s", name, r.Train, len(r.Layers), stderr)
		}
	}
	if r, _ := benched(t, "fixed.onnx", "--layers", "--batch", "1"); len(r.Layers) != 1 || r.Layers[0].Pass != bench.Inference {
		t.Errorf("layers of a network without parameters: %+v", r.Layers)
	}
	mustRun(t, "import", "classes.onnx", "--run", "run")
	for _, args := range [][]string{{"run"}, {"--run", "run"}} {
		if r, _ := benched(t, append(args, "--infer", "--batch", "2")...); r.Networks[0].Name != "run" || len(r.Infer) != 1 || len(r.Train)+len(r.Layers) != 0 {
			t.Errorf("%s: %+v", args, r)
		}
	}
}

// A file that has no trainable form is measured in inference, and nobody is left to think that
// gonn's kernels are that slow.
func TestBenchOfAForeignFile(t *testing.T) {
	t.Chdir(t.TempDir())
	writeModel(t, "sines.onnx", sines("nhwc", graph.Dim{Param: "N"}, ""))
	r, stderr := benched(t, "sines.onnx", "--batch", "1,20")
	if len(r.Infer) != 2 || !(r.Infer[1].US > 0) || r.Infer[1].ShareOfPeak != 0 || len(r.Train)+len(r.Layers) != 0 {
		t.Errorf("%+v", r)
	}
	if n := r.Networks[0]; n.Engine != "reference" || !n.Input.Equal(nn.Shape{3, 4, 5}) {
		t.Errorf("%+v", n)
	}
	for _, want := range []string{"sines.onnx has no trainable form", "float64 and slow, fed NHWC", "sines.onnx cannot be trained, and its layers are not timed"} {
		if !strings.Contains(stderr, want) {
			t.Errorf("no %q in %s", want, stderr)
		}
	}
	for _, flag := range []string{"--train", "--layers"} {
		if _, stderr, code := gonn("bench", "sines.onnx", flag); code != exitFailed || !strings.Contains(stderr, `no layer for this operator`) {
			t.Errorf("%s: exit %d, %s", flag, code, stderr)
		}
	}
	out := mustRun(t, "bench", "sines.onnx", "--seconds", "0.001", "--batch", "1")
	for _, want := range []string{"sines.onnx, on the reference evaluator, float64: input (3, 4, 5), on random\n  pictures\n", "\nits own "} {
		if !strings.Contains(out, want) {
			t.Errorf("no %q in\n%s", want, out)
		}
	}
}

// A file that leaves its size open is measured at the one of --size.
func TestBenchOfAFileOfOpenSize(t *testing.T) {
	t.Chdir(t.TempDir())
	writeModel(t, "open.onnx", openPictures(t))
	r, _ := benched(t, "open.onnx", "--size", "12x9", "--batch", "1")
	if !r.Networks[0].Input.Equal(nn.Shape{1, 12, 9}) || len(r.Train) == 0 {
		t.Errorf("%+v", r.Networks)
	}
	if _, stderr, code := gonn("bench", "open.onnx"); code != exitUsage || !strings.Contains(stderr, "give --size HxW") {
		t.Errorf("without a size: exit %d, %s", code, stderr)
	}
}

func TestWrongBenchCommands(t *testing.T) {
	for args, says := range map[string]string{
		"bench a b":                     `bench takes one MODEL.onnx, got 2: ["a" "b"]`,
		"bench a --run b":               "both MODEL.onnx (a) and --run b are given: choose one",
		"bench a --net mlp":             "both a and --net mlp are given: choose one",
		"bench a --act relu":            "--act is for networks by name: a brings its own",
		"bench --run a --classes 2":     "--classes is for networks by name: a brings its own",
		"bench --net stduy":             "--net stduy: no network of that name; choose one of study, mlp, lenet5, vgg8, resnet20, mobilenet-small; did you mean study?",
		"bench --net a.onnx":            "--net a.onnx: need a network by name; a file is measured by gonn bench a.onnx",
		"bench --net mlp --act rleu":    "did you mean relu?",
		"bench --size 28":               "--size 28: a network by name needs CHANNELSxHEIGHTxWIDTH, as in 3x32x32",
		"bench --size 1x6x6":            `layer "conv1" (Conv): got input (1, 6, 6)`,
		"bench --classes 1":             "--classes 1: need at least 2",
		"bench --layout nhwc":           "--layout is for files that have no trainable form",
		"bench --batch 1,x":             `--batch 1,x: "x" is not a number of samples`,
		"bench --batch 1,1":             "--batch 1,1: 1 is there twice",
		"bench --batch 1,-2":            "--batch 1,-2: need at least 1",
		"bench a.onnx --kernels":        "kernels are measured by themselves: leave a.onnx out",
		"bench --net mlp --kernel conv": "kernels are measured by themselves: leave --net out",
		"bench --act reul":              "choose one of linear, relu, leaky",
		"bench --seconds 0":             "--seconds 0: need a number above 0",
		"bench --seconds Inf":           "--seconds +Inf: need a number above 0",
		"bench --seconds fast":          "--seconds fast: not a value it takes",
		"bench --workers -1":            "--workers -1: need 1 or more",
		"bench --kernel lstm":           "--kernel lstm: none has this in its name; there are study conv1 forward, ",
		"bench --batch 0":               "--batch 0: need at least 1",
		"bench --workers 1 --lr":        "unknown flag --lr: gonn bench --help lists them",
		"bench --act mish --acts":       "unknown flag --acts",
	} {
		out, stderr, code := gonn(strings.Fields(args)...)
		if code != exitUsage || !strings.Contains(stderr, says) || strings.Count(stderr, "\n") != 1 || out != "" {
			t.Errorf("%s: exit %d, stdout %q, stderr %q", args, code, out, stderr)
		}
	}
}

// The help tells the rules that nobody can guess.
func TestBenchHelp(t *testing.T) {
	help := strings.Join(strings.Fields(mustRun(t, "bench", "--help")), " ")
	for _, want := range []string{
		"gonn bench [command options] [MODEL.onnx]",
		"Without MODEL.onnx, --run and --net the network is the study's.",
		"inference in batches of each of N,N,…, and training in those of N if there is one alone (default: inference 1,16,128, training 128)",
		"layers that are computed in one pass have one time together",
		"is fitted to random numbers by mse",
		"measured in inference only, on the reference evaluator",
		"gonn bench --net resnet20 --act relu --size 3x32x32",
		"study, mlp, lenet5, vgg8, resnet20, mobilenet-small",
	} {
		if !strings.Contains(help, want) {
			t.Errorf("no %q in\n%s", want, help)
		}
	}
}
