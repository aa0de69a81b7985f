package gorgonia

import (
	"math/rand/v2"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/nn/activation"
	"github.com/gonn-toolkit/gonn/nn/layer"
	"github.com/gonn-toolkit/gonn/nn/preset"
	"github.com/gonn-toolkit/gonn/onnxio"
	"github.com/gonn-toolkit/gonn/onnxio/engine"
	"github.com/gonn-toolkit/gonn/onnxio/graph"
	"github.com/gonn-toolkit/gonn/onnxio/parity"
	"github.com/gonn-toolkit/gonn/train/data"
)

// studied are the activations of the study.
var studied = []string{
	"leaky:-1", "leaky:-0.5", "leaky:0", "leaky:0.5", "leaky:1", "prelu:one", "prelu:channel", "prelu:element",
	"swish", "swish-beta:one", "swish-beta:channel", "mish",
}

// others are activations beyond the study's that Gorgonia can be brought to compute.
var others = []string{
	"linear", "relu", "relu6", "elu:0.7", "selu", "celu:0.7", "gelu-tanh", "hardswish", "sigmoid", "hardsigmoid",
	"logsigmoid", "softplus", "softplus:2", "tanh", "softsign",
}

// The study's network in every activation: Gorgonia, which shares no code with gonn,
// gives the same logits and the same gradients.
func TestStudyEqualsGonn(t *testing.T) {
	for _, act := range studied {
		t.Run(act, func(t *testing.T) {
			net, err := preset.Build("study", nn.Shape{1, 28, 28}, 10, activation.Must(act))
			if err != nil {
				t.Fatal(err)
			}
			rng := rand.New(rand.NewPCG(1, 2))
			fill(rng, net)
			x := random(rng, 3, 1, 28, 28)
			sameResults(t, net, x)
			sameGradients(t, net, x, random(rng, 3, 10))
		})
	}
}

// The files that PyTorch wrote of the study's networks, on the inputs and with the logits
// that it recorded.
func TestStudyEqualsPyTorch(t *testing.T) {
	recorded := "../../../testdata/golden/pytorch/recorded"
	inputs, err := data.ReadNPZ(filepath.Join(recorded, "inputs.npz"))
	if err != nil {
		t.Fatal(err)
	}
	x, err := inputs["input"].Tensor()
	if err != nil {
		t.Fatal(err)
	}
	files, err := filepath.Glob("../../../testdata/golden/pytorch/*/torchscript.onnx")
	if err != nil || len(files) < len(studied) {
		t.Fatalf("%d files, want one for each of %d activations at least (%v)", len(files), len(studied), err)
	}
	for _, file := range files {
		name := filepath.Base(filepath.Dir(file))
		m, err := graph.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		s, err := Engine{}.Open(m)
		if err != nil {
			t.Fatal(err)
		}
		y, err := s.Run(map[string]*nn.Tensor{"input": x})
		if err != nil {
			t.Fatal(err)
		}
		expected, err := data.ReadNPZ(filepath.Join(recorded, name, "expected.npz"))
		if err != nil {
			t.Fatal(err)
		}
		want, err := expected["logits"].Tensor()
		if err != nil {
			t.Fatal(err)
		}
		if r, err := parity.Tensors(name, y["logits"], want, closeTo); err != nil || !r.Equal {
			t.Errorf("%s: %+v, %v", name, r, err)
		}
	}
}

// layered is a network of some layers on (2, 9, 8) and a classifier of three classes.
func layered(t *testing.T, layers ...nn.Layer) *nn.Network {
	t.Helper()
	net, err := nn.Sequential(nn.Shape{2, 9, 8}, append(layers, layer.Flatten{}, layer.Dense{Out: 3})...)
	if err != nil {
		t.Fatal(err)
	}
	return net
}

// joined is a network of two branches of one shape that a layer joins.
func joined(t *testing.T, join nn.Layer) *nn.Network {
	t.Helper()
	net, err := nn.NewBuilder(nn.Shape{2, 9, 8}).
		Add("a", layer.Conv{Out: 4, Kernel: [2]int{3, 3}}).
		Add("b", layer.Conv{Out: 4, Kernel: [2]int{3, 3}, Pads: [4]int{1, 1, 1, 1}}).
		Add("join", join, "a", "b").
		Add("flatten", layer.Flatten{}).Add("dense", layer.Dense{Out: 3}).Build()
	if err != nil {
		t.Fatal(err)
	}
	return net
}

// Each rule in a small network: Gorgonia's results and gradients are gonn's.
func TestRulesEqualGonn(t *testing.T) {
	for name, net := range lowerable(t) {
		t.Run(name, func(t *testing.T) {
			rng := rand.New(rand.NewPCG(3, 4))
			for _, n := range []int{1, 3} {
				x, dy := random(rng, n, 2, 9, 8), random(rng, n, 3)
				sameResults(t, net, x)
				if name != "batch norm" && name != "of vectors" && name != "dropout" { // gonn's gradients are those of training
					sameGradients(t, net, x, dy)
				}
			}
		})
	}
}

// Windows of a padded pool whose values are all below zero: the padding is no zero.
func TestPaddedMaxPoolBelowZero(t *testing.T) {
	net := layered(t, layer.MaxPool{Kernel: [2]int{3, 3}, Stride: [2]int{2, 2}, Pads: [4]int{1, 1, 1, 1}})
	rng := rand.New(rand.NewPCG(1, 2))
	fill(rng, net)
	x := random(rng, 2, 2, 9, 8)
	for i := range x.Data {
		x.Data[i] -= 2
	}
	sameResults(t, net, x)
}

// Batches that are taken apart, and what is left of them.
func TestLargeBatches(t *testing.T) {
	net := layered(t, layer.Conv{Out: 2, Kernel: [2]int{3, 3}}, activation.Must("prelu:channel"))
	rng := rand.New(rand.NewPCG(1, 2))
	fill(rng, net)
	n := 2*maxBatch + 3
	x, dy := random(rng, n, 2, 9, 8), random(rng, n, 3)
	sameResults(t, net, x)
	sameGradients(t, net, x, dy)
}

// A session gives the same answer again, and leaves its input as it is.
func TestRunTwice(t *testing.T) {
	net := layered(t, layer.Conv{Out: 2, Kernel: [2]int{3, 3}}, activation.Must("leaky:-0.5"), layer.NewBatchNorm(nn.PyTorch))
	rng := rand.New(rand.NewPCG(1, 2))
	fill(rng, net)
	x := random(rng, 1, 2, 9, 8)
	before := append([]float32(nil), x.Data...)
	s := open(t, Engine{}, net)
	first := mustRun(t, s, x)
	second := mustRun(t, s, x)
	for i := range first.Data {
		if first.Data[i] != second.Data[i] {
			t.Fatalf("result %d is %v, then %v", i, first.Data[i], second.Data[i])
		}
	}
	for i := range before {
		if before[i] != x.Data[i] {
			t.Fatalf("value %d of the input was %v and is %v", i, before[i], x.Data[i])
		}
	}
}

// Sessions of several goroutines, for the race detector.
func TestSideBySide(t *testing.T) {
	net := layered(t, activation.Must("mish"))
	rng := rand.New(rand.NewPCG(1, 2))
	fill(rng, net)
	x := random(rng, 2, 2, 9, 8)
	want := mustRun(t, open(t, engine.Gonn{}, net), x)
	sessions := []engine.Session{open(t, Engine{}, net), open(t, Engine{}, net)}
	var wg sync.WaitGroup
	for _, s := range sessions {
		wg.Go(func() {
			for range 5 {
				y, err := s.Run(map[string]*nn.Tensor{nn.InputName: x})
				if err != nil {
					t.Error(err)
					return
				}
				if r, err := parity.Tensors("y", y["logits"], want, closeTo); err != nil || !r.Equal {
					t.Errorf("%+v, %v", r, err)
				}
			}
		})
	}
	wg.Wait()
}

// What Gorgonia cannot do is told layer by layer, all at once.
func TestWhatCannotBeRunIsToldByLayer(t *testing.T) {
	net := layered(t,
		layer.Conv{Out: 4, Kernel: [2]int{3, 3}, Groups: 2},
		layer.Conv{Out: 4, Kernel: [2]int{2, 2}, Pads: [4]int{0, 0, 1, 1}},
		activation.Must("gelu"),
		layer.MaxPool{Kernel: [2]int{2, 2}, Stride: [2]int{1, 1}, Pads: [4]int{0, 0, 1, 1}},
		layer.AveragePool{Kernel: [2]int{2, 2}},
		layer.Softmax{},
		layer.ConvTranspose{Out: 2, Kernel: [2]int{2, 2}},
		layer.Pad{Pads: [4]int{1, 1, 1, 1}},
	)
	m, err := onnxio.Export(net, onnxio.EncodeOptions{})
	if err != nil {
		t.Fatal(err)
	}
	s, err := Engine{}.Open(m)
	if err == nil || s != nil {
		t.Fatalf("got %v and error %v", s, err)
	}
	for _, want := range []string{
		`layer "conv1" (Conv): it has 2 groups`,
		`layer "conv2" (Conv): its pads are [0 0 1 1]`,
		`layer "act.e" (Erf): onnx-go's Gorgonia has nothing that computes Erf`,
		`(MaxPool): its pads are [0 0 1 1]`,
		`(AveragePool): onnx-go's Gorgonia has nothing`,
		`(Softmax): it is over the channels`,
		`(ConvTranspose): onnx-go's Gorgonia has nothing`,
		`(Pad): onnx-go's Gorgonia has nothing`,
	} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("the error is\n%v\nwant %q in it", err, want)
		}
	}
}

func TestBadTensorsAreErrors(t *testing.T) {
	s := open(t, Engine{}, layered(t))
	x, dy := nn.NewTensor(2, 2, 9, 8), nn.NewTensor(2, 3)
	for name, tc := range map[string]struct {
		in, dy map[string]*nn.Tensor
		want   string
	}{
		"no input":      {nil, nil, `one input, "input", and got 0`},
		"another name":  {map[string]*nn.Tensor{"x": x}, nil, `one input, "input"`},
		"another shape": {map[string]*nn.Tensor{"input": nn.NewTensor(2, 9, 8, 2)}, nil, "has shape (N, 2, 9, 8), got (2, 9, 8, 2)"},
		"a scalar":      {map[string]*nn.Tensor{"input": {Data: []float32{1}}}, nil, "has shape (N, 2, 9, 8), got ()"},
		"too few":       {map[string]*nn.Tensor{"input": {Shape: x.Shape, Data: x.Data[1:]}}, nil, "and 287 values"},
		"another dy":    {map[string]*nn.Tensor{"input": x}, map[string]*nn.Tensor{"logits": nn.NewTensor(2, 4)}, `output "logits" has shape (N, 3)`},
		"fewer dy":      {map[string]*nn.Tensor{"input": x}, map[string]*nn.Tensor{"logits": nn.NewTensor(1, 3)}, "2 samples and dy of 1"},
	} {
		var err error
		if tc.dy == nil {
			_, err = s.Run(tc.in)
		} else {
			_, err = s.Gradients(tc.in, tc.dy)
		}
		if err == nil || !strings.Contains(err.Error(), tc.want) {
			t.Errorf("%s: error %v, want %q in it", name, err, tc.want)
		}
	}
	if _, err := s.Gradients(map[string]*nn.Tensor{"input": x}, map[string]*nn.Tensor{"logits": dy}); err != nil {
		t.Error(err)
	}
}

// Keras's file of the study's network, with pictures in NHWC.
func TestKerasFileEqualsGonn(t *testing.T) {
	m, err := graph.ReadFile("../../../testdata/golden/keras/prelu-element/tf2onnx.onnx")
	if err != nil {
		t.Fatal(err)
	}
	x := random(rand.New(rand.NewPCG(1, 2)), 3, 28, 28, 1)
	var results []*nn.Tensor
	for _, e := range []engine.Engine{Engine{}, engine.Gonn{}} {
		s, err := e.Open(m)
		if err != nil {
			t.Fatal(err)
		}
		y, err := s.Run(map[string]*nn.Tensor{m.Graph.Inputs[0].Name: x})
		if err != nil {
			t.Fatal(err)
		}
		results = append(results, y[m.Graph.Outputs[0].Name])
	}
	if r, err := parity.Tensors("y", results[0], results[1], closeTo); err != nil || !r.Equal {
		t.Errorf("%+v, %v", r, err)
	}
}
