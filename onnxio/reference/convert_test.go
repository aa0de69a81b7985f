package reference_test

import (
	"math"
	"strings"
	"sync"
	"testing"

	"github.com/gonn-toolkit/gonn/onnxio/graph"
	"github.com/gonn-toolkit/gonn/onnxio/reference"
)

func TestGraph(t *testing.T) {
	for _, x := range []*reference.Tensor{
		vec(1, -inf), floats(graph.Double, math.Pi), floats(graph.Float16, 0.5), floats(graph.BFloat16, 2),
		whole(graph.Uint64, []int{1, 2}, -1, 1), whole(graph.Int8, nil, -128), yes(0, 1), text("a", ""), vec(),
	} {
		g, err := x.Graph("x")
		if err != nil {
			t.Fatal(err)
		}
		back, err := reference.FromGraph(g)
		if err != nil {
			t.Fatal(err)
		}
		same(t, x.Type.String(), back, x)
	}
	g, err := vec(0.1).Graph("x")
	if err != nil {
		t.Fatal(err)
	}
	if v, err := g.Float32s(); err != nil || v[0] != 0.1 {
		t.Errorf("0.1 is written as %v, %v", v, err)
	}
}

func TestBadTensors(t *testing.T) {
	for want, x := range map[string]*reference.Tensor{
		"needs 3 elements, but there are 2": arr([]int{3}, 1, 2),
		"needs 1 elements, but there are 0": {Type: graph.Int64},
		"outside the range of INT8":         whole(graph.Int8, []int{1}, 200),
		"COMPLEX64 is not evaluated":        {Type: graph.Complex64},
		"negative size":                     {Type: graph.Float, Shape: []int{-1}},
	} {
		if _, err := x.Graph("x"); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("Graph: error is %v, want one with %q", err, want)
		}
		checkNodes(t, nodeCase{op: "Identity", in: all(x), err: want})
	}
	for want, g := range map[string]*graph.Tensor{
		"FLOAT8E5M2 is not evaluated": {Name: "w", Type: graph.Float8E5M2},
		"more than":                   {Name: "w", Type: graph.Float, Dims: []int64{1 << 40}},
		"need 4 bytes":                {Name: "w", Type: graph.Float},
		"needs 2 strings":             {Name: "w", Type: graph.String, Dims: []int64{2}},
	} {
		if _, err := reference.FromGraph(g); err == nil || !strings.Contains(err.Error(), want) || !strings.Contains(err.Error(), `"w"`) {
			t.Errorf("FromGraph: error is %v, want one with %q that names the tensor", err, want)
		}
	}
}

// TestUnknown wants all nodes named that cannot be evaluated, those inside others too.
func TestUnknown(t *testing.T) {
	m := &graph.Model{IRVersion: 8, Opsets: []graph.Opset{{Version: 99}, {Domain: "com.example", Version: 1}}, Graph: &graph.Graph{
		Name: "g",
		Nodes: []*graph.Node{
			node("Nothing", "", "a"),
			{OpType: "Relu", Domain: "com.example", Outputs: []string{"b"}},
			node("If", "a", "c", graphAttr("then_branch", "", "d", node("Neither", "", "d"))),
		},
	}}
	_, err := reference.New(m)
	if err == nil {
		t.Fatal("it is taken")
	}
	for _, want := range []string{"operator Nothing is not known", `operator Relu of domain "com.example"`, "operator Neither is not known", "operators of version 99 are not known"} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("error lacks %q:\n%v", want, err)
		}
	}
	if reference.Knows("Nothing") || !reference.Knows("Relu") {
		t.Error("Knows is wrong")
	}
}

// TestInputs holds what a model is given against what it says.
func TestInputs(t *testing.T) {
	m := &graph.Model{IRVersion: 8, Opsets: []graph.Opset{{Version: 16}}, Graph: &graph.Graph{
		Name: "g",
		Inputs: []*graph.Value{
			{Name: "x", Type: graph.Float, HasShape: true, Shape: []graph.Dim{{Param: "N"}, {Size: 2}}},
			{Name: "w", Type: graph.Float},
		},
		Initializers: []*graph.Tensor{graph.Float32Tensor("w", []int64{2}, []float32{10, 20})},
		Nodes:        []*graph.Node{node("Add", "x w", "y")},
		Outputs:      values("y"),
	}}
	e, err := reference.New(m)
	if err != nil {
		t.Fatal(err)
	}
	x := steps(1, 2)
	for _, c := range []struct {
		x, w *reference.Tensor
		want []float64
		err  string
	}{
		{x: x, want: []float64{10, 21}}, // an initializer is the default
		{x: x, w: vec(1, 1), want: []float64{1, 2}},
		{x: steps(0, 2), want: []float64{}},
		{err: `input "x" is missing`},
		{x: x, err: "no input"},
		{x: i64(1, 2), err: "element type INT64"},
		{x: steps(2), err: "it has shape [2], the model needs [N 2]"},
		{x: steps(2, 3), err: "it has shape [2 3]"},
	} {
		in := map[string]*reference.Tensor{"w": c.w}
		if c.err == "no input" {
			in["z"] = c.x
		}
		if c.x != nil {
			in["x"] = c.x
		}
		out, err := e.Run(in)
		if c.err != "" {
			if err == nil || !strings.Contains(err.Error(), c.err) {
				t.Errorf("error is %v, want one with %q", err, c.err)
			}
			continue
		}
		if err != nil {
			t.Fatal(err)
		}
		same(t, "y", out["y"], arr(c.x.Shape, c.want...))
	}
}

// TestAtOnce runs one evaluator from several goroutines.
func TestAtOnce(t *testing.T) {
	m := &graph.Model{IRVersion: 8, Opsets: []graph.Opset{{Version: 16}}, Graph: &graph.Graph{
		Name:         "g",
		Inputs:       []*graph.Value{{Name: "x", Type: graph.Float}},
		Initializers: []*graph.Tensor{graph.Float32Tensor("w", []int64{1}, []float32{10})},
		Nodes:        []*graph.Node{node("Add", "x w", "a"), node("Mul", "a a", "y")},
		Outputs:      values("y"),
	}}
	e, err := reference.New(m)
	if err != nil {
		t.Fatal(err)
	}
	var all sync.WaitGroup
	for k := range 8 {
		all.Go(func() {
			for range 100 {
				out, err := e.Run(map[string]*reference.Tensor{"x": vec(float64(k))})
				if err != nil || out["y"].Floats[0] != float64((k+10)*(k+10)) {
					t.Errorf("of %d it makes %v, %v", k, out["y"], err)
				}
			}
		})
	}
	all.Wait()
}
