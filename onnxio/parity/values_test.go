package parity_test

import (
	"testing"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/onnxio"
	"github.com/gonn-toolkit/gonn/onnxio/graph"
	"github.com/gonn-toolkit/gonn/onnxio/parity"
	"github.com/gonn-toolkit/gonn/onnxio/reference"
)

// A file without a trainable form is held value by value: all that the evaluator gives is
// equal, and where a recording differs from one value on, that one is named.
func TestValuesOfAFileWithoutATrainableForm(t *testing.T) {
	node := func(name, op string, in ...string) *graph.Node {
		return &graph.Node{Name: name, OpType: op, Inputs: in, Outputs: []string{name + ":0"}}
	}
	value := func(name string) *graph.Value {
		return &graph.Value{Name: name, Type: graph.Float, HasShape: true, Shape: []graph.Dim{{Param: "N"}, {Size: 6}}}
	}
	const in = "x"
	m := &graph.Model{IRVersion: 8, Opsets: []graph.Opset{{Version: 17}}, Graph: &graph.Graph{
		Inputs: []*graph.Value{value(in)}, Outputs: []*graph.Value{value("join:0")},
		Nodes: []*graph.Node{node("sin", "Sin", in), node("cos", "Cos", in), node("product", "Mul", "sin:0", "cos:0"), node("root", "Abs", "product:0"), node("join", "Add", "root:0", "sin:0")},
	}}
	if _, err := onnxio.Import(m); err == nil {
		t.Fatal("the model has a trainable form")
	}
	x := nn.NewTensor(2, 6)
	for i := range x.Data {
		x.Data[i] = float32(i%11)/5 - 1
	}
	e, err := reference.New(m)
	if err != nil {
		t.Fatal(err)
	}
	r := &parity.Recorded{Inputs: map[string]*nn.Tensor{in: x}, Expected: map[string]*nn.Tensor{}}
	var names []string
	_, err = e.Observe(map[string]*reference.Tensor{in: reference.FromFloat32s(x.Shape, x.Data)}, func(name string, v *reference.Tensor) {
		if v.Floats == nil || len(v.Shape) < 2 || v.Shape[0] != 2 {
			return
		}
		y := nn.NewTensor(v.Shape...)
		for i, f := range v.Floats {
			y.Data[i] = float32(f)
		}
		r.Expected[name] = y
		names = append(names, name)
	})
	if err != nil {
		t.Fatal(err)
	}
	o := parity.Options{Tolerance: mustParse(t, "close")}
	equal, err := parity.Values(t.Context(), m, r, o)
	if err != nil {
		t.Fatal(err)
	}
	if !equal.Equal || equal.FirstWrong != nil || len(equal.Layers) != len(names) {
		t.Fatalf("%d of %d values: %s", len(equal.Layers), len(names), equal)
	}
	at := len(names) / 2
	for _, name := range names[at:] {
		for i := range r.Expected[name].Data {
			r.Expected[name].Data[i] += 0.25
		}
	}
	different, err := parity.Values(t.Context(), m, r, o)
	if err != nil {
		t.Fatal(err)
	}
	if different.Equal || different.FirstWrong == nil || different.FirstWrong.Layer != names[at] {
		t.Errorf("%+v, want %s\n%s", different.FirstWrong, names[at], different)
	}
	r.Expected["nobody"] = x
	if again, err := parity.Values(t.Context(), m, r, o); err != nil || len(again.Unplaced) != 1 || again.Unplaced[0].Name != "nobody" {
		t.Errorf("unplaced %v (%v)", again.Unplaced, err)
	}
}
