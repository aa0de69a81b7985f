package onnxio

import (
	"slices"
	"strings"
	"testing"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/onnxio/graph"
)

// ofType is a tensor of small values that all types hold exactly.
func ofType(t *testing.T, typ graph.DataType, name string, dims ...int64) *graph.Tensor {
	t.Helper()
	v := make([]float64, nn.Shape(dimsOf(&graph.Tensor{Dims: dims})).Size())
	for i := range v {
		v[i] = float64(i%7) - 2.5
	}
	x, err := graph.FromFloat64s(name, typ, dims, v)
	if err != nil {
		t.Fatal(err)
	}
	return x
}

// What computes in another type of fractions is read as a network in float32.
func TestOtherTypesOfFractions(t *testing.T) {
	network := func(typ graph.DataType) *graph.Model {
		slope := ofType(t, typ, "", 4, 1, 1)
		return model(nn.Shape{3, 5, 5}, []*graph.Tensor{ofType(t, typ, "conv.weight", 4, 3, 3, 3), ofType(t, typ, "conv.bias", 4)},
			node("Constant", "", "alpha", graph.TensorAttr("value", slope)),
			node("Conv", "x conv.weight conv.bias", "c"), node("PRelu", "c alpha", "y"))
	}
	want := imports(t, network(graph.Float))
	for _, typ := range []graph.DataType{graph.Float16, graph.BFloat16, graph.Double} {
		m := network(typ)
		m.Graph.Inputs[0].Type, m.Graph.Outputs[0].Type = typ, typ
		im := imports(t, m)
		sameNetwork(t, im.Network, want.Network)
		if note := "the file computes in " + typ.String() + "; the network in FLOAT"; !slices.Contains(im.Notes, note) {
			t.Errorf("notes %q, want %q", im.Notes, note)
		}
		if m.Graph.Initializers[0].Type != typ || m.Graph.Inputs[0].Type != typ {
			t.Errorf("%v: the model was changed", typ)
		}
	}
	// Ends in FLOAT, as tools for mixed precision leave them.
	for _, typ := range []graph.DataType{graph.Float16, graph.BFloat16} {
		m := network(typ)
		m.Graph.Nodes = append([]*graph.Node{node("Cast", "x", "half", graph.IntAttr("to", int64(typ)))}, m.Graph.Nodes...)
		m.Graph.Nodes[2].Inputs[0], m.Graph.Nodes[3].Outputs[0] = "half", "z"
		m.Graph.Nodes = append(m.Graph.Nodes, node("Cast", "z", "y", graph.IntAttr("to", int64(graph.Float))))
		im := imports(t, m)
		sameNetwork(t, im.Network, want.Network)
		if !slices.ContainsFunc(im.Notes, func(n string) bool { return strings.Contains(n, "computes in "+typ.String()+";") }) {
			t.Errorf("notes %q", im.Notes)
		}
	}
}

// A model that mixes types without a Cast is no ONNX model.
func TestTypesAreNotMixed(t *testing.T) {
	refuses(t, model(nn.Shape{3, 5, 5}, []*graph.Tensor{ofType(t, graph.Float16, "w", 4, 3, 3, 3)}, node("Conv", "x w", "y")),
		`Conv "y" (its weight "w" has element type FLOAT16; need FLOAT)`)
	halves := model(nn.Shape{3, 5, 5}, []*graph.Tensor{ofType(t, graph.Float, "w", 4, 3, 3, 3)}, node("Conv", "x w", "y"))
	halves.Graph.Inputs[0].Type, halves.Graph.Outputs[0].Type = graph.Float16, graph.Float16
	refuses(t, halves, `node "y" (Conv): input 0 "x" has type FLOAT16 and input 1 "w" type FLOAT`)
	bad := ofType(t, graph.Float16, "w", 4, 3, 3, 3)
	bad.Raw = bad.Raw[1:]
	m := model(nn.Shape{3, 5, 5}, []*graph.Tensor{bad}, node("Conv", "x w", "y"))
	m.Graph.Inputs[0].Type = graph.Float16
	refuses(t, m, `tensor "w"`)
	large, err := graph.FromFloat64s("w", graph.Double, []int64{1, 1, 1, 2}, []float64{1, -1e60})
	if err != nil {
		t.Fatal(err)
	}
	m = model(nn.Shape{1, 5, 5}, []*graph.Tensor{large}, node("Conv", "x w", "y"))
	m.Graph.Inputs[0].Type = graph.Double
	refuses(t, m, `tensor "w": element 1 is -1e+60, which float32 does not hold`)
}
