package reference_test

import (
	"strings"
	"testing"

	"github.com/gonn-toolkit/gonn/onnxio/graph"
	"github.com/gonn-toolkit/gonn/onnxio/reference"
)

func node(op string, in, out string, attrs ...*graph.Attr) *graph.Node {
	return &graph.Node{OpType: op, Inputs: strings.Fields(in), Outputs: strings.Fields(out), Attrs: attrs}
}

func values(names string) []*graph.Value {
	var v []*graph.Value
	for _, name := range strings.Fields(names) {
		v = append(v, &graph.Value{Name: name, Type: graph.Float, HasShape: true})
	}
	return v
}

func graphAttr(name, in, out string, nodes ...*graph.Node) *graph.Attr {
	return &graph.Attr{Name: name, Value: &graph.Graph{Name: name, Inputs: values(in), Outputs: values(out), Nodes: nodes}}
}

func number(name string, v float32) *graph.Node {
	return node("Constant", "", name, graph.FloatAttr("value_float", v))
}

// count adds one to x, as long as x is less than 3, and shows it.
var count = graphAttr("body", "i go x", "on y y2",
	number("one", 1), number("three", 3), node("Add", "x one", "y"), node("Identity", "y", "y2"), node("Less", "y three", "on"))

func TestLoop(t *testing.T) {
	n := func(v int64) *reference.Tensor { return whole(graph.Int64, nil, v) }
	yes, no := whole(graph.Bool, nil, 1), whole(graph.Bool, nil, 0)
	zero := arr(nil, 0)
	forever := graphAttr("body", "i go", "go", node("Identity", "go", "unused"))
	checkNodes(t,
		nodeCase{op: "Loop", in: all(n(2), yes, zero), attrs: attrs(count), want: all(arr(nil, 2), vec(1, 2))},
		nodeCase{op: "Loop", in: all(n(9), yes, zero), attrs: attrs(count), want: all(arr(nil, 3), vec(1, 2, 3))},
		nodeCase{op: "Loop", in: all(nil, nil, zero), attrs: attrs(count), want: all(arr(nil, 3), vec(1, 2, 3))},
		nodeCase{op: "Loop", in: all(n(9), no, zero), attrs: attrs(count), want: all(zero, vec())},
		nodeCase{op: "Loop", in: all(n(0), yes, zero), attrs: attrs(count), want: all(zero, vec())},
	)
	checkNodes(t,
		nodeCase{op: "Loop", in: all(n(9), yes, vec(0, 0)), attrs: attrs(count), err: "one BOOL"},
		nodeCase{op: "Loop", in: all(n(9), zero, zero), attrs: attrs(count), err: "one BOOL"},
		nodeCase{op: "Loop", in: all(zero, yes, zero), attrs: attrs(count), err: "one INT64"},
		nodeCase{op: "Loop", in: all(n(9), yes), attrs: attrs(count), err: "has 3 inputs, it is given 2"},
		nodeCase{op: "Loop", in: all(n(9), yes, zero), err: `"body" is missing`},
		nodeCase{op: "Loop", in: all(n(9), yes, zero), attrs: attrs(graph.IntAttr("body", 1)), err: "must be GRAPH"},
		nodeCase{op: "Loop", in: all(n(9), yes, nil), attrs: attrs(count), err: "must be there"},
		nodeCase{op: "Loop", in: all(nil, yes), attrs: attrs(forever), err: "more than"},
	)
}

func TestScan(t *testing.T) {
	// The state is the sum so far, and every sum is shown.
	sum := graphAttr("body", "s x", "t t2", node("Add", "s x", "t"), node("Identity", "t", "t2"))
	one := graph.IntAttr("num_scan_inputs", 1)
	x := arr([]int{3, 2}, 1, 2, 3, 4, 5, 6)
	checkNodes(t,
		nodeCase{op: "Scan", in: all(vec(0, 0), x), attrs: attrs(sum, one), want: all(vec(9, 12), arr([]int{3, 2}, 1, 2, 4, 6, 9, 12))},
		nodeCase{op: "Scan", in: all(vec(0, 0), x), attrs: attrs(sum, one, graph.IntsAttr("scan_input_directions", 1), graph.IntsAttr("scan_output_directions", 1)),
			want: all(vec(9, 12), arr([]int{3, 2}, 9, 12, 8, 10, 5, 6))},
		nodeCase{op: "Scan", in: all(arr([]int{3}, 0), x), attrs: attrs(sum, one, graph.IntsAttr("scan_input_axes", -1), graph.IntsAttr("scan_output_axes", 1)),
			want: all(vec(3, 7, 11), arr([]int{3, 2}, 1, 3, 3, 7, 5, 11))},
		nodeCase{op: "Scan", in: all(arr(nil, 0), vec()), attrs: attrs(sum, one), want: all(arr(nil, 0), vec())},
		nodeCase{op: "Scan", opset: 8, in: all(nil, arr([]int{1, 2}, 0), arr([]int{1, 3, 2}, 1, 2, 3, 4, 5, 6)), attrs: attrs(sum, one),
			want: all(arr([]int{1, 2}, 9, 12), arr([]int{1, 3, 2}, 1, 2, 4, 6, 9, 12))},
		nodeCase{op: "Scan", in: all(vec(0, 0), x), attrs: attrs(sum), err: "0 of 2 inputs are to be scanned"},
		nodeCase{op: "Scan", in: all(vec(0, 0), arr(nil, 1)), attrs: attrs(sum, one), err: "does not exist"},
		nodeCase{op: "Scan", in: all(x, vec(0, 0)), attrs: attrs(sum, graph.IntAttr("num_scan_inputs", 2)), err: "3 and 2 slices"},
		nodeCase{op: "Scan", opset: 8, in: all(i64(1), vec(0), vec(0)), attrs: attrs(sum, one), err: "sequence lengths"},
		nodeCase{op: "Scan", opset: 8, in: all(nil, arr(nil, 0)), attrs: attrs(sum, one), err: "no batch"},
	)
}

// TestScope looks from inside a graph at the values around it, which must still be there.
func TestScope(t *testing.T) {
	m := &graph.Model{IRVersion: 8, Opsets: []graph.Opset{{Version: 16}}, Graph: &graph.Graph{
		Name:   "g",
		Inputs: []*graph.Value{{Name: "go", Type: graph.Bool}, {Name: "x", Type: graph.Float}},
		Nodes: []*graph.Node{
			node("Neg", "x", "y"),
			node("Abs", "y", "z"), // the last direct use of y
			node("If", "go", "r",
				graphAttr("then_branch", "", "a", node("Add", "y z", "a")),
				graphAttr("else_branch", "", "y")),
		},
		Outputs: values("r"),
	}}
	e, err := reference.New(m)
	if err != nil {
		t.Fatal(err)
	}
	for go_, want := range map[int64]float64{1: 0, 0: -3} {
		var seen []string
		out, err := e.Observe(map[string]*reference.Tensor{"go": whole(graph.Bool, nil, go_), "x": vec(3)}, func(name string, _ *reference.Tensor) {
			seen = append(seen, name)
		})
		if err != nil {
			t.Fatal(err)
		}
		same(t, "r", out["r"], vec(want))
		if got := strings.Join(seen, " "); got != "y z r" {
			t.Errorf("seen are %s", got)
		}
	}
}
