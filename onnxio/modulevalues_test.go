package onnxio

import (
	"slices"
	"testing"

	"github.com/gonn-toolkit/gonn/onnxio/graph"
)

// A module has a value for each of its calls, by what PyTorch's exporters and Keras's write.
func TestModuleValues(t *testing.T) {
	scoped := func(op, scopes, out string, in ...string) *graph.Node {
		return &graph.Node{OpType: op, Name: "node_" + out, Inputs: in, Outputs: []string{out}, Metadata: []graph.Meta{{Key: "pkg.torch.onnx.name_scopes", Value: scopes}}}
	}
	named := func(op, name, out string, in ...string) *graph.Node {
		return &graph.Node{OpType: op, Name: name, Inputs: in, Outputs: []string{out}}
	}
	dynamo := []*graph.Node{
		scoped("Conv", "['', 'conv', 'conv2d']", "conv2d", "x", "w"),
		scoped("Relu", "['', 'act', 'relu']", "relu", "conv2d"),
		scoped("Conv", "['', 'conv', 'conv2d_1']", "conv2d_1", "relu", "w"),
		scoped("Sigmoid", "['', 'swish', 'sigmoid']", "s", "conv2d_1"),
		scoped("Identity", "['', 'swish', 'alias']", "i", "s"),
		scoped("Mul", "['', 'swish', 'mul']", "m", "conv2d_1", "i"),
		scoped("Relu", "['', 'act', 'relu_1']", "relu_1", "m"),
		scoped("Conv", "['', 'both', 'both.a', 'conv2d_2']", "a", "relu_1", "w"),
		scoped("Conv", "['', 'both', 'both.b', 'conv2d_3']", "b", "relu_1", "w"),
		scoped("Add", "['', 'both', 'add']", "sum", "a", "b"),
		scoped("Transpose", "['', 'moved', 't']", "t", "sum"),
	}
	script := []*graph.Node{
		named("Conv", "/conv/Conv", "c", "x", "w"),
		named("Relu", "/relu/Relu", "r", "c"),
		named("Conv", "/block/block.0/Conv", "c1", "r", "w"),
		named("Relu", "/relu_1/Relu", "r1", "c1"),
		named("Relu", "/relu_2/Relu", "r2", "r1"),
	}
	for _, c := range []struct {
		producer string
		nodes    []*graph.Node
		module   string
		others   []string // other modules
		want     []string
	}{
		{"pytorch", dynamo, "conv", nil, []string{"conv2d", "conv2d_1"}},
		{"pytorch", dynamo, "act", nil, []string{"relu", "relu_1"}},
		{"pytorch", dynamo, "swish", nil, []string{"m"}},
		{"pytorch", dynamo, "both", nil, []string{"sum"}},
		{"pytorch", dynamo, "both.b", nil, []string{"b"}},
		{"pytorch", dynamo, "moved", nil, nil},
		{"pytorch", dynamo, "none", nil, nil},
		{"pytorch", script, "relu", nil, []string{"r", "r1", "r2"}},
		{"pytorch", script, "relu", []string{"relu_2"}, []string{"r", "r1"}},
		{"pytorch", script, "relu", []string{"relu_1"}, []string{"r"}},
		{"pytorch", script, "relu_1", nil, []string{"r1"}},
		{"pytorch", script, "block.0", nil, []string{"c1"}},
	} {
		v := ModuleValuesOf(&graph.Model{Producer: c.producer, Graph: &graph.Graph{Nodes: c.nodes}})
		got := v.Of(c.module, func(name string) bool { return slices.Contains(c.others, name) })
		if !slices.Equal(got, c.want) {
			t.Errorf("%s beside %q gives %q, want %q", c.module, c.others, got, c.want)
		}
	}
}
