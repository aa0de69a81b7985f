package reference_test

import (
	"context"
	"errors"
	"math"
	"slices"
	"testing"

	"github.com/gonn-toolkit/gonn/onnxio/graph"
	"github.com/gonn-toolkit/gonn/onnxio/reference"
)

// norm is BatchNormalization of x (2, 2) with running mean 1, 2 and variance 4, 9, as a node
// of training, and what it gives besides.
func norm(opset int64, outputs string, attrs ...*graph.Attr) *graph.Model {
	floats := func(name string, v ...float64) *graph.Tensor {
		t, err := graph.FromFloat64s(name, graph.Float, []int64{int64(len(v))}, v)
		if err != nil {
			panic(err)
		}
		return t
	}
	n := node("BatchNormalization", "x scale bias mean var", outputs, append(attrs, graph.FloatAttr("epsilon", 0))...)
	return &graph.Model{IRVersion: 8, Opsets: []graph.Opset{{Version: opset}}, Graph: &graph.Graph{
		Inputs:       []*graph.Value{{Name: "x", Type: graph.Float}},
		Initializers: []*graph.Tensor{floats("scale", 1, 1), floats("bias", 0, 0), floats("mean", 1, 2), floats("var", 4, 9)},
		Nodes:        []*graph.Node{n},
		Outputs:      values(outputs),
	}}
}

func runOn(t *testing.T, m *graph.Model, x *reference.Tensor) map[string]*reference.Tensor {
	t.Helper()
	e, err := reference.New(m)
	if err != nil {
		t.Fatal(err)
	}
	for _, v := range m.Graph.Outputs {
		v.HasShape = false
	}
	y, err := e.Run(map[string]*reference.Tensor{"x": x})
	if err != nil {
		t.Fatal(err)
	}
	return y
}

func TestInferenceNormalisesWithRunningStatistics(t *testing.T) {
	x := reference.FromFloat32s([]int{2, 2}, []float32{3, 5, 1, 2})
	for name, m := range map[string]*graph.Model{
		"opset 15":            norm(15, "y mean2 var2", graph.IntAttr("training_mode", 1)),
		"opset 15, 1 output":  norm(15, "y", graph.IntAttr("training_mode", 1)),
		"opset 9":             norm(9, "y mean2 var2 mean3 var3"),
		"opset 6":             norm(6, "y mean2 var2", graph.IntAttr("is_test", 0)),
		"opset 6, by default": norm(6, "y"),
	} {
		answers, notes := reference.Inference(m)
		if len(notes) != 1 || answers == m {
			t.Errorf("%s: notes %q", name, notes)
		}
		y := runOn(t, answers, x)
		for i, want := range []float64{1, 1, 0, 0} {
			if math.Abs(y["y"].Floats[i]-want) > 1e-6 {
				t.Errorf("%s: %v", name, y["y"].Floats)
			}
		}
		for name, want := range map[string][]float64{"mean2": {1, 2}, "mean3": {1, 2}, "var2": {4, 9}, "var3": {4, 9}} {
			if got := y[name]; got != nil && !slices.Equal(got.Floats, want) {
				t.Errorf("%s is %v, want %v", name, got.Floats, want)
			}
		}
		if again, notes := reference.Inference(answers); again != answers || notes != nil {
			t.Errorf("%s: a model of inference is changed", name)
		}
	}
}

func TestInferenceDropsNothing(t *testing.T) {
	flag := func(v int64) *graph.Tensor {
		b, err := graph.FromInt64s("flag", graph.Bool, nil, []int64{v})
		if err != nil {
			t.Fatal(err)
		}
		return b
	}
	x := reference.FromFloat32s([]int{4}, []float32{1, 2, 3, 4})
	for name, c := range map[string]struct {
		flag  *graph.Tensor // nil for one that is computed
		notes int
	}{"true": {flag(1), 1}, "false": {flag(0), 0}, "computed": {nil, 1}} {
		m := &graph.Model{IRVersion: 8, Opsets: []graph.Opset{{Version: 13}}, Graph: &graph.Graph{
			Inputs:  []*graph.Value{{Name: "x", Type: graph.Float}},
			Nodes:   []*graph.Node{number("ratio", 0.5), node("Dropout", "x ratio flag", "y")},
			Outputs: values("y"),
		}}
		if c.flag != nil {
			m.Graph.Initializers = []*graph.Tensor{c.flag}
		} else {
			m.Graph.Nodes = append([]*graph.Node{number("one", 1), number("two", 2), node("Less", "one two", "flag")}, m.Graph.Nodes...)
		}
		answers, notes := reference.Inference(m)
		if len(notes) != c.notes {
			t.Errorf("%s: notes %q", name, notes)
		}
		if y := runOn(t, answers, x)["y"]; !slices.Equal(y.Floats, x.Floats) {
			t.Errorf("%s: %v", name, y.Floats)
		}
	}
	inner := graphAttr("then_branch", "", "r", number("half", 0.5), node("Dropout", "x half flag", "r"))
	m := &graph.Model{IRVersion: 8, Opsets: []graph.Opset{{Version: 13}}, Graph: &graph.Graph{
		Inputs:       []*graph.Value{{Name: "x", Type: graph.Float}},
		Initializers: []*graph.Tensor{flag(1)},
		Nodes:        []*graph.Node{node("If", "flag", "y", inner, graphAttr("else_branch", "", "e", node("Identity", "x", "e")))},
		Outputs:      values("y"),
	}}
	answers, notes := reference.Inference(m)
	if y := runOn(t, answers, x)["y"]; len(notes) != 1 || !slices.Equal(y.Floats, x.Floats) {
		t.Errorf("inside a node: notes %q, %v", notes, y.Floats)
	}
}

// A run ends before the node that goes beyond its limits, wherever that stands.
func TestLimitsOfRuns(t *testing.T) {
	x := reference.FromFloat32s([]int{30, 30}, make([]float32, 900))
	body := graphAttr("body", "i go c", "on r", node("MatMul", "x c", "r"), node("Identity", "go", "on"))
	for name, m := range map[string]*graph.Model{
		"nodes": {IRVersion: 8, Opsets: []graph.Opset{{Version: 13}}, Graph: &graph.Graph{
			Inputs: []*graph.Value{{Name: "x", Type: graph.Float}}, Outputs: values("y"),
			Nodes: []*graph.Node{node("MatMul", "x x", "a"), node("MatMul", "x a", "y")},
		}},
		"a loop": {IRVersion: 8, Opsets: []graph.Opset{{Version: 13}}, Graph: &graph.Graph{
			Inputs: []*graph.Value{{Name: "x", Type: graph.Float}}, Outputs: values("y"),
			Nodes: []*graph.Node{
				node("Constant", "", "n", graph.TensorAttr("value", graph.Int64Tensor("", nil, []int64{2}))),
				{OpType: "Loop", Inputs: []string{"n", "", "x"}, Outputs: []string{"y"}, Attrs: []*graph.Attr{body}},
			},
		}},
	} {
		e, err := reference.New(m)
		if err != nil {
			t.Fatal(err)
		}
		for _, c := range []struct {
			limits reference.Limits
			ok     bool
		}{
			{reference.Limits{Operations: 2e5}, true},
			{reference.Limits{Operations: 4e4}, false},
			{reference.Limits{Memory: 2e5}, true},
			{reference.Limits{Memory: 1e4}, false},
			{reference.Limits{Time: 1}, false},
		} {
			_, err := e.Within(context.Background(), c.limits).Run(map[string]*reference.Tensor{"x": x})
			if c.ok && err != nil || !c.ok && !errors.As(err, new(*reference.LimitError)) {
				t.Errorf("%s, %v: error %v", name, c.limits, err)
			}
		}
		ctx, cancel := context.WithCancel(context.Background())
		cancel()
		if _, err := e.Within(ctx, reference.Limits{}).Run(map[string]*reference.Tensor{"x": x}); !errors.Is(err, context.Canceled) {
			t.Errorf("%s, canceled: error %v", name, err)
		}
	}
}
