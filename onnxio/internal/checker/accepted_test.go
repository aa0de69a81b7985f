package checker

import (
	"strings"
	"testing"

	"github.com/gonn-toolkit/gonn/onnxio/graph"
)

// node is an operator that reads names, separated by spaces, and gives out.
func node(op, inputs, out string, attrs ...*graph.Attr) *graph.Node {
	n := &graph.Node{OpType: op, Outputs: []string{out}, Attrs: attrs}
	for name := range strings.SplitSeq(inputs, " ") {
		n.Inputs = append(n.Inputs, strings.Trim(name, "-"))
	}
	return n
}

func floats(name string, dims ...graph.Dim) *graph.Value {
	return &graph.Value{Name: name, Type: graph.Float, HasShape: true, Shape: dims}
}

func size(n int64) graph.Dim { return graph.Dim{Size: n} }

func ints(name string, v ...int64) *graph.Tensor {
	return graph.Int64Tensor(name, []int64{int64(len(v))}, v)
}

// branches are a choice between constants of so many elements, both called z.
func branches(then, otherwise int64) []*graph.Node {
	constant := func(n int64) *graph.Graph {
		return &graph.Graph{Name: "constant", Outputs: []*graph.Value{{Name: "z"}},
			Initializers: []*graph.Tensor{graph.Float32Tensor("z", []int64{n}, make([]float32, n))}}
	}
	return []*graph.Node{node("Cast", "x", "yes", graph.IntAttr("to", int64(graph.Bool))),
		node("If", "yes", "y", &graph.Attr{Name: "then_branch", Value: constant(then)}, &graph.Attr{Name: "else_branch", Value: constant(otherwise)})}
}

// What may be right is not refused, though it is close to what is wrong.
func TestNoContradictionIsMadeUp(t *testing.T) {
	index := &graph.Value{Name: "x", Type: graph.Int64, HasShape: true}
	small, long := floats("x", size(1), size(1), size(2)), floats("x", size(1), size(1), graph.Dim{Param: "length"})
	kernel := graph.Float32Tensor("w", []int64{1, 1, 3}, make([]float32, 3))
	pool := []*graph.Attr{graph.IntsAttr("kernel_shape", 3), graph.IntsAttr("strides", 2)}
	depth := []*graph.Tensor{graph.Int64Tensor("depth", nil, []int64{5}), graph.Float32Tensor("values", []int64{2}, []float32{0, 1})}
	five := graph.Float32Tensor("five", []int64{5}, make([]float32, 5))
	frames := []*graph.Node{node("Shape", "x", "shape"), node("Gather", "shape two", "samples"), node("Div", "samples hop", "frames"),
		node("ConstantOfShape", "frames", "zeros"), node("Add", "zeros five", "y")}
	for _, test := range []struct {
		name  string
		in    []*graph.Value
		out   *graph.Value
		init  []*graph.Tensor
		nodes []*graph.Node
		want  string // of the problem, "" for none
	}{
		{"one hot of a scalar", []*graph.Value{index}, floats("y", size(5)), depth, []*graph.Node{node("OneHot", "x depth values", "y")}, ""},
		{"one hot at a second axis of one", []*graph.Value{index}, floats("y"), depth, []*graph.Node{node("OneHot", "x depth values", "y", graph.IntAttr("axis", 1))}, `"axis" is 1`},
		{"a window over the end", []*graph.Value{small}, floats("y", size(1), size(1), size(1)), nil, []*graph.Node{node("MaxPool", "x", "y", append(pool, graph.IntAttr("ceil_mode", 1))...)}, ""},
		{"a window over the end that is left out", []*graph.Value{small}, floats("y", size(1), size(1), size(1)), nil, []*graph.Node{node("MaxPool", "x", "y", pool...)}, `"kernel_shape" is [3]`},
		{"factors of which there may be none", []*graph.Value{small, floats("f", graph.Dim{Param: "factors"})}, floats("y", size(1), size(1), size(4)), []*graph.Tensor{ints("to", 1, 1, 4)}, []*graph.Node{node("Resize", "x - f to", "y")}, ""},
		{"factors and sizes", []*graph.Value{small, floats("f", size(3))}, floats("y", size(1), size(1), size(4)), []*graph.Tensor{ints("to", 1, 1, 4)}, []*graph.Node{node("Resize", "x - f to", "y")}, "2 of the inputs scales and sizes"},
		{"a stride larger than a size may be", []*graph.Value{long}, floats("y", size(1), size(1), size(64)), []*graph.Tensor{kernel}, []*graph.Node{node("Conv", "x w", "y", graph.IntsAttr("strides", 160), graph.IntsAttr("pads", 1, 1))}, ""},
		{"strides of no numbers", []*graph.Value{long}, floats("y", size(1), size(1), size(64)), []*graph.Tensor{kernel}, []*graph.Node{node("Conv", "x w", "y", graph.IntsAttr("strides"))}, `"strides" has 0 numbers`},
		{"a permutation of no axes", []*graph.Value{small}, floats("y", size(2), size(1), size(1)), nil, []*graph.Node{node("Transpose", "x", "y", graph.IntsAttr("perm"))}, `"perm" is []`},
		{"a kernel of no elements", []*graph.Value{small}, floats("y", size(1), size(1), size(3)), []*graph.Tensor{graph.Float32Tensor("w", []int64{1, 1, 0}, nil)}, []*graph.Node{node("ConvTranspose", "x w", "y")}, "is a kernel of no elements"},
		{"axes that are none", []*graph.Value{small}, floats("y", size(1), size(1), size(4)), []*graph.Tensor{ints("to", 4)}, []*graph.Node{node("Resize", "x - - to", "y", graph.IntsAttr("axes", -9))}, `"axes" is [-9]`},
		{"another number of outputs", []*graph.Value{small}, floats("y", size(1), size(1), size(2)), nil, []*graph.Node{node("Split", "x", "y", graph.IntAttr("num_outputs", 2))}, `"num_outputs" is 2, but there are 1 outputs`},
		{"another size of the channels", []*graph.Value{long}, floats("y", size(1), size(2), size(64)), []*graph.Tensor{kernel}, []*graph.Node{node("Conv", "x w", "y", graph.IntsAttr("strides", 160), graph.IntsAttr("pads", 1, 1))}, "it is declared with shape (1, 2, 64)"},
		{"a divisor larger than a size may be", []*graph.Value{long}, floats("y", size(5)), []*graph.Tensor{ints("two", 2), ints("hop", 160), five}, frames, ""},
		{"branches that use one name", []*graph.Value{index}, floats("y", size(3)), nil, branches(3, 5), ""},
		{"branches that give one shape", []*graph.Value{index}, floats("y", size(3)), nil, branches(5, 5), "it is declared with shape (3)"},
	} {
		m := &graph.Model{IRVersion: 8, Opsets: []graph.Opset{{Version: 18}}, Graph: &graph.Graph{Name: "g",
			Inputs: test.in, Outputs: []*graph.Value{test.out}, Initializers: test.init, Nodes: test.nodes}}
		if err := m.Check(); err != nil {
			t.Fatalf("%s: %v", test.name, err)
		}
		problems := Check(m)
		switch {
		case test.want == "" && len(problems) > 0:
			t.Errorf("%s: refused: %v", test.name, problems[0])
		case test.want != "" && (len(problems) == 0 || !strings.Contains(problems[0].Error(), test.want)):
			t.Errorf("%s: %v, want a problem with %s", test.name, problems, test.want)
		}
	}
}

// However many nodes are wrong, the list is bounded, and all that it has is marked.
func TestProblemsAreBounded(t *testing.T) {
	g := &graph.Graph{Name: "g", Inputs: []*graph.Value{floats("x", size(1))}, Outputs: []*graph.Value{floats("y", size(1))}}
	for range mostProblems + 1 {
		g.Nodes = append(g.Nodes, node("Erfc", "x", ""))
	}
	g.Nodes = append(g.Nodes, node("Relu", "x", "y"))
	problems := Check(&graph.Model{IRVersion: 8, Opsets: []graph.Opset{{Version: 17}}, Graph: g})
	if len(problems) != mostProblems {
		t.Fatalf("%d problems, want %d", len(problems), mostProblems)
	}
	for i, p := range problems {
		if !p.Unknown {
			t.Errorf("problem %d, %v, is not marked as an operator that ONNX does not have", i, p)
		}
	}
}
