package onnxio

import (
	"errors"
	"strings"
	"testing"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/onnxio/graph"
	"github.com/gonn-toolkit/gonn/onnxio/reference"
)

// A file that contradicts ONNX or itself is no network, and the error names the place.
func TestContradictionsAreRefused(t *testing.T) {
	axes := func(v ...int64) *graph.Tensor { return graph.Int64Tensor("a", []int64{int64(len(v))}, v) }
	one := func(opset int64, n *graph.Node, inits ...*graph.Tensor) *graph.Model {
		return inOpset(model(nn.Shape{4}, inits, n), opset)
	}
	dense := func(change func(g *graph.Graph)) *graph.Model {
		m := model(nn.Shape{4}, []*graph.Tensor{tensor("w", 4, 4)}, node("Gemm", "x w", "t"), node("Relu", "t", "y"))
		change(m.Graph)
		return m
	}
	value := func(name string, typ graph.DataType, sizes ...int64) *graph.Value {
		v := &graph.Value{Name: name, Type: typ, HasShape: true}
		for _, s := range sizes {
			v.Shape = append(v.Shape, graph.Dim{Size: s})
		}
		return v
	}
	declared := func(v *graph.Value) func(g *graph.Graph) {
		return func(g *graph.Graph) {
			switch v.Name {
			case "w":
				g.Inputs = append(g.Inputs, v)
			case "y":
				g.Outputs[0] = v
			default:
				g.ValueInfo = append(g.ValueInfo, v)
			}
		}
	}
	bound := graph.Float32Tensor("a", nil, []float32{1})
	for _, c := range []struct {
		name string
		m    *graph.Model
		want string
	}{
		{"Gelu before opset 20", one(17, node("Gelu", "x", "y")), `node "y" (Gelu): ONNX has the operator Gelu from opset 20 on, the file states opset 17`},
		{"Mish before opset 18", one(14, node("Mish", "x", "y")), "from opset 18 on, the file states opset 14"},
		{"HardSwish before opset 14", one(13, node("HardSwish", "x", "y")), "from opset 14 on, the file states opset 13"},
		{"inputs of Clip", one(6, node("Clip", "x a", "y"), bound), "it has 2 inputs, Clip of opset 6 has 1"},
		{"an input of ReduceMax", one(13, node("ReduceMax", "x a", "y"), axes(1)), "it has 2 inputs, ReduceMax of opset 13 has 1"},
		{"an input of Squeeze", one(11, node("Squeeze", "x a", "y"), axes(1)), "it has 2 inputs, Squeeze of opset 11 has 1"},
		{"an input of Reshape", one(1, node("Reshape", "x a", "y"), axes(-1, 4)), "it has 2 inputs, Reshape of opset 1 has 1"},
		{"an attribute of Squeeze", one(13, node("Squeeze", "x", "y", graph.IntsAttr("axes", 1))), `Squeeze of opset 13 has no attribute "axes", only before opset 13`},
		{"a word", one(18, node("Pad", "x a", "y", graph.StringAttr("mode", "SAME_UPPER")), axes(0, 0, 0, 0)), `attribute "mode" is "SAME_UPPER", Pad of opset 18 has constant, reflect, edge`},
		{"a flag", one(13, node("Gemm", "x w", "y", graph.IntAttr("transB", -1)), tensor("w", 4, 4)), `attribute "transB" is -1, Gemm of opset 13 has 0, 1`},
		{"shapes that broadcast unsaid", one(6, node("Mul", "x a", "y"), bound), `input 0 "x" of shape (?, 4) and input 1 "a" of shape () differ, and attribute "broadcast" is not 1`},
		{"one sample for each", one(6, node("Mul", "w x", "y"), tensor("w", 1, 4)), `input 0 "w" of shape (1, 4) and input 1 "x" of shape (?, 4) differ`},
		{"a constant of Pad", one(18, node("Pad", "x a c", "y"), axes(0, 0, 0, 0), tensor("c", 4)), `input 2 "c" of shape (4) must have one element`},
		{"an operator that is gone", one(10, node("Upsample", "x a", "y"), tensor("a", 2)), `node "y" (Upsample): the operator Upsample is deprecated from opset 10 on`},
		{"type of the output", dense(declared(value("y", graph.Int16, -1, 4))), `output 0 "y": it is declared as INT16, but is FLOAT`},
		{"shape of the output", dense(declared(value("y", graph.Float, -1, 7))), `output 0 "y": it is declared with shape (?, 7), but has (?, 4)`},
		{"rank of the output", dense(declared(value("y", graph.Float, 4))), `output 0 "y": it is declared with shape (4)`},
		{"type of an initializer", dense(declared(value("w", graph.Int64, 4, 4))), `input "w": it is declared as INT64, but is FLOAT by its initializer`},
		{"shape of an initializer", dense(declared(value("w", graph.Float, 2, 8))), `input "w": it is declared with shape (2, 8), but has (4, 4) by its initializer`},
		{"type in value_info", dense(declared(value("t", graph.Double, -1, 4))), `value_info "t": it is declared as DOUBLE, but is FLOAT by node "t" (Gemm)`},
		{"shape in value_info", dense(declared(value("t", graph.Float, -1, 9))), `value_info "t": it is declared with shape (?, 9), but has (?, 4) by node "t" (Gemm)`},
	} {
		t.Run(c.name, func(t *testing.T) {
			im, err := Import(c.m)
			var wrong *ContradictionError
			if im != nil || !errors.As(err, &wrong) || !strings.Contains(err.Error(), c.want) {
				t.Errorf("error %v, want a contradiction: %s", err, c.want)
			}
		})
	}
}

// Symbols are no contradiction of sizes, nor is what a tool leaves of a value that is gone.
func TestDeclarationsThatSayLessAreTaken(t *testing.T) {
	m := model(nn.Shape{4}, []*graph.Tensor{tensor("w", 4, 4)}, node("Gemm", "x w", "t"), node("Relu", "t", "y"))
	open := func(name string) *graph.Value {
		return &graph.Value{Name: name, Type: graph.Float, HasShape: true, Shape: []graph.Dim{{Param: "M"}, {Size: -1}}}
	}
	m.Graph.Outputs[0] = open("y")
	m.Graph.ValueInfo = []*graph.Value{open("t"), {Name: "gone", Type: graph.Int8}, {Name: "t"}}
	imports(t, m)
}

// The evaluator runs what it understands.
func TestEvaluatorRunsContradictions(t *testing.T) {
	m := inOpset(model(nn.Shape{4}, nil, node("Gelu", "x", "y")), 17)
	e, err := reference.New(m)
	if err != nil {
		t.Fatal(err)
	}
	out, err := e.Run(map[string]*reference.Tensor{"x": reference.FromFloat32s([]int{1, 4}, []float32{0, 1, 2, 3})})
	if err != nil || len(out["y"].Floats) != 4 || out["y"].Floats[0] != 0 || out["y"].Floats[3] < 2.9 {
		t.Errorf("%v, %v", out["y"], err)
	}
}
