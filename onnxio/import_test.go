package onnxio

import (
	"strings"
	"testing"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/onnxio/graph"
)

func TestModelsThatAreNoNetworkAreRefused(t *testing.T) {
	relu := func() *graph.Model { return model(nn.Shape{2, 3, 4}, nil, node("Relu", "x", "y")) }
	for _, c := range []struct {
		name   string
		change func(m *graph.Model)
		want   string
	}{
		{"opset 99", func(m *graph.Model) { m.Opsets[0].Version = 99 }, "opset 99 is not read; 1 to 28 are"},
		{"IR 2", func(m *graph.Model) { m.IRVersion = 2 }, "ir_version 2 is not read, only 3 to 14"},
		{"IR 15", func(m *graph.Model) { m.IRVersion = 15 }, "ir_version 15 is not read, only 3 to 14"},
		{"no opset of ONNX's own", func(m *graph.Model) {
			m.Opsets[0].Domain, m.Graph.Nodes[0].Domain = "com.example", "com.example"
		}, "opset 0 is not read"},
		{"no graph", func(m *graph.Model) { m.Graph = nil }, "graph is missing"},
		{"two inputs", func(m *graph.Model) { m.Graph.Inputs = append(m.Graph.Inputs, batchOf("x2", nn.Shape{3})) }, "the model has 2 inputs; a network has 1"},
		{"no input", func(m *graph.Model) {
			m.Graph.Inputs, m.Graph.Nodes[0] = nil, node("Constant", "", "y", graph.FloatAttr("value_float", 1))
		}, "the model has 0 inputs"},
		{"two outputs", func(m *graph.Model) { m.Graph.Outputs = append(m.Graph.Outputs, m.Graph.Outputs[0]) }, "the model has 2 outputs; a network has 1"},
		{"no output", func(m *graph.Model) { m.Graph.Outputs = nil }, "the model has 0 outputs"},
		{"missing output", func(m *graph.Model) { m.Graph.Outputs[0].Name = "z" }, `output 0 "z": nothing in the graph defines it`},
		{"output is the input", func(m *graph.Model) { m.Graph.Outputs[0].Name = "x" }, `output "x" is not the result of a layer`},
		{"output is a constant", func(m *graph.Model) {
			m.Graph.Initializers, m.Graph.Outputs[0].Name = []*graph.Tensor{tensor("c", 2)}, "c"
		}, `output "c" is not the result of a layer`},
		{"element type INT64", func(m *graph.Model) { m.Graph.Inputs[0].Type = graph.Int64 }, `input "x" has element type INT64; need FLOAT`},
		{"no shape", func(m *graph.Model) { m.Graph.Inputs[0].HasShape, m.Graph.Inputs[0].Shape = false, nil }, `input "x" has no shape (N, …)`},
		{"only a batch axis", func(m *graph.Model) { m.Graph.Inputs[0].Shape = m.Graph.Inputs[0].Shape[:1] }, `input "x" has no shape (N, …)`},
		{"dynamic height", func(m *graph.Model) { m.Graph.Inputs[0].Shape[2] = graph.Dim{Param: "H"} }, `input "x" has shape (N, 2, H, 4): axis 2 is open; give --size HxW, or data`},
		{"unknown width", func(m *graph.Model) { m.Graph.Inputs[0].Shape[3] = graph.Dim{Size: -1} }, `input "x" has shape (N, 2, 3, ?): axis 3 is open`},
		{"empty axis", func(m *graph.Model) { m.Graph.Inputs[0].Shape[1] = graph.Dim{} }, `axis 1 is 0`},
		{"huge axis", func(m *graph.Model) { m.Graph.Inputs[0].Shape[1].Size = 1 << 40 }, `axis 1 is 1099511627776`},
		{"huge sample", func(m *graph.Model) {
			for i := range 3 {
				m.Graph.Inputs[0].Shape[1+i].Size = 1 << 20
			}
			m.Graph.Initializers = []*graph.Tensor{tensor("a", 1)}
			m.Graph.Nodes[0] = node("PRelu", "x a", "y")
		}, `input "x" has samples of shape (1048576, 1048576, 1048576); at most 16777216 elements are read`},
		{"Constant of a word", func(m *graph.Model) {
			m.Graph.Nodes = []*graph.Node{node("Constant", "", "c", graph.StringAttr("value_string", "one")), node("Add", "x c", "y")}
		}, `Constant "c" (it holds no numbers)`},
		{"Constant of another name", func(m *graph.Model) {
			m.Graph.Nodes = []*graph.Node{node("Constant", "", "c", graph.FloatAttr("number", 1)), node("Add", "x c", "y")}
		}, `Constant "c" (it holds no numbers)`},
		{"Constant without value", func(m *graph.Model) {
			m.Graph.Nodes = []*graph.Node{node("Constant", "", "c"), node("Add", "x c", "y")}
		}, `Constant "c" (it holds no numbers)`},
	} {
		t.Run(c.name, func(t *testing.T) {
			m := relu()
			c.change(m)
			refuses(t, m, c.want)
		})
	}
}

func TestAllNodesThatCannotBeTakenAreListedAtOnce(t *testing.T) {
	own := node("Own", "h", "o")
	own.Domain = "com.example"
	noName := node("Sin", "h", "e")
	noName.Name = ""
	m := model(nn.Shape{2, 3, 4}, []*graph.Tensor{tensor("w", 1, 2, 3, 3)},
		node("Relu", "x", "h"), own, noName,
		node("Constant", "", "c", graph.StringAttr("value_string", "one")),
		node("Conv", "h w", "g", graph.IntAttr("group", 3)),
		node("Conv", "h w", "i", graph.StringAttr("colour", "red")),
		node("Conv", "g w", "j"), // cannot be judged: it reads one that is listed
		node("Sum", "o e c i j", "k"),
		node("Sin", "k", "y"),
	)
	m.Opsets = append(m.Opsets, graph.Opset{Domain: "com.example", Version: 1})
	err := refuses(t, m,
		"6 of its 9 nodes cannot be read as layers: ",
		`com.example.Own "o" (no layer for this operator)`,
		`Sin "e", "y" (no layer for this operator)`,
		`Conv "g" (weight (1, 2, 3, 3) with group 3 does not fit`,
		`Conv "i" (attribute "colour" is not known for it)`,
		`Constant "c" (it holds no numbers)`,
	)
	if got := problems(t, err); len(got) != 6 || got["o"].OpType != "com.example.Own" {
		t.Errorf("listed: %v", got)
	}
}

// What nobody reads is not part of the network, and import says so.
func TestNodesThatNobodyReadsAreLeftOut(t *testing.T) {
	for name, nodes := range map[string][]*graph.Node{
		"before": {node("Tanh", "x", "z"), node("Relu", "x", "y")},
		"after":  {node("Relu", "x", "y"), node("Sin", "y", "z")},
	} {
		im := imports(t, model(nn.Shape{2, 3, 4}, nil, nodes...))
		if got := describe(im.Network); got != "act=relu(2, 3, 4)" {
			t.Errorf("%s: read as %s", name, got)
		}
		if len(im.Notes) != 1 || !strings.Contains(im.Notes[0], `"z"`) || !strings.Contains(im.Notes[0], "nobody reads") {
			t.Errorf("%s: notes %q", name, im.Notes)
		}
	}
}

// Initializers, Constant nodes in all forms, and either passed on by Identity.
func TestConstantsInAllForms(t *testing.T) {
	values := []float32{0.5, -1}
	for _, c := range []struct {
		name string
		bias []*graph.Node
		init []*graph.Tensor
	}{
		{"initializer", nil, []*graph.Tensor{graph.Float32Tensor("b", []int64{2}, values)}},
		{"value", []*graph.Node{node("Constant", "", "b", graph.TensorAttr("value", graph.Float32Tensor("", []int64{2}, values)))}, nil},
		{"value_floats", []*graph.Node{node("Constant", "", "b", &graph.Attr{Name: "value_floats", Value: values})}, nil},
		{"Identity of an initializer", []*graph.Node{node("Identity", "a", "b")}, []*graph.Tensor{graph.Float32Tensor("a", []int64{2}, values)}},
		{"Identity of a Constant", []*graph.Node{
			node("Constant", "", "a", &graph.Attr{Name: "value_floats", Value: values}), node("Identity", "a", "b"),
		}, nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			inits := append(c.init, tensor("w", 2, 3))
			nodes := append(c.bias, node("Gemm", "x w b", "y", graph.IntAttr("transB", 1)))
			net := imports(t, model(nn.Shape{3}, inits, nodes...)).Network
			sameBits(t, "bias", net.Param("dense.bias").Data, values)
		})
	}
	shape := node("Constant", "", "s", graph.IntsAttr("value_ints", -1, 24))
	imports(t, model(nn.Shape{2, 3, 4}, nil, shape, node("Reshape", "x s", "y")))

	swish := []*graph.Node{node("Mul", "x b", "p"), node("Sigmoid", "p", "s"), node("Mul", "x s", "y")}
	for name, beta := range map[string]*graph.Attr{
		"value":        graph.TensorAttr("value", graph.Float32Tensor("", []int64{1, 1, 1}, []float32{1.5})),
		"value_float":  graph.FloatAttr("value_float", 1.5),
		"value_floats": {Name: "value_floats", Value: []float32{1.5}},
	} {
		m := model(nn.Shape{2, 3, 4}, nil, append([]*graph.Node{node("Constant", "", "b", beta)}, swish...)...)
		if got := settings(imports(t, m).Network.Nodes()[0].Layer); got != "swish:1.5" {
			t.Errorf("%s: read as %s", name, got)
		}
	}
	// ONNX multiplies floats by floats of the same type only.
	double := &graph.Tensor{Type: graph.Double, Raw: make([]byte, 8)}
	for _, beta := range []*graph.Attr{graph.IntAttr("value_int", 2), graph.TensorAttr("value", double)} {
		refuses(t, model(nn.Shape{4}, nil, append([]*graph.Node{node("Constant", "", "b", beta)}, swish...)...), `Mul "p"`)
	}
}

// Before IR version 4 every initializer was an input too.
func TestInitializersMayBeInputs(t *testing.T) {
	w := tensor("w", 2, 3)
	m := model(nn.Shape{3}, []*graph.Tensor{w}, node("Gemm", "x w", "y", graph.IntAttr("transB", 1)))
	m.Graph.Inputs = append(m.Graph.Inputs, &graph.Value{Name: "w", Type: graph.Float})
	if im := imports(t, m); im.Input != "x" || im.Network.NumParams() != 6 {
		t.Errorf("input %q, %d parameters", im.Input, im.Network.NumParams())
	}
}

func TestFixedBatchIsNoted(t *testing.T) {
	for batch, want := range map[int64]int{0: 0, 1: 0, 8: 1} {
		m := model(nn.Shape{3}, nil, node("Relu", "x", "y"))
		if batch > 0 {
			m.Graph.Inputs[0].Shape[0] = graph.Dim{Size: batch}
		}
		im := imports(t, m)
		if len(im.Notes) != want || want == 1 && im.Notes[0] != "the file fixes the batch at 8; the network takes any" {
			t.Errorf("batch %d: notes %q", batch, im.Notes)
		}
		run(t, im.Network, 3)
	}
}

func TestSharedTensorsBecomeEachLayersOwn(t *testing.T) {
	m := model(nn.Shape{3}, []*graph.Tensor{tensor("a.slope", 3)},
		node("PRelu", "x a.slope", "h"), node("Identity", "a.slope", "again"), node("PRelu", "h again", "y"))
	im := imports(t, m)
	if want := `layers a and act1 shared the tensor "a.slope"; each has its own now`; len(im.Notes) != 1 || im.Notes[0] != want {
		t.Errorf("notes %q, want %q", im.Notes, want)
	}
	first, second := im.Network.Params()[0], im.Network.Params()[1]
	sameBits(t, "slope", second.Data, first.Data)
	if second.Data[0]++; first.Data[0] == second.Data[0] {
		t.Error("the layers still share their slopes")
	}
}

func TestNamesOfOtherExporters(t *testing.T) {
	// PyTorch's TorchScript exporter: the module's path.
	im := imports(t, model(nn.Shape{3}, []*graph.Tensor{tensor("onnx::PRelu_3", 3), tensor("enc.lin.weight", 3, 3)},
		path("/enc/act/PRelu", node("PRelu", "x onnx::PRelu_3", "h")),
		path("/enc/lin/Gemm", node("Gemm", "h enc.lin.weight", "g")),
		path("/enc/act/PRelu_1", node("PRelu", "g onnx::PRelu_3", "k")), // the name is taken
		path("Relu_7", node("Relu", "k", "y")),
	))
	if got, want := describe(im.Network), "enc.act=prelu:element(3) enc.lin=Dense{Out:3 NoBias:true}(3) act1=prelu:element(3) act2=relu(3)"; got != want {
		t.Errorf("read as\n%s\nwant\n%s", got, want)
	}
}

// path names a node as TorchScript does.
func path(name string, n *graph.Node) *graph.Node {
	n.Name = name
	return n
}
