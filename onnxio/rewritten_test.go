package onnxio

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/nn/activation"
	"github.com/gonn-toolkit/gonn/nn/layer"
	"github.com/gonn-toolkit/gonn/onnxio/graph"
)

// rewritings are what tools make of a file of gonn's. All leave its producer's name in it.
var rewritings = []struct {
	name   string
	close  float64
	change func(t *testing.T, m *graph.Model)
}{
	{"names stripped", 1e-6, func(_ *testing.T, m *graph.Model) {
		rename(m.Graph, func(i int, _ string) string { return fmt.Sprint("v", i) })
	}},
	{"names prefixed", 1e-6, func(_ *testing.T, m *graph.Model) {
		rename(m.Graph, func(_ int, name string) string { return "model/" + name })
	}},
	{"nodes without names", 1e-6, func(_ *testing.T, m *graph.Model) {
		for _, n := range m.Graph.Nodes {
			n.Name = ""
		}
	}},
	{"constants as initializers", 1e-6, func(_ *testing.T, m *graph.Model) { hoistConstants(m.Graph) }},
	{"initializers as constants", 1e-6, func(_ *testing.T, m *graph.Model) {
		var nodes []*graph.Node
		for _, t := range m.Graph.Initializers {
			nodes = append(nodes, &graph.Node{Name: t.Name, OpType: "Constant", Outputs: []string{t.Name}, Attrs: []*graph.Attr{graph.TensorAttr("value", t)}})
		}
		m.Graph.Initializers, m.Graph.Nodes = nil, append(nodes, m.Graph.Nodes...)
	}},
	{"in half precision", 1e-2, func(t *testing.T, m *graph.Model) {
		halve(t, m.Graph)
		m.Graph.Inputs[0].Type, m.Graph.Outputs[0].Type = graph.Float16, graph.Float16
	}},
	{"in half precision between casts", 1e-2, func(t *testing.T, m *graph.Model) {
		halve(t, m.Graph)
		in, out := m.Graph.Inputs[0].Name, m.Graph.Outputs[0].Name
		for _, n := range m.Graph.Nodes {
			replaceAll(n.Inputs, in, "cast_in")
			replaceAll(n.Inputs, out, "cast_out")
			replaceAll(n.Outputs, out, "cast_out")
		}
		first := node("Cast", in, "cast_in", graph.IntAttr("to", int64(graph.Float16)))
		m.Graph.Nodes = append(append([]*graph.Node{first}, m.Graph.Nodes...), node("Cast", "cast_out", out, graph.IntAttr("to", int64(graph.Float))))
	}},
}

func replaceAll(names []string, from, to string) {
	for i, name := range names {
		if name == from {
			names[i] = to
		}
	}
}

// rename gives all values and nodes of a graph other names.
func rename(g *graph.Graph, name func(i int, old string) string) {
	names := map[string]string{"": ""}
	to := func(old string) string {
		if _, known := names[old]; !known {
			names[old] = name(len(names), old)
		}
		return names[old]
	}
	for _, n := range g.Nodes {
		for i := range n.Inputs {
			n.Inputs[i] = to(n.Inputs[i])
		}
		for i := range n.Outputs {
			n.Outputs[i] = to(n.Outputs[i])
		}
		n.Name = "node_" + n.Outputs[0]
	}
	for _, t := range g.Initializers {
		t.Name = to(t.Name)
	}
	for _, v := range slices.Concat(g.Inputs, g.Outputs) {
		v.Name = to(v.Name)
	}
	g.ValueInfo = nil
}

// hoistConstants makes the Constant nodes initializers, as simplifiers do.
func hoistConstants(g *graph.Graph) {
	g.Nodes = slices.DeleteFunc(g.Nodes, func(n *graph.Node) bool {
		if n.OpType != "Constant" {
			return false
		}
		t := *n.Attr("value").Value.(*graph.Tensor)
		t.Name = n.Outputs[0]
		g.Initializers = append(g.Initializers, &t)
		return true
	})
}

// halve makes all numbers with fractions FLOAT16.
func halve(t *testing.T, g *graph.Graph) {
	t.Helper()
	half := func(f *graph.Tensor) *graph.Tensor {
		if f.Type != graph.Float {
			return f
		}
		v, err := f.Float64s()
		if err != nil {
			t.Fatal(err)
		}
		h, err := graph.FromFloat64s(f.Name, graph.Float16, f.Dims, v)
		if err != nil {
			t.Fatal(err)
		}
		return h
	}
	for i, f := range g.Initializers {
		g.Initializers[i] = half(f)
	}
	for _, n := range g.Nodes {
		if a := n.Attr("value"); n.OpType == "Constant" && a != nil {
			a.Value = half(a.Value.(*graph.Tensor))
		}
	}
	g.ValueInfo = nil
}

// rewritable are networks in which much hangs on names and on what a constant is.
func rewritable(t *testing.T) map[string]*nn.Network {
	t.Helper()
	all := layerNets(t)
	picked := map[string]*nn.Network{}
	for _, name := range []string{"branches", "batchnorm vector", "rescaling", "rescaling vector", "swish beside", "gate", "pad value", "separable"} {
		picked[name] = all[name]
	}
	for _, act := range []string{"mish", "swish", "swish:1.5", "swish-beta:channel", "prelu:one", "prelu:element", "leaky:-0.5", "softplus:2", "relu6:4", "gelu"} {
		net, err := nn.Sequential(nn.Shape{1, 6, 6}, layer.Conv{Out: 3, Kernel: [2]int{3, 3}}, layer.NewBatchNorm(nn.PyTorch), activation.Must(act), layer.Flatten{}, layer.Dense{Out: 3}, layer.Softmax{})
		if err != nil {
			t.Fatal(err)
		}
		picked[act] = fillParams(net)
	}
	return picked
}

// A file that a tool has changed is read by what is in it, and computes the same.
func TestRewrittenFilesOfGonn(t *testing.T) {
	for name, net := range rewritable(t) {
		x := nn.NewTensor(append([]int{2}, net.InputShape()...)...)
		for i := range x.Data {
			x.Data[i] = float32(i*7%11)/10 - 0.2
		}
		want, err := net.Forward(x)
		if err != nil {
			t.Fatal(err)
		}
		for _, opset := range WriteOpsets {
			for _, r := range rewritings {
				m, err := graph.Read(encode(t, net, EncodeOptions{Opset: opset, Metadata: map[string]string{"classes": "a,b"}}))
				if err != nil {
					t.Fatal(err)
				}
				r.change(t, m)
				im, err := Import(m)
				if err != nil {
					t.Errorf("%s, opset %d, %s: %v", name, opset, r.name, err)
					continue
				}
				y, err := im.Network.Forward(x)
				if err != nil {
					t.Fatal(err)
				}
				worst, scale := 0.0, 1.0
				for i, v := range want.Data {
					worst, scale = max(worst, math.Abs(float64(v-y.Data[i]))), max(scale, math.Abs(float64(v)))
				}
				if !(worst <= r.close*scale) {
					t.Errorf("%s, opset %d, %s: differs by %g on a scale of %g", name, opset, r.name, worst, scale)
				}
				if im.Metadata["classes"] != "a,b" {
					t.Errorf("metadata %v", im.Metadata)
				}
			}
		}
	}
}

// What tells nothing of the content changes nothing: the layers come back to the bit, under
// their own names.
func TestHeadersDoNotMatter(t *testing.T) {
	for name, net := range rewritable(t) {
		for what, change := range map[string]func(*graph.Model){
			"another producer": func(m *graph.Model) { m.Producer = "another" },
			"no producer":      func(m *graph.Model) { m.Producer = "" },
			"no metadata":      func(m *graph.Model) { m.Metadata = nil },
			"no shapes inside": func(m *graph.Model) { m.Graph.ValueInfo = nil },
			"another graph":    func(m *graph.Model) { m.Graph.Name = "main" },
			"a batch of 1":     func(m *graph.Model) { m.Graph.Inputs[0].Shape[0] = graph.Dim{Size: 1} },
		} {
			m, err := graph.Read(encode(t, net, EncodeOptions{}))
			if err != nil {
				t.Fatal(err)
			}
			change(m)
			if got, want := describe(imports(t, m).Network), describe(net); got != want {
				t.Errorf("%s, %s: read as\n%s, want\n%s", name, what, got, want)
			}
		}
	}
}

// ONNX Runtime's own operators do an activation with the layer in front.
func TestFusedActivations(t *testing.T) {
	inits := []*graph.Tensor{tensor("w", 2, 3, 3, 3), tensor("b", 2), tensor("fc", 24, 4), tensor("fb", 4), tensor("z", 1, 2, 1, 1)}
	microsoft := func(n *graph.Node) *graph.Node {
		n.Domain = "com.microsoft"
		return n
	}
	conv := func(act string, params ...float32) *graph.Node {
		n := node("FusedConv", "x w b", "c", graph.StringAttr("activation", act))
		if len(params) > 0 {
			n.Attrs = append(n.Attrs, &graph.Attr{Name: "activation_params", Value: params})
		}
		return microsoft(n)
	}
	gemm := microsoft(node("FusedGemm", "x fc fb", "y", graph.StringAttr("activation", "LeakyRelu"), graph.FloatAttr("activation_alpha", -0.5), graph.FloatAttr("alpha", 1)))
	sum := microsoft(node("FusedConv", "x w b z", "c", graph.StringAttr("activation", "Relu")))
	for _, c := range []struct {
		x    nn.Shape
		n    *graph.Node
		want string
	}{
		{nn.Shape{3, 5, 5}, conv("Relu"), "Conv relu"},
		{nn.Shape{3, 5, 5}, conv("LeakyRelu", 0.25), "Conv leaky:0.25"},
		{nn.Shape{3, 5, 5}, conv("HardSigmoid", 0.2, 0.5), "Conv hardsigmoid:0.2"},
		{nn.Shape{3, 5, 5}, conv("Clip", 0, 6), "Conv relu6"},
		{nn.Shape{3, 5, 5}, conv("Tanh"), "Conv tanh"},
		{nn.Shape{3, 5, 5}, sum, "Conv relu"},
		{nn.Shape{24}, gemm, "Dense leaky:-0.5"},
	} {
		m := model(c.x, inits, c.n)
		m.Graph.Outputs[0].Name = c.n.Outputs[0]
		m.Opsets = append(m.Opsets, graph.Opset{Domain: "com.microsoft", Version: 1})
		if got := activationsOf(imports(t, m).Network); got != c.want {
			t.Errorf("%s: read as %s, want %s", c.n.OpType, got, c.want)
		}
	}
	for _, n := range []*graph.Node{conv("LeakyRelu"), conv("Relu", 1), conv("Exp"), microsoft(node("FusedConv", "x w b", "c"))} {
		m := model(nn.Shape{3, 5, 5}, inits, n)
		m.Graph.Outputs[0].Name = "c"
		m.Opsets = append(m.Opsets, graph.Opset{Domain: "com.microsoft", Version: 1})
		if err := refuses(t, m); !strings.Contains(fmt.Sprint(err), "com.microsoft.FusedConv") {
			t.Errorf("%v: %v", n.Attrs, err)
		}
	}
}
