package main

import (
	"os"
	"testing"

	"google.golang.org/protobuf/encoding/protowire"

	"github.com/gonn-toolkit/gonn/onnxio/graph"
)

// writeUnreadable writes files that no command makes a network of, each with another
// reason.
func writeUnreadable(t *testing.T) {
	t.Helper()
	vector := func(name string, kind graph.DataType) *graph.Value {
		return &graph.Value{Name: name, Type: kind, HasShape: true, Shape: []graph.Dim{{Param: "N"}, {Size: 3}}}
	}
	float := func(name string, dims ...int64) *graph.Tensor {
		x, err := graph.FromFloat64s(name, graph.Float, dims, []float64{0.5})
		if err != nil {
			t.Fatal(err)
		}
		return x
	}
	model := func(nodes ...*graph.Node) *graph.Model {
		return &graph.Model{IRVersion: 8, Opsets: []graph.Opset{{Version: 16}}, Graph: &graph.Graph{
			Name: "g", Nodes: nodes, Initializers: []*graph.Tensor{float("scale")},
			Inputs: []*graph.Value{vector("x", graph.Float)}, Outputs: []*graph.Value{vector("y", graph.Float)},
		}}
	}
	node := func(op, in, out string, more ...string) *graph.Node {
		return &graph.Node{Name: op + "1", OpType: op, Inputs: append([]string{in}, more...), Outputs: []string{out}}
	}

	writeModel(t, "quantised.onnx", model(node("QuantizeLinear", "x", "q", "scale"), node("DequantizeLinear", "q", "y", "scale")))

	branch := func(op string) *graph.Graph {
		return &graph.Graph{Name: op, Nodes: []*graph.Node{node(op, "x", "r")}, Outputs: []*graph.Value{{Name: "r", Type: graph.Float}}}
	}
	truth, err := graph.FromBools("yes", nil, []bool{true})
	if err != nil {
		t.Fatal(err)
	}
	control := model(&graph.Node{Name: "If1", OpType: "If", Inputs: []string{"yes"}, Outputs: []string{"y"},
		Attrs: []*graph.Attr{{Name: "then_branch", Value: branch("Relu")}, {Name: "else_branch", Value: branch("Neg")}}})
	control.Graph.Initializers = []*graph.Tensor{truth}
	writeModel(t, "control.onnx", control)

	writeModel(t, "unknown.onnx", model(node("Frobnicate", "x", "h"), node("Tanh", "h", "t"), node("Defrobnicate", "t", "y")))

	two := model(node("Relu", "x", "y"), node("Tanh", "x", "z"))
	two.Graph.Outputs = append(two.Graph.Outputs, vector("z", graph.Float))
	writeModel(t, "two-outputs.onnx", two)

	// The writer writes no sparse tensors.
	message := func(b []byte, field protowire.Number, body []byte) []byte {
		return protowire.AppendBytes(protowire.AppendTag(b, field, protowire.BytesType), body)
	}
	number := func(b []byte, field protowire.Number, v uint64) []byte {
		return protowire.AppendVarint(protowire.AppendTag(b, field, protowire.VarintType), v)
	}
	g := message(message(nil, 2, []byte("g")), 15, nil)
	sparse := message(message(number(nil, 1, 8), 7, g), 8, number(nil, 2, 16))
	if err := os.WriteFile("sparse.onnx", sparse, 0o666); err != nil {
		t.Fatal(err)
	}
}
