package onnxio

import (
	"testing"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/nn/layer"
	"github.com/gonn-toolkit/gonn/onnxio/graph"
)

func TestFlatten(t *testing.T) {
	shape := func(v ...int64) []*graph.Tensor {
		return []*graph.Tensor{graph.Int64Tensor("s", []int64{int64(len(v))}, v)}
	}
	reshape := node("Reshape", "x s", "y")
	zero := node("Reshape", "x s", "y", graph.IntAttr("allowzero", 1))
	for _, c := range []struct {
		name  string
		batch int64 // that the file fixes; 0 for any
		inits []*graph.Tensor
		n     *graph.Node
		want  string // of the error; "" if it is a flattening
	}{
		{"Flatten", 0, nil, node("Flatten", "x", "y"), ""},
		{"axis 1", 0, nil, node("Flatten", "x", "y", graph.IntAttr("axis", 1)), ""},
		{"axis 1 counted from the end", 0, nil, node("Flatten", "x", "y", graph.IntAttr("axis", -3)), ""},
		{"to [-1, k]", 0, shape(-1, 24), reshape, ""},
		{"to [-1, k] with allowzero", 0, shape(-1, 24), zero, ""},
		{"to [0, -1]", 0, shape(0, -1), reshape, ""},
		{"to [0, k]", 0, shape(0, 24), reshape, ""},
		{"to the fixed batch", 8, shape(8, 24), reshape, ""},
		{"to the fixed batch and the rest", 8, shape(8, -1), reshape, ""},

		{"axis 0", 0, nil, node("Flatten", "x", "y", graph.IntAttr("axis", 0)), "it reshapes (N, 2, 3, 4) to [1 -1]; a layer keeps the batch"},
		{"axis 2", 0, nil, node("Flatten", "x", "y", graph.IntAttr("axis", 2)), "to [-1 12]"},
		{"axis of another kind", 0, nil, node("Flatten", "x", "y", graph.FloatAttr("axis", 1)), `attribute "axis" is of kind FLOAT, it must be INT`},
		{"unknown attribute", 0, nil, node("Flatten", "x", "y", graph.IntAttr("end_axis", 1)), `attribute "end_axis" is not known for it`},
		{"no input", 0, nil, node("Flatten", "", "y"), "has 0 inputs and 1 outputs"},
		{"zeros with allowzero", 0, shape(0, 24), zero, "it reshapes (N, 2, 3, 4) to [0 24]; a layer keeps the batch and the 24 elements of each sample, as (N, 24) does"},
		{"another size", 0, shape(-1, 12), reshape, "to [-1 12]"},
		{"two unknowns", 0, shape(-1, -1), reshape, "to [-1 -1]"},
		{"one axis", 0, shape(-1), reshape, "to [-1]"},
		{"a batch that the file does not fix", 0, shape(8, 24), reshape, "to [8 24]"},
		{"another batch than the file fixes", 8, shape(4, 48), reshape, "to [-1 48]"},
		{"shape computed", 0, nil, node("Reshape", "x h", "y"), `its shape "h" is computed when the model runs, not a constant`},
		{"shape of fractions", 0, []*graph.Tensor{tensor("s", 2)}, reshape, `tensor "s": its type is FLOAT`},
		{"no shape", 0, nil, node("Reshape", "x", "y"), "has 1 inputs and 1 outputs; need 2 to 2 and 1"},
		{"shape as an attribute", 0, shape(-1, 24), node("Reshape", "x s", "y", graph.IntsAttr("shape", -1, 24)), `attribute "shape" is not known for it`},
	} {
		t.Run(c.name, func(t *testing.T) {
			m := model(nn.Shape{2, 3, 4}, c.inits, node("Tanh", "x", "h"), c.n)
			if c.want == "" {
				m.Graph.Nodes = m.Graph.Nodes[1:]
			}
			if c.batch > 0 {
				m.Graph.Inputs[0].Shape[0] = graph.Dim{Size: c.batch}
			}
			if c.want != "" {
				refuses(t, m, ` "y"`, c.want)
				return
			}
			net := imports(t, m).Network
			if got := net.Nodes()[0]; got.Layer != nn.Layer(layer.Flatten{}) || !got.Shape.Equal(nn.Shape{24}) {
				t.Fatalf("read as %s", describe(net))
			}
			x, y := run(t, net, 2)
			sameBits(t, "result", y.Data, x.Data)
		})
	}
}

// PyTorch's and TensorFlow's ways to drop the axes that global pooling leaves.
func TestSqueeze(t *testing.T) {
	axes := func(v ...int64) []*graph.Tensor {
		return []*graph.Tensor{graph.Int64Tensor("a", []int64{int64(len(v))}, v)}
	}
	for _, c := range []struct {
		name  string
		x     nn.Shape
		inits []*graph.Tensor
		n     *graph.Node
		want  string // of the error; "" if it is a flattening
	}{
		{"last two", nn.Shape{3, 1, 1}, axes(2, 3), node("Squeeze", "x a", "y"), ""},
		{"from the end", nn.Shape{3, 1, 1}, axes(-1, -2), node("Squeeze", "x a", "y"), ""},
		{"as an attribute", nn.Shape{3, 1, 1}, nil, node("Squeeze", "x", "y", graph.IntsAttr("axes", 2, 3)), ""},
		{"first of two", nn.Shape{1, 3}, axes(1), node("Squeeze", "x a", "y"), ""},

		{"all of size 1", nn.Shape{3, 1, 1}, nil, node("Squeeze", "x", "y"), ""},
		{"samples", nn.Shape{3}, axes(0), node("Squeeze", "x a", "y"), "it takes axes [0]"},
		{"a height", nn.Shape{3, 2, 1}, axes(2, 3), node("Squeeze", "x a", "y"), "it takes axis 2 of (N, 3, 2, 1) away, which is not 1"},
		{"axis 4", nn.Shape{3, 1, 1}, axes(4), node("Squeeze", "x a", "y"), "its axes are [4], but its input has 4"},
	} {
		t.Run(c.name, func(t *testing.T) {
			m := model(c.x, c.inits, c.n)
			if c.n.Attr("axes") != nil {
				inOpset(m, 12)
			}
			if c.want != "" {
				refuses(t, m, ` "y"`, c.want)
				return
			}
			if net := imports(t, m).Network; describe(net) != "flatten=Flatten{}(3)" {
				t.Errorf("read as %s", describe(net))
			}
		})
	}
}
