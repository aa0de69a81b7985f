package gorgonia

import (
	"maps"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/nn/activation"
	"github.com/gonn-toolkit/gonn/nn/layer"
	"github.com/gonn-toolkit/gonn/onnxio"
	"github.com/gonn-toolkit/gonn/onnxio/graph"
	"github.com/gonn-toolkit/gonn/onnxio/reference"
)

// lowerable are networks that use each rule, on samples of (2, 9, 8), by name.
func lowerable(t *testing.T) map[string]*nn.Network {
	t.Helper()
	k := func(h, w int) [2]int { return [2]int{h, w} }
	first := layer.Conv{Out: 4, Kernel: k(3, 3)}
	withEnd := func(end nn.Layer) *nn.Network {
		net, err := layered(t, first).Builder(nil).Add("end", end).Build()
		if err != nil {
			t.Fatal(err)
		}
		return net
	}
	nets := map[string]*nn.Network{
		"stride":          layered(t, first, layer.Conv{Out: 3, Kernel: k(3, 2), Stride: k(2, 1)}),
		"padding":         layered(t, first, layer.Conv{Out: 3, Kernel: k(3, 3), Stride: k(2, 2), Pads: [4]int{2, 2, 2, 2}}),
		"dilation":        layered(t, first, layer.Conv{Out: 3, Kernel: k(3, 3), Dilation: k(2, 1)}),
		"no bias":         layered(t, first, layer.Conv{Out: 3, Kernel: k(3, 3), NoBias: true}, layer.Flatten{}, layer.Dense{Out: 5, NoBias: true}),
		"one channel":     layered(t, first, layer.Conv{Out: 1, Kernel: k(3, 3)}, activation.Must("prelu:element")),
		"one pixel":       layered(t, first, layer.Conv{Out: 3, Kernel: k(7, 6)}, activation.Must("prelu:channel")),
		"channels = rows": layered(t, layer.Conv{Out: 7, Kernel: k(3, 2)}, activation.Must("prelu:channel")),
		"slopes of units": layered(t, layer.Flatten{}, layer.Dense{Out: 5}, activation.Must("prelu:channel"), layer.Dense{Out: 4}, activation.Must("prelu:one")),
		"max pool":        layered(t, first, layer.MaxPool{Kernel: k(3, 2), Stride: k(2, 1)}),
		"padded max pool": layered(t, first, activation.Must("leaky:0"), layer.Conv{Out: 4, Kernel: k(1, 1)}, layer.MaxPool{Kernel: k(3, 3), Stride: k(2, 2), Pads: [4]int{1, 1, 1, 1}}),
		"global max":      layered(t, first, layer.GlobalMaxPool{}),
		"global average":  layered(t, first, layer.GlobalAveragePool{}),
		"batch norm":      layered(t, first, layer.NewBatchNorm(nn.PyTorch)),
		"of vectors":      layered(t, first, layer.Flatten{}, layer.NewBatchNorm(nn.PyTorch)),
		"dropout":         layered(t, first, layer.Dropout{Rate: 0.4}),
		"softmax":         withEnd(layer.Softmax{}),
		"log softmax":     withEnd(layer.LogSoftmax{}),
		"add":             joined(t, layer.Add{}),
		"mul":             joined(t, layer.Mul{}),
		"reshape":         layered(t, first, layer.Flatten{}, layer.Dense{Out: 24}, layer.Reshape{Shape: [3]int{2, 3, 4}}, layer.Conv{Out: 2, Kernel: k(2, 2)}),
		"concat":          joined(t, layer.Concat{}),
	}
	for _, act := range slices.Concat(studied, others) {
		nets[act] = layered(t, first, activation.Must(act), layer.Flatten{}, layer.Dense{Out: 5}, activation.Must(act))
	}
	rng := rand.New(rand.NewPCG(1, 2))
	for _, name := range slices.Sorted(maps.Keys(nets)) {
		fill(rng, nets[name])
	}
	return nets
}

// A clean model computes what the model does, for a batch of its size, in the float64
// evaluator; and it holds only operators and forms that onnx-go takes.
func TestLowerKeepsTheFunction(t *testing.T) {
	used := map[string]bool{}
	for name, net := range lowerable(t) {
		t.Run(name, func(t *testing.T) {
			m, err := onnxio.Export(net, onnxio.EncodeOptions{})
			if err != nil {
				t.Fatal(err)
			}
			for _, n := range m.Graph.Nodes {
				used[n.OpType] = true
			}
			for _, batch := range []int{1, 3} {
				clean, _, err := lower(m, batch)
				if err != nil {
					t.Fatal(err)
				}
				x := random(rand.New(rand.NewPCG(3, 4)), batch, 2, 9, 8)
				got, want := evaluate(t, clean, x), evaluate(t, m, x)
				if !slices.Equal(got.Shape, want.Shape) {
					t.Fatalf("shape %v, want %v", got.Shape, want.Shape)
				}
				for i := range want.Floats {
					// Constants such as 1/√(variance + ε) are rounded to float32.
					if d := math.Abs(got.Floats[i] - want.Floats[i]); !(d <= 1e-6*(1+math.Abs(want.Floats[i]))) {
						t.Errorf("result %d is %v, want %v", i, got.Floats[i], want.Floats[i])
					}
				}
				plain(t, clean)
			}
		})
	}
	for op := range rules {
		if !used[op] {
			t.Errorf("no network uses the rule of %s", op)
		}
	}
}

func evaluate(t *testing.T, m *graph.Model, x *nn.Tensor) *reference.Tensor {
	t.Helper()
	e, err := reference.New(m)
	if err != nil {
		t.Fatal(err)
	}
	out, err := e.Run(map[string]*reference.Tensor{m.Graph.Inputs[0].Name: reference.FromFloat32s(x.Shape, x.Data)})
	if err != nil {
		t.Fatal(err)
	}
	return out[m.Graph.Outputs[0].Name]
}

// plain holds a clean model against what onnx-go can take.
func plain(t *testing.T, m *graph.Model) {
	t.Helper()
	for _, v := range slices.Concat(m.Graph.Inputs, m.Graph.Outputs) {
		for _, d := range v.Shape {
			if !d.Known() {
				t.Errorf("value %q has shape %v", v.Name, v.Shape)
			}
		}
	}
	for _, n := range m.Graph.Nodes {
		switch n.OpType {
		case "Gemm", "LeakyRelu", "BatchNormalization", "GlobalAveragePool", "PRelu", "Constant", "Clip":
			t.Errorf("%s stands in a clean model", n.Label())
		}
		for i, in := range n.Inputs {
			if slices.Contains(n.Inputs[:i], in) {
				t.Errorf("%s reads %q twice", n.Label(), in)
			}
		}
	}
}

// Names of the model's own that look like those of the rules are no trouble.
func TestLowerTakesNewNames(t *testing.T) {
	net, err := nn.NewBuilder(nn.Shape{2, 9, 8}).
		Add("a.Relu", activation.Must("leaky:0.5")).
		Add("a", activation.Must("leaky:0.5")).
		Add("a=0.5", activation.Must("leaky:-1")).
		Add("a.Relu_2", activation.Must("leaky:-1")).
		Add("flatten", layer.Flatten{}).Add("dense", layer.Dense{Out: 3}).Build()
	if err != nil {
		t.Fatal(err)
	}
	rng := rand.New(rand.NewPCG(1, 2))
	fill(rng, net)
	sameResults(t, net, random(rng, 2, 2, 9, 8))
}

func TestLowerErrors(t *testing.T) {
	m := model([]int64{1, 2}, []int64{1, 2}, nil, node("Relu", "x", "y"))
	m.Graph.Inputs[0].Shape[1] = graph.Dim{Param: "K"}
	if _, _, err := lower(m, 1); err == nil || !strings.Contains(err.Error(), `value "x": axis 1 has no fixed size`) {
		t.Errorf("a symbol besides the batch: %v", err)
	}
	m = model([]int64{1, 2, 1, 2}, []int64{1, 2, 1, 2}, []*graph.Tensor{graph.Float32Tensor("c", []int64{1, 2, 1, 1}, []float32{1, 2})}, node("Add", "x c", "y"))
	if _, _, err := lower(m, 1); err == nil || !strings.Contains(err.Error(), `constant "c" has shape [1 2 1 1]`) {
		t.Errorf("a constant of as many axes: %v", err)
	}
}
