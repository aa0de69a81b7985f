package nn_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/nn/activation"
	"github.com/gonn-toolkit/gonn/nn/internal/golden"
	"github.com/gonn-toolkit/gonn/nn/layer"
	"github.com/gonn-toolkit/gonn/nn/loss"
	"github.com/gonn-toolkit/gonn/nn/op"
	"github.com/gonn-toolkit/gonn/train/data"
)

// Whole networks with branches, batch normalisation and depthwise convolutions, as
// testdata/ref/networks.py describes them and PyTorch and Keras computed them.

// Tolerances, on the scale of a tensor or by norm.
const (
	networkLogits = 1e-5
	networkGrad   = 1e-5
	networkAdam1  = 5e-5
	networkAdam10 = 2e-4
)

// networkGolden is a network and what a framework made of it.
type networkGolden struct {
	networkCase
	Input  nn.Shape
	Layers []goldenLayer
}

type goldenLayer struct {
	Name, Kind, Act                  string
	In                               []string
	Out, Kernel, Stride, Pad, Groups int
	Bias                             *bool // nil for a dense layer that has one
}

func (l goldenLayer) layer(s nn.Semantics) nn.Layer {
	square := func(v int) [2]int { return [2]int{v, v} }
	switch l.Kind {
	case "conv":
		return layer.Conv{
			Out: l.Out, Kernel: square(l.Kernel), Stride: square(l.Stride), Groups: l.Groups,
			Pads: [4]int{l.Pad, l.Pad, l.Pad, l.Pad}, NoBias: !*l.Bias,
		}
	case "bn":
		return layer.NewBatchNorm(s)
	case "act":
		return op.WithSemantics(activation.Must(l.Act), s)
	case "add":
		return layer.Add{}
	case "gap":
		return layer.GlobalAveragePool{}
	case "flatten":
		return layer.Flatten{}
	case "dense":
		return layer.Dense{Out: l.Out, NoBias: l.Bias != nil && !*l.Bias}
	}
	panic("a layer of kind " + l.Kind)
}

func openNetworkGolden(t *testing.T, path string) *networkGolden {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	g := &networkGolden{}
	if err := json.Unmarshal(text, g); err != nil {
		t.Fatalf("%s: %v", path, err)
	}
	g.arrays, g.worst = golden.ReadNPZ(t, strings.TrimSuffix(path, ".json")+".npz"), map[string]far{}
	tol := &g.Tolerances
	tol.Logits.Rtol, tol.GradNorm, tol.Adam1, tol.Adam10 = networkLogits, networkGrad, networkAdam1, networkAdam10
	semantics, err := op.ParseSemantics(g.Framework)
	if err != nil {
		t.Fatalf("%s: %v", path, err)
	}
	b := nn.NewBuilder(g.Input)
	for _, l := range g.Layers {
		b.Add(l.Name, l.layer(semantics), l.In...)
	}
	if g.net, err = b.Build(); err != nil {
		t.Fatalf("%s: %v", path, err)
	}
	start := golden.ReadNPZ(t, filepath.Join(filepath.Dir(path), "start.npz"))
	g.readNetworkBatches(t, start)
	g.begin(t, start)
	return g
}

// begin sets the parameters to their start values.
func (g *networkGolden) begin(t *testing.T, start map[string]*data.Array) {
	t.Helper()
	for _, p := range g.net.Params() {
		copyArray(t, p.Data, start, "param/"+p.FullName())
	}
}

// readNetworkBatches takes the batches as samples of one set, one after the other.
func (g *networkGolden) readNetworkBatches(t *testing.T, start map[string]*data.Array) {
	t.Helper()
	labels, err := start["labels"].Ints()
	if err != nil {
		t.Fatal(err)
	}
	pixels, err := start["x"].Ints() // bytes p that stand for (p − 128)/32
	if err != nil {
		t.Fatal(err)
	}
	n := len(labels)
	all := make([]int, n)
	for i, l := range labels {
		all[i] = int(l)
	}
	x := nn.NewTensor(append([]int{n}, g.Input...)...)
	for i, p := range pixels {
		x.Data[i] = float32(p-128) / 32
	}
	g.data, err = nn.NewTensorSamples(x, all, g.net.OutputShape().Size())
	if err != nil {
		t.Fatal(err)
	}
	for i, size := 0, start["x"].Shape[1]; i < n; i += size {
		var batch []int
		for k := range size {
			batch = append(batch, i+k)
		}
		g.batch = append(g.batch, batch)
	}
}

func TestNetworksEqualPyTorchAndKeras(t *testing.T) {
	paths, err := filepath.Glob(filepath.Join(goldenDir, "networks", "*", "*.json"))
	if err != nil {
		t.Fatal(err)
	}
	if len(paths) != 8 {
		t.Fatalf("goldens %q, want four networks in two frameworks", paths)
	}
	for _, path := range paths {
		name := filepath.Base(filepath.Dir(path)) + "/" + strings.TrimSuffix(filepath.Base(path), ".json")
		t.Run(name, func(t *testing.T) {
			g := openNetworkGolden(t, path)
			g.checkAnswer(t, "inference")
			g.checkStep(t)
			g.begin(t, golden.ReadNPZ(t, filepath.Join(filepath.Dir(path), "start.npz")))
			g.checkAdam(t)
			g.checkAnswer(t, "adam/inference")
			t.Logf("logits %.1e on their scale, gradients %.1e (%s), one Adam step %.1e (%s), ten %.1e (%s)", g.logits,
				g.worst["grad"].by, g.worst["grad"].key, g.worst["adam1"].by, g.worst["adam1"].key, g.worst["adam10"].by, g.worst["adam10"].key)
		})
	}
}

// checkAnswer holds what the network answers to batch 0.
func (g *networkGolden) checkAnswer(t *testing.T, key string) {
	t.Helper()
	samples := g.data.(*nn.TensorSamples)
	first := &nn.Tensor{Shape: append([]int{len(g.batch[0])}, g.Input...), Data: samples.X.Data[:len(g.batch[0])*g.Input.Size()]}
	got, want := forward(t, g.net, first), g.array(t, key)
	scale, off := furthest(got.Data, want)
	g.logits = max(g.logits, off/scale)
	tolerance := networkLogits
	if key != "inference" {
		tolerance = networkAdam10
	}
	if len(got.Data) != len(want) || !(off <= tolerance*scale) {
		t.Errorf("%s differs by %.1e on a scale of %.2g", key, off, scale)
	}
}

// checkStep holds loss, gradients and running statistics of a step on batch 0.
func (g *networkGolden) checkStep(t *testing.T) {
	t.Helper()
	s := nn.NewStepper(g.net, loss.CrossEntropy{}, 0)
	st, err := s.Step(g.data, g.batch[0])
	if err != nil {
		t.Fatal(err)
	}
	g.checkLoss(t, "loss", st.Loss(), g.array(t, "loss")[0])
	for _, p := range g.net.Params() {
		if p.Role.Trained() {
			g.tensor(t, "grad", p.FullName(), s.Grads()[p], networkGrad)
		} else {
			g.tensor(t, "after", p.FullName(), p.Data, networkGrad)
		}
	}
}
