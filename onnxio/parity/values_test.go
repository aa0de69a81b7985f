package parity_test

import (
	"fmt"
	"strings"
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

// Values of such a file are found by the names of modules too, each call for itself, with channels
// first or last; a value of another shape is left over.
func TestModulesOfAFileWithoutATrainableForm(t *testing.T) {
	const in = "x"
	var nodes []*graph.Node
	from := in
	for i, module := range []string{"first", "act", "second", "act", "third"} {
		name := fmt.Sprint("v", i)
		nodes = append(nodes, &graph.Node{Name: "node " + name, OpType: []string{"Sin", "Relu", "Cos"}[i%3], Inputs: []string{from}, Outputs: []string{name},
			Metadata: []graph.Meta{{Key: "pkg.torch.onnx.name_scopes", Value: fmt.Sprintf("['', '%s', '%s']", module, name)}}})
		from = name
	}
	value := func(name string) *graph.Value { return &graph.Value{Name: name, Type: graph.Float} }
	m := &graph.Model{IRVersion: 8, Opsets: []graph.Opset{{Version: 17}}, Graph: &graph.Graph{Inputs: []*graph.Value{value(in)}, Outputs: []*graph.Value{value("v4")}, Nodes: nodes}}
	x := nn.NewTensor(2, 3, 4, 5)
	for i := range x.Data {
		x.Data[i] = float32(i*i%23)/5 - 2
	}
	all := valuesBy(t, m, in, x)
	last := func(x *nn.Tensor) *nn.Tensor {
		y, err := onnxio.AxisOrder{0, 2, 3, 1}.ToFile(x)
		if err != nil {
			t.Fatal(err)
		}
		return y
	}
	for name, c := range map[string]struct {
		change func(r map[string]*nn.Tensor)
		wrong  string // the name of the first wrong one
		rows   int
		left   string
	}{
		"equal":              {func(map[string]*nn.Tensor) {}, "", 5, ""},
		"channels last":      {func(r map[string]*nn.Tensor) { r["act#2"], r["second"] = last(r["act#2"]), last(r["second"]) }, "", 5, ""},
		"a call is left out": {func(r map[string]*nn.Tensor) { delete(r, "act#2") }, "", 3, "act"},
		"another shape":      {func(r map[string]*nn.Tensor) { r["second"] = nn.NewTensor(2, 60) }, "", 4, "second"},
		"second is wrong": {func(r map[string]*nn.Tensor) {
			for i, name := range []string{"second", "act#2", "third", "v4"} {
				r[name] = nn.NewTensor(x.Shape...)
				for k, v := range x.Data {
					r[name].Data[k] = float32(i+2) * v
				}
			}
		}, "second", 5, ""},
		"the output alone": {func(r map[string]*nn.Tensor) {
			clear(r)
			r["v4"] = x
		}, "v4", 1, ""},
	} {
		r := map[string]*nn.Tensor{"first": all["v0"], "act": all["v1"], "second": all["v2"], "act#2": all["v3"], "third": all["v4"], "v4": all["v4"]}
		c.change(r)
		got, err := parity.Values(t.Context(), m, &parity.Recorded{Inputs: map[string]*nn.Tensor{in: x}, Expected: r}, parity.Options{Tolerance: mustParse(t, "close")})
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if got.Equal != (c.wrong == "") || (got.FirstWrong == nil) != got.Equal || c.wrong != "" && got.FirstWrong.Layer != c.wrong {
			t.Errorf("%s: first wrong %+v\n%s", name, got.FirstWrong, got)
		}
		if left := strings.Join(unplacedNames(got), " "); left != c.left {
			t.Errorf("%s: left over %q, want %q", name, left, c.left)
		}
		if c.rows != len(got.Layers) {
			t.Errorf("%s: %d rows, want %d", name, len(got.Layers), c.rows)
		}
	}
}

// valuesBy are all values of a model, as the evaluator gives them.
func valuesBy(t *testing.T, m *graph.Model, in string, x *nn.Tensor) map[string]*nn.Tensor {
	t.Helper()
	e, err := reference.New(m)
	if err != nil {
		t.Fatal(err)
	}
	all := map[string]*nn.Tensor{}
	if _, err := e.Observe(map[string]*reference.Tensor{in: reference.FromFloat32s(x.Shape, x.Data)}, func(name string, v *reference.Tensor) {
		all[name] = nn.NewTensor(v.Shape...)
		for i, f := range v.Floats {
			all[name].Data[i] = float32(f)
		}
	}); err != nil {
		t.Fatal(err)
	}
	return all
}
