package onnxio

import (
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/nn/layer"
	"github.com/gonn-toolkit/gonn/nn/loss"
	"github.com/gonn-toolkit/gonn/onnxio/graph"
)

const golden = "../testdata/golden"

// goldenCase is a folder of PyTorch's files of the study's network; the activation
// is what they hold, and slopes their key in start.npz.
type goldenCase struct {
	folder, activation, slopes string
	files                      []string
	expected                   string // folder of the recorded results, if another
}

var goldenCases = func() []goldenCase {
	both := []string{"dynamo", "torchscript"}
	return []goldenCase{
		{"leaky-m1", "leaky:-1", "", both, ""},
		{"leaky-m0.5", "leaky:-0.5", "", both, ""},
		{"leaky-0", "leaky:0", "", both, ""},
		{"leaky-0.5", "leaky:0.5", "", both, ""},
		{"leaky-1", "leaky:1", "", both, ""},
		{"prelu-one", "prelu:one", "alpha.one", both, ""},
		{"prelu-channel", "prelu:channel", "alpha.channel", both, ""},
		{"prelu-element", "prelu:element", "alpha.element", both, ""},
		{"prelu-element-relu", "prelu:element", "alpha.element", both, ""},
		{"prelu-untrained", "prelu:one", "", both, ""}, // 0.25 in both layers
		{"swish", "swish", "", both, ""},
		{"swish-beta", "swish-beta:one", "beta.one", both, ""},
		{"swish-beta-channel", "swish-beta:channel", "beta.channel", both, ""},
		{"mish", "mish", "", both, ""},
		{"mish-testdata", "mish", "", []string{"model"}, "mish"}, // TorchScript, the batch fixed
	}
}()

func (c goldenCase) path(file string) string {
	return filepath.Join(golden, "pytorch", c.folder, file+".onnx")
}

func TestAllOfPyTorchsFilesAreInTheTable(t *testing.T) {
	var want []string
	for _, c := range goldenCases {
		for _, f := range c.files {
			want = append(want, c.path(f))
		}
	}
	got, err := filepath.Glob(filepath.Join(golden, "pytorch", "*", "*.onnx"))
	if err != nil {
		t.Fatal(err)
	}
	slices.Sort(got)
	slices.Sort(want)
	if !slices.Equal(got, want) {
		t.Errorf("the folder has\n%s\nthe table\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

func TestPyTorchsFilesGivePyTorchsResults(t *testing.T) {
	start := readNPZ(t, filepath.Join(golden, "start.npz"))
	input := readNPZ(t, filepath.Join(golden, "pytorch/recorded/inputs.npz"))["input"]
	var worst float64
	var where string
	for _, c := range goldenCases {
		recorded := c.folder
		if c.expected != "" {
			recorded = c.expected
		}
		expected := readNPZ(t, filepath.Join(golden, "pytorch/recorded", recorded, "expected.npz"))["logits"]
		var results []*nn.Tensor
		for _, f := range c.files {
			im, err := Load(c.path(f))
			if err != nil {
				t.Error(err)
				continue
			}
			if im.Input != "input" || im.Output != "logits" || !strings.HasPrefix(im.Producer, "pytorch 2.") {
				t.Errorf("%s: input %q, output %q, producer %q", c.path(f), im.Input, im.Output, im.Producer)
			}
			checkStudy(t, c, f, im.Network, start)
			y, err := im.Network.Forward(input)
			if err != nil {
				t.Fatal(err)
			}
			d, allowed := distance(y.Data, expected.Data)
			if d > allowed {
				t.Errorf("%s: the logits are off by %.2g, at most %.2g is close", c.path(f), d, allowed)
			}
			if d >= worst {
				worst, where = d, c.path(f)
			}
			results = append(results, y)
		}
		for _, y := range results[min(1, len(results)):] {
			sameBits(t, c.folder+": logits of the exporters", y.Data, results[0].Data)
		}
	}
	t.Logf("largest distance of a logit: %.2g in %s", worst, where)
}

// checkStudy holds a network against the study's: layers, names, and start values
// to the bit. Biases that are all zero may be missing (the dynamo exporter drops
// them).
func checkStudy(t *testing.T, c goldenCase, file string, net *nn.Network, start map[string]*nn.Tensor) {
	t.Helper()
	noBias := file == "dynamo" && c.folder != "prelu-untrained"
	conv := func(k int) string {
		return settings(layer.Conv{Out: 8, Kernel: [2]int{k, k}, NoBias: noBias})
	}
	want := fmt.Sprintf("conv1=%s(8, 22, 22) act1=%s(8, 22, 22) conv2=%s(8, 18, 18) act2=%s(8, 18, 18) flatten=Flatten{}(2592) dense=%s(10)",
		conv(7), c.activation, conv(5), c.activation, settings(layer.Dense{Out: 10}))
	if got := describe(net); got != want {
		t.Fatalf("%s is read as\n%s\nwant\n%s", c.path(file), got, want)
	}
	for _, p := range net.Params() {
		var values []float32
		switch isSlope := p.Role == nn.Slope || p.Role == nn.Beta; {
		case isSlope && c.slopes != "":
			values = start[p.Layer+"."+c.slopes].Data
		case isSlope:
			values = []float32{0.25}
		case p.FullName() == "conv1.bias" && c.folder == "prelu-untrained":
			values = start["dense.bias"].Data[:8]
		case p.FullName() == "conv2.bias" && c.folder == "prelu-untrained":
			values = start["dense.bias"].Data[2:]
		default:
			values = start[p.FullName()].Data
		}
		sameBits(t, c.path(file)+": "+p.FullName(), p.Data, values)
	}
}

// Exporters write equal tensors once: zero biases, untrained slopes.
func TestPyTorchsSharedTensorsAreNoted(t *testing.T) {
	bias := `layers conv1 and conv2 shared the tensor "conv1.bias"; each has its own now`
	for _, c := range goldenCases {
		for _, f := range c.files {
			im, err := Load(c.path(f))
			if err != nil {
				t.Fatal(err)
			}
			var want []string
			switch {
			case c.folder == "mish-testdata":
				want = []string{"the file fixes the batch at 8; the network takes any", bias}
			case c.folder == "prelu-untrained" && f == "dynamo":
				want = []string{`layers act1 and act2 shared the tensor "val_2"; each has its own now`}
			case c.folder == "prelu-untrained":
				want = []string{`layers act1 and act2 shared the tensor "onnx::PRelu_19"; each has its own now`}
			case f != "dynamo":
				want = []string{bias}
			}
			if !slices.Equal(im.Notes, want) {
				t.Errorf("%s: notes %q, want %q", c.path(f), im.Notes, want)
			}
		}
	}
}

// What was read is written and read again as the same network.
func TestPyTorchsNetworksAreWritten(t *testing.T) {
	for _, c := range goldenCases {
		im, err := Load(c.path(c.files[0]))
		if err != nil {
			t.Fatal(err)
		}
		m, err := graph.Read(encode(t, im.Network, EncodeOptions{}))
		if err != nil {
			t.Fatal(err)
		}
		sameNetwork(t, imports(t, m).Network, im.Network)
	}
}

// A gradient of every parameter, and of untied slopes each its own.
func TestPyTorchsNetworksAreTrainable(t *testing.T) {
	input := readNPZ(t, filepath.Join(golden, "pytorch/recorded/inputs.npz"))["input"]
	labels := []int{0, 1, 2, 3, 4, 5, 6, 7}
	data, err := nn.NewTensorSamples(input, labels, 10)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range goldenCases {
		im, err := Load(c.path(c.files[0]))
		if err != nil {
			t.Fatal(err)
		}
		step := nn.NewStepper(im.Network, loss.CrossEntropy{}, 1)
		if _, err := step.Step(data, labels); err != nil {
			t.Fatal(err)
		}
		grads := map[string][]float32{}
		for p, g := range step.Grads() {
			name := p.FullName()
			if grads[name] = g; !slices.ContainsFunc(g, func(v float32) bool { return v != 0 }) {
				t.Errorf("%s: the gradient of %s is zero", c.folder, name)
			}
		}
		if g1, g2 := grads["act1.alpha"], grads["act2.alpha"]; c.folder == "prelu-untrained" && g1[0] == g2[0] {
			t.Errorf("%s: both slopes have the gradient %v", c.folder, g1[0])
		}
	}
}
