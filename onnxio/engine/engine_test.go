package engine_test

import (
	"errors"
	"math"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/nn/activation"
	"github.com/gonn-toolkit/gonn/nn/layer"
	"github.com/gonn-toolkit/gonn/onnxio"
	"github.com/gonn-toolkit/gonn/onnxio/engine"
	"github.com/gonn-toolkit/gonn/onnxio/graph"
	"github.com/gonn-toolkit/gonn/onnxio/parity"
	"github.com/gonn-toolkit/gonn/train/data"
)

// exported is a small network and its file.
func exported(t *testing.T, layers ...nn.Layer) (*nn.Network, *graph.Model) {
	t.Helper()
	net, err := nn.Sequential(nn.Shape{2, 5, 4}, append(layers, layer.Flatten{}, layer.Dense{Out: 3})...)
	if err != nil {
		t.Fatal(err)
	}
	net.Init(nn.KerasInit, 1)
	m, err := onnxio.Export(net, onnxio.EncodeOptions{})
	if err != nil {
		t.Fatal(err)
	}
	return net, m
}

// batch is random samples for an exported network.
func batch(n int) *nn.Tensor {
	rng := rand.New(rand.NewPCG(1, 2))
	x := nn.NewTensor(n, 2, 5, 4)
	for i := range x.Data {
		x.Data[i] = rng.Float32()*2 - 1
	}
	return x
}

func named(name string, t *nn.Tensor) map[string]*nn.Tensor {
	return map[string]*nn.Tensor{name: t}
}

func open(t *testing.T, e engine.Engine, m *graph.Model) engine.Session {
	t.Helper()
	s, err := e.Open(m)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

func TestGonnRunsTheNetwork(t *testing.T) {
	net, m := exported(t, layer.Conv{Out: 3, Kernel: [2]int{3, 3}}, activation.Must("prelu:channel"))
	x := batch(17)
	want, err := net.Forward(x)
	if err != nil {
		t.Fatal(err)
	}
	got, err := open(t, engine.Gonn{}, m).Run(named("input", x))
	if err != nil {
		t.Fatal(err)
	}
	y := got["logits"]
	for i := range want.Data {
		if y.Data[i] != want.Data[i] {
			t.Fatalf("value %d is %v, want %v", i, y.Data[i], want.Data[i])
		}
	}
}

// Gradients are those of inference, of layers too that compute something else in training.
func TestGonnDifferentiates(t *testing.T) {
	norm := layer.BatchNorm{Eps: 0.5} // the running variance is 0 at the start
	for _, l := range []nn.Layer{activation.Must("swish-beta:channel"), norm, layer.Dropout{Rate: 0.5}} {
		t.Run(l.Kind(), func(t *testing.T) { differentiate(t, l) })
	}
}

// differentiate holds the gradients of Σ dy·y against those of moving each parameter a little
// to either side.
func differentiate(t *testing.T, l nn.Layer) {
	t.Helper()
	net, m := exported(t, layer.Conv{Out: 2, Kernel: [2]int{3, 3}}, l)
	x, dy := batch(17), nn.NewTensor(17, 3)
	for i := range dy.Data {
		dy.Data[i] = float32(i%7) - 3
	}
	sum := func() (s float64) {
		y, err := net.Forward(x)
		if err != nil {
			t.Fatal(err)
		}
		for i := range y.Data {
			s += float64(y.Data[i]) * float64(dy.Data[i])
		}
		return s
	}
	grads, err := open(t, engine.Gonn{}, m).(engine.Differentiator).Gradients(named("input", x), named("logits", dy))
	if err != nil {
		t.Fatal(err)
	}
	trained := slices.DeleteFunc(slices.Clone(net.Params()), func(p *nn.Param) bool { return !p.Trained() })
	if len(grads) != len(trained) {
		t.Errorf("%d gradients, want %d", len(grads), len(trained))
	}
	for _, p := range trained {
		g := grads[p.FullName()]
		if g == nil || !p.Shape.Equal(g.Shape) {
			t.Fatalf("gradient of %s: %v, want shape %v", p.FullName(), g, p.Shape)
		}
		for i := range p.Data {
			const h = 1e-2
			v := p.Data[i]
			p.Data[i] = v + h
			high := sum()
			p.Data[i] = v - h
			low := sum()
			p.Data[i] = v
			if want := (high - low) / (2 * h); math.Abs(float64(g.Data[i])-want) > 1e-2*(1+math.Abs(want)) {
				t.Errorf("gradient of %s[%d] is %v, the difference quotient %v", p.FullName(), i, g.Data[i], want)
			}
		}
	}
}

func TestGonnErrors(t *testing.T) {
	_, m := exported(t)
	s := open(t, engine.Gonn{}, m).(engine.Differentiator)
	x := batch(2)
	for name, tc := range map[string]struct {
		in, dy map[string]*nn.Tensor
		want   string
	}{
		"none":     {nil, nil, `one input, "input", and got none`},
		"two":      {map[string]*nn.Tensor{"input": x, "b": x}, nil, `got "b", "input"`},
		"shape":    {named("input", nn.NewTensor(2, 4, 5, 2)), nil, `input "input": the network takes`},
		"values":   {named("input", &nn.Tensor{Shape: x.Shape, Data: x.Data[1:]}), nil, `input "input": a tensor of shape (2, 2, 5, 4) with 79 values`},
		"dy":       {named("input", x), named("y", x), `one output, "logits", and got "y"`},
		"dy shape": {named("input", x), named("logits", nn.NewTensor(3, 3)), `seed "dense" has 3 samples, the inputs 2`},
		"scalar":   {named("input", &nn.Tensor{Data: []float32{1}}), named("logits", nn.NewTensor(2, 3)), "got (), need (N, 2, 5, 4)"},
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
}

// Files of PyTorch's and Keras's exporters, some of which have their pictures in NHWC: the
// evaluator runs them all and gives what the framework recorded, and so do the kernels
// wherever there is a network.
func TestExportedModels(t *testing.T) {
	files, err := filepath.Glob("../../testdata/golden/exported/*/*/model.onnx")
	if err != nil || len(files) == 0 {
		t.Fatalf("%d files, %v", len(files), err)
	}
	networks, turned := 0, 0
	for _, file := range files {
		m, err := graph.ReadFile(file)
		if err != nil {
			continue // refused for what the reader's tests tell
		}
		if strings.Contains(file, "gelu-activation") {
			continue // tf2onnx's operator Erfc, which ONNX does not have
		}
		recorded, err := data.ReadNPZ(filepath.Join(filepath.Dir(file), "recorded.npz"))
		if err != nil {
			t.Fatal(err)
		}
		x, err1 := recorded["input"].Tensor()
		want, err2 := recorded["output"].Tensor()
		if err := errors.Join(err1, err2); err != nil {
			t.Fatal(err)
		}
		agrees := func(e engine.Engine, s engine.Session) {
			y, err := s.Run(named(m.Graph.Inputs[0].Name, x))
			if err != nil {
				t.Errorf("%s: %s: %v", file, e.Name(), err)
				return
			}
			r, err := parity.Tensors(e.Name(), y[m.Graph.Outputs[0].Name], want, parity.Tolerance{Atol: 1e-5, Rtol: 1e-5})
			if err != nil || !r.Equal {
				t.Errorf("%s: %+v, %v", file, r, err)
			}
		}
		agrees(engine.Reference{}, open(t, engine.Reference{}, m))
		if s, err := (engine.Gonn{}).Open(m); err == nil {
			agrees(engine.Gonn{}, s)
			networks++
			if im, err := onnxio.Import(m); err == nil && im.InputOrder != nil {
				turned++
			}
		}
	}
	t.Logf("%d files, %d networks, %d of them of pictures in another order", len(files), networks, turned)
	if networks < len(files)/2 || turned == 0 {
		t.Errorf("%d files are %d networks, %d of them of pictures in another order", len(files), networks, turned)
	}
}

// identity is a model of inputs that are outputs, of any types.
func identity(types map[string]graph.DataType) *graph.Model {
	g := &graph.Graph{Name: "g"}
	for name, t := range types {
		g.Inputs = append(g.Inputs, &graph.Value{Name: name, Type: t})
		g.Nodes = append(g.Nodes, &graph.Node{OpType: "Identity", Inputs: []string{name}, Outputs: []string{name + "'"}})
		g.Outputs = append(g.Outputs, &graph.Value{Name: name + "'", Type: t})
	}
	return &graph.Model{IRVersion: 8, Opsets: []graph.Opset{{Version: 16}}, Graph: g}
}

func TestReferenceRunsModelsOfSeveralInputs(t *testing.T) {
	s := open(t, engine.Reference{}, identity(map[string]graph.DataType{"a": graph.Float, "b": graph.Double}))
	a, b := batch(1), &nn.Tensor{Data: []float32{0.1}}
	out, err := s.Run(map[string]*nn.Tensor{"a": a, "b": b})
	if err != nil {
		t.Fatal(err)
	}
	if y := out["a'"]; !nn.Shape(y.Shape).Equal(a.Shape) || y.Data[3] != a.Data[3] {
		t.Errorf("a gives %v", y)
	}
	if y := out["b'"]; len(y.Shape) != 0 || y.Data[0] != 0.1 {
		t.Errorf("b gives %v", y)
	}
}

func TestReferenceErrors(t *testing.T) {
	if _, err := (engine.Reference{}).Open(&graph.Model{}); err == nil {
		t.Error("an empty model is taken")
	}
	s := open(t, engine.Reference{}, identity(map[string]graph.DataType{"i": graph.Int64}))
	one := &nn.Tensor{Data: []float32{1}}
	for name, tc := range map[string]struct {
		in   map[string]*nn.Tensor
		want string
	}{
		"type":    {named("i", &nn.Tensor{Data: []float32{0.5}}), `input "i": the model needs element type INT64, and element 0 is 0.5`},
		"unknown": {named("x", one), `no input "x"`},
		"missing": {nil, `"i" is missing`},
		"values":  {named("i", &nn.Tensor{Shape: []int{3}, Data: one.Data}), "shape (3) with 1 values"},
	} {
		if _, err := s.Run(tc.in); err == nil || !strings.Contains(err.Error(), tc.want) {
			t.Errorf("%s: error %v, want %q in it", name, err, tc.want)
		}
	}
}
