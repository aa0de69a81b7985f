package reference_test

import (
	"context"
	"errors"
	"runtime"
	"strings"
	"testing"
	"weak"

	"github.com/gonn-toolkit/gonn/onnxio/graph"
	"github.com/gonn-toolkit/gonn/onnxio/reference"
)

// chain doubles x four times; y is also computed by a node that fails.
func chain() *graph.Model {
	return &graph.Model{IRVersion: 9, Opsets: []graph.Opset{{Version: 18}}, Graph: &graph.Graph{
		Inputs: []*graph.Value{{Name: "x", Type: graph.Float}}, Outputs: values("y"),
		Nodes: []*graph.Node{
			node("Add", "x x", "a"), node("Add", "a a", "b"), node("Add", "b b", "c"),
			node("MatMul", "c x", "bad"), node("Add", "c c", "d"), node("Sum", "bad d", "y"),
		},
		Initializers: []*graph.Tensor{graph.Int64Tensor("k", nil, []int64{7})},
	}}
}

func TestValues(t *testing.T) {
	e, err := reference.New(chain())
	if err != nil {
		t.Fatal(err)
	}
	x := arr([]int{2, 3}, 1)
	got, err := e.Values(map[string]*reference.Tensor{"x": x}, "d", "x", "b", "k", "b")
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]*reference.Tensor{"d": arr([]int{2, 3}, 16), "x": x, "b": arr([]int{2, 3}, 4), "k": whole(graph.Int64, nil, 7)} {
		if got[name] == nil {
			t.Fatalf("%s is missing in %v", name, got)
		}
		same(t, name, got[name], want)
	}
	if len(got) != 4 {
		t.Errorf("%d values, want 4: %v", len(got), got)
	}
	if none, err := e.Values(map[string]*reference.Tensor{"x": x}); err != nil || len(none) != 0 {
		t.Errorf("no names give %v, %v", none, err)
	}
	for _, c := range []struct{ name, err string }{{"e", `no value "e"`}, {"", `no value ""`}, {"y", "cannot be multiplied"}} {
		if _, err := e.Values(map[string]*reference.Tensor{"x": x}, "a", c.name); err == nil || !strings.Contains(err.Error(), c.err) {
			t.Errorf("%q: error %v, want one with %q", c.name, err, c.err)
		}
	}
	if _, err := e.Values(nil, "k"); err == nil || !strings.Contains(err.Error(), `input "x" is missing`) {
		t.Errorf("without an input: %v", err)
	}
}

// A value that an If's branch reads, and nothing else, is computed for it.
func TestValuesOfBranches(t *testing.T) {
	m := &graph.Model{IRVersion: 9, Opsets: []graph.Opset{{Version: 18}}, Graph: &graph.Graph{
		Inputs: []*graph.Value{{Name: "go", Type: graph.Bool}, {Name: "x", Type: graph.Float}}, Outputs: values("z"),
		Nodes: []*graph.Node{
			node("Add", "x x", "a"),
			node("If", "go", "y", graphAttr("then_branch", "", "r", node("Add", "a a", "r")), graphAttr("else_branch", "", "e", node("Identity", "x", "e"))),
			node("Neg", "y", "z"),
		},
	}}
	e, err := reference.New(m)
	if err != nil {
		t.Fatal(err)
	}
	got, err := e.Values(map[string]*reference.Tensor{"go": whole(graph.Bool, nil, 1), "x": vec(3)}, "y")
	if err != nil {
		t.Fatal(err)
	}
	same(t, "y", got["y"], vec(12))
	if _, err := e.Values(map[string]*reference.Tensor{"go": whole(graph.Bool, nil, 1), "x": vec(3)}, "r"); err == nil {
		t.Error("a value inside a node is given")
	}
}

func TestValuesWithinLimits(t *testing.T) {
	e, err := reference.New(chain())
	if err != nil {
		t.Fatal(err)
	}
	in := map[string]*reference.Tensor{"x": arr([]int{1000}, 1)}
	e = e.Within(context.Background(), reference.Limits{Memory: 34_000})
	if _, err := e.Values(in, "d"); err != nil {
		t.Errorf("one value at a time: %v", err)
	}
	if _, err := e.Values(in, "a", "b", "d"); !errors.As(err, new(*reference.LimitError)) {
		t.Errorf("values that are kept: error %v", err)
	}
}

// What is not asked for is dropped while the run goes on.
func TestValuesDropsTheOthers(t *testing.T) {
	e, err := reference.New(chain())
	if err != nil {
		t.Fatal(err)
	}
	held := map[string]weak.Pointer[reference.Tensor]{}
	_, err = e.Observe(map[string]*reference.Tensor{"x": arr([]int{2, 2}, 1)}, func(name string, v *reference.Tensor) {
		held[name] = weak.Make(v)
		if name == "d" {
			runtime.GC()
			if held["a"].Value() != nil || held["b"].Value() != nil {
				t.Error("a value is kept that no node reads any more")
			}
			if held["c"].Value() == nil || held["bad"].Value() == nil {
				t.Error("a value is dropped that a node reads")
			}
		}
	})
	if err != nil {
		t.Fatal(err)
	}
}
