package onnxio

import (
	"testing"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/nn/layer"
	"github.com/gonn-toolkit/gonn/onnxio/graph"
)

func TestSoftmax(t *testing.T) {
	for _, c := range []struct {
		name  string
		opset int64
		x     nn.Shape
		n     *graph.Node
		want  string // of the error; "" if it is a softmax over the classes
	}{
		{"default", 20, nn.Shape{4}, node("Softmax", "x", "y"), ""},
		{"axis 1", 20, nn.Shape{4}, node("Softmax", "x", "y", graph.IntAttr("axis", 1)), ""},
		{"axis -1", 20, nn.Shape{4}, node("Softmax", "x", "y", graph.IntAttr("axis", -1)), ""},
		{"default before opset 13", 12, nn.Shape{4}, node("Softmax", "x", "y"), ""},
		{"of a map", 20, nn.Shape{2, 3, 4}, node("Softmax", "x", "y", graph.IntAttr("axis", 1)), ""},
		{"of a map, from the end", 13, nn.Shape{2, 3, 4}, node("Softmax", "x", "y", graph.IntAttr("axis", -3)), ""},
		{"of one pixel before opset 13", 12, nn.Shape{2, 1, 1}, node("Softmax", "x", "y"), ""},

		{"over the samples", 20, nn.Shape{4}, node("Softmax", "x", "y", graph.IntAttr("axis", 0)), "it runs over axis 0 of (N, 4); need axis 1, the classes or channels"},
		{"over the samples, from the end", 20, nn.Shape{4}, node("Softmax", "x", "y", graph.IntAttr("axis", -2)), "axis 0 of"},
		{"of a map's rows", 20, nn.Shape{2, 3, 4}, node("Softmax", "x", "y", graph.IntAttr("axis", 2)), "axis 2 of (N, 2, 3, 4)"},
		{"axis of another kind", 20, nn.Shape{4}, node("Softmax", "x", "y", graph.IntsAttr("axis", 1)), `attribute "axis" is of kind INTS, it must be INT`},
		{"unknown attribute", 20, nn.Shape{4}, node("Softmax", "x", "y", graph.IntAttr("dim", 1)), `attribute "dim" is not known for it`},
	} {
		t.Run(c.name, func(t *testing.T) {
			for op, layer := range map[string]nn.Layer{"Softmax": layer.Softmax{}, "LogSoftmax": layer.LogSoftmax{}} {
				c.n.OpType = op
				m := model(c.x, nil, c.n)
				m.Opsets[0].Version = c.opset
				if c.want != "" {
					refuses(t, m, ` "y"`, c.want)
				} else if net := imports(t, m).Network; net.Nodes()[0].Layer != layer {
					t.Errorf("read as %s", describe(net))
				}
			}
		})
	}
}

// Before opset 13 a softmax of a map is over all of its elements.
func TestSoftmaxOfAllElements(t *testing.T) {
	m := model(nn.Shape{2, 3, 4}, nil, node("Softmax", "x", "y"))
	m.Opsets[0].Version = 12
	im := imports(t, m)
	if got, want := describe(im.Network), "flatten=Flatten{}(24) softmax=Softmax{}(24) reshape=Reshape{Shape:[2 3 4]}(2, 3, 4)"; got != want {
		t.Errorf("read as %s, want %s", got, want)
	}
	sameAsEvaluator(t, m, im)
}
