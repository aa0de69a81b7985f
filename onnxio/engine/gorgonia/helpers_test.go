package gorgonia

import (
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/onnxio"
	"github.com/gonn-toolkit/gonn/onnxio/engine"
	"github.com/gonn-toolkit/gonn/onnxio/graph"
	"github.com/gonn-toolkit/gonn/onnxio/parity"
)

// node makes a node from its text: node("Conv", "x w", "y") reads x and w and gives y.
func node(op, in, out string, attrs ...*graph.Attr) *graph.Node {
	return &graph.Node{Name: out, OpType: op, Inputs: strings.Fields(in), Outputs: strings.Fields(out), Attrs: attrs}
}

// model makes a model with the FLOAT input x and the output y.
func model(x, y []int64, inits []*graph.Tensor, nodes ...*graph.Node) *graph.Model {
	return &graph.Model{
		IRVersion: cleanIR, Opsets: []graph.Opset{{Version: cleanOpset}},
		Graph: &graph.Graph{
			Name: "g", Nodes: nodes, Initializers: inits,
			Inputs: []*graph.Value{value("x", x)}, Outputs: []*graph.Value{value("y", y)},
		},
	}
}

func value(name string, shape []int64) *graph.Value {
	v := &graph.Value{Name: name, Type: graph.Float, HasShape: true}
	for _, d := range shape {
		v.Shape = append(v.Shape, graph.Dim{Size: d})
	}
	return v
}

// random fills a tensor with values around 0.
func random(rng *rand.Rand, shape ...int) *nn.Tensor {
	x := nn.NewTensor(shape...)
	for i := range x.Data {
		x.Data[i] = rng.Float32()*2 - 1
	}
	return x
}

// fill gives a network random parameters whose results stay of the order of 1.
func fill(rng *rand.Rand, net *nn.Network) {
	for _, p := range net.Params() {
		copy(p.Data, random(rng, len(p.Data)).Data)
		scale := float32(1)
		if p.Role == nn.Weight {
			scale = float32(1 / math.Sqrt(float64(p.FanIn)))
		}
		for i := range p.Data {
			if p.Data[i] *= scale; p.Role == nn.Statistic && p.Data[i] <= 0 { // perhaps a variance
				p.Data[i] = 0.2 - p.Data[i]
			}
		}
	}
}

// open exports a network and opens it with an engine.
func open(t *testing.T, e engine.Engine, net *nn.Network) engine.Differentiator {
	t.Helper()
	m, err := onnxio.Export(net, onnxio.EncodeOptions{})
	if err != nil {
		t.Fatal(err)
	}
	s, err := e.Open(m)
	if err != nil {
		t.Fatal(err)
	}
	return s.(engine.Differentiator)
}

// closeTo is parity's rule.
var closeTo = func() parity.Tolerance {
	tol, err := parity.ParseTolerance("close")
	if err != nil {
		panic(err)
	}
	return tol
}()

// mustRun runs a session on x, under the names of gonn's own files.
func mustRun(t *testing.T, s engine.Session, x *nn.Tensor) *nn.Tensor {
	t.Helper()
	out, err := s.Run(map[string]*nn.Tensor{nn.InputName: x})
	if err != nil {
		t.Fatal(err)
	}
	for _, y := range out {
		return y
	}
	t.Fatal("no output")
	return nil
}

// sameResults holds Gorgonia against gonn on x.
func sameResults(t *testing.T, net *nn.Network, x *nn.Tensor) {
	t.Helper()
	r, err := parity.Tensors("y", mustRun(t, open(t, Engine{}, net), x), mustRun(t, open(t, engine.Gonn{}, net), x), closeTo)
	if err != nil {
		t.Fatal(err)
	}
	if !r.Equal {
		t.Errorf("results differ by %.3g on a scale of %.3g", r.MaxError, r.Scale)
	}
}

// sameGradients holds Gorgonia's gradients at x against gonn's, each by the norm of the
// difference, which is to be 1e-5 of gonn's norm at most. Sums that all but cancel may be
// off by 1e-7.
func sameGradients(t *testing.T, net *nn.Network, x, dy *nn.Tensor) {
	t.Helper()
	nodes := net.Nodes()
	name := "logits"
	if nodes[len(nodes)-1].Layer.Kind() == "Softmax" {
		name = "probabilities"
	}
	in, seeds := map[string]*nn.Tensor{nn.InputName: x}, map[string]*nn.Tensor{name: dy}
	got, err := open(t, Engine{}, net).Gradients(in, seeds)
	if err != nil {
		t.Fatal(err)
	}
	want, err := open(t, engine.Gonn{}, net).Gradients(in, seeds)
	if err != nil {
		t.Fatal(err)
	}
	if len(got) != len(want) {
		t.Errorf("%d gradients, want %d", len(got), len(want))
	}
	for name, w := range want {
		g := got[name]
		if g == nil || !nn.Shape(g.Shape).Equal(w.Shape) {
			t.Errorf("gradient of %s: got %v, want shape %v", name, g, w.Shape)
			continue
		}
		var diff, norm float64
		for i := range w.Data {
			d := float64(g.Data[i]) - float64(w.Data[i])
			diff, norm = diff+d*d, norm+float64(w.Data[i])*float64(w.Data[i])
		}
		if !(math.Sqrt(diff) <= 1e-7+1e-5*math.Sqrt(norm)) {
			t.Errorf("gradient of %s: off by %.3g, its norm is %.3g", name, math.Sqrt(diff), math.Sqrt(norm))
		}
	}
}
