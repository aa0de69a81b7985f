package saliency_test

import (
	"encoding/json"
	"math"
	"os"
	"strings"
	"testing"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/nn/activation"
	"github.com/gonn-toolkit/gonn/nn/layer"
	"github.com/gonn-toolkit/gonn/nn/saliency"
)

// golden is what PyTorch computed with hooks (testdata/ref/saliency.py). Given numbers are in
// 64ths.
type golden struct {
	Classes []int
	Params  map[string][]float32
	X       []float32
	PyTorch map[string][]float32
}

func readGolden(t *testing.T) (g golden) {
	t.Helper()
	text, err := os.ReadFile("../../testdata/golden/saliency.json")
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(text, &g); err != nil {
		t.Fatal(err)
	}
	return g
}

// network is that of the golden, with its parameters.
func (g golden) network(t *testing.T) *nn.Network {
	t.Helper()
	net, err := nn.Sequential(nn.Shape{3, 8, 9},
		layer.Conv{Out: 4, Kernel: [2]int{3, 3}, Pads: [4]int{1, 1, 1, 1}}, activation.Must("relu"),
		layer.MaxPool{Kernel: [2]int{2, 2}, Stride: [2]int{2, 2}},
		layer.Conv{Out: 6, Kernel: [2]int{2, 3}}, activation.Must("mish"), layer.Flatten{}, layer.Dense{Out: 5})
	if err != nil {
		t.Fatal(err)
	}
	for name, v := range g.Params {
		setParam(t, net, name, v)
	}
	return net
}

// setParam sets a parameter to numbers in 64ths.
func setParam(t *testing.T, net *nn.Network, name string, v []float32) {
	t.Helper()
	p := net.Param(name)
	if p == nil || len(p.Data) != len(v) {
		t.Fatalf("parameter %s does not have %d numbers", name, len(v))
	}
	for i, x := range v {
		p.Data[i] = x / 64
	}
}

func (g golden) samples() *nn.Tensor {
	x := nn.NewTensor(len(g.Classes), 3, 8, 9)
	for i, v := range g.X {
		x.Data[i] = v / 64
	}
	return x
}

func TestEqualsPyTorch(t *testing.T) {
	g := readGolden(t)
	checked := 0
	for key, want := range g.PyTorch {
		name, ok := strings.CutPrefix(key, "cam/")
		if !ok {
			continue
		}
		checked++
		ex := explain(t, g.network(t), saliency.Options{Layer: name}, g.samples(), g.Classes)
		near(t, key, ex.CAM.Data, want, 1e-5)
		near(t, "scores", ex.Scores.Data, g.PyTorch["scores"], 1e-5)
		near(t, "gradient", ex.Gradient.Data, g.PyTorch["gradient"], 1e-5)
	}
	if checked != 4 {
		t.Errorf("Grad-CAM at %d layers, want 4", checked)
	}
}

func explain(t *testing.T, net *nn.Network, o saliency.Options, x *nn.Tensor, classes []int) *saliency.Explanation {
	t.Helper()
	e, err := saliency.New(net, o)
	if err != nil {
		t.Fatal(err)
	}
	ex, err := e.Explain(x, classes)
	if err != nil {
		t.Fatal(err)
	}
	return ex
}

// near compares by the norm of the difference, as a part of the norm of want.
func near(t *testing.T, what string, got, want []float32, tolerance float64) {
	t.Helper()
	if len(got) != len(want) {
		t.Fatalf("%s has %d numbers, want %d", what, len(got), len(want))
	}
	var off, norm float64
	for i, w := range want {
		off += math.Pow(float64(got[i])-float64(w), 2)
		norm += float64(w) * float64(w)
	}
	if !(norm > 0) || !(math.Sqrt(off/norm) <= tolerance) {
		t.Errorf("%s is %.2g from what is wanted, of norm %.3g", what, math.Sqrt(off/norm), math.Sqrt(norm))
	}
}
