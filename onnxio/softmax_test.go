package onnxio

import (
	"testing"

	"github.com/gonn-toolkit/gonn/nn"
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

		{"over the samples", 20, nn.Shape{4}, node("Softmax", "x", "y", graph.IntAttr("axis", 0)), "it runs over axis 0 of (N, 4); need the last axis of (N, classes)"},
		{"over the samples, from the end", 20, nn.Shape{4}, node("Softmax", "x", "y", graph.IntAttr("axis", -2)), "axis -2"},
		{"of a map", 20, nn.Shape{2, 3, 4}, node("Softmax", "x", "y"), "axis -1 of (N, 2, 3, 4)"},
		{"of a map before opset 13", 12, nn.Shape{2, 3, 4}, node("Softmax", "x", "y"), "axis 1 of (N, 2, 3, 4)"},
		{"axis of another kind", 20, nn.Shape{4}, node("Softmax", "x", "y", graph.IntsAttr("axis", 1)), `attribute "axis" is of kind INTS, it must be INT`},
		{"unknown attribute", 20, nn.Shape{4}, node("Softmax", "x", "y", graph.IntAttr("dim", 1)), `attribute "dim" is not known for it`},
	} {
		t.Run(c.name, func(t *testing.T) {
			m := model(c.x, nil, c.n)
			m.Opsets[0].Version = c.opset
			if c.want != "" {
				refuses(t, m, `Softmax "y"`, c.want)
				return
			}
			if net := imports(t, m).Network; net.Nodes()[0].Layer != nn.Layer(nn.Softmax{}) {
				t.Errorf("read as %s", describe(net))
			}
		})
	}
}
