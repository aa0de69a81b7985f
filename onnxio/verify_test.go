package onnxio

import (
	"strings"
	"testing"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/nn/activation"
	"github.com/gonn-toolkit/gonn/nn/layer"
	"github.com/gonn-toolkit/gonn/onnxio/graph"
)

// What Encode relies on must see every kind of difference.
func TestVerifySeesDifferences(t *testing.T) {
	build := func() *nn.Network {
		net, err := nn.Sequential(nn.Shape{1, 4, 4}, layer.Conv{Out: 2, Kernel: [2]int{2, 2}}, activation.Must("leaky:0.5"), layer.Flatten{}, layer.Dense{Out: 3})
		if err != nil {
			t.Fatal(err)
		}
		return fillParams(net)
	}
	for _, c := range []struct {
		name   string
		change func(*graph.Model)
		want   string
	}{
		{"nothing", func(*graph.Model) {}, ""},
		{"a parameter", func(m *graph.Model) { m.Graph.Initializers[0].Raw[3] ^= 1 }, "parameter conv.weight differs at element 0"},
		{"a setting", func(m *graph.Model) { m.Graph.Nodes[1].Attrs[0].Value = float32(0.25) }, `layer "act" (leaky): Value 0.25 instead of 0.5`},
		{"a layer's name", func(m *graph.Model) { m.Graph.Nodes[2].Name = "flat" }, `layer "flat" (Flatten) (18) instead of "flatten"`},
		{"a layer's kind", func(m *graph.Model) { m.Graph.Nodes[1].OpType, m.Graph.Nodes[1].Attrs = "Relu", nil }, `layer "act" (relu)`},
		{"a layer more", func(m *graph.Model) {
			m.Graph.Nodes = append(m.Graph.Nodes, node("Relu", "logits", "y"))
			m.Graph.Outputs[0].Name = "y"
		}, "5 layers instead of 4"},
		{"a node that is no layer", func(m *graph.Model) { m.Graph.Nodes[1].OpType = "Sin" }, "cannot be read as layers"},
	} {
		t.Run(c.name, func(t *testing.T) {
			m, err := Export(build(), EncodeOptions{})
			if err != nil {
				t.Fatal(err)
			}
			c.change(m)
			written, err := graph.Read(m.Bytes())
			if err != nil {
				t.Fatal(err)
			}
			err = verify(build(), written)
			if (err == nil) != (c.want == "") || err != nil && !strings.Contains(err.Error(), c.want) {
				t.Errorf("the error is %v, want %q", err, c.want)
			}
		})
	}
}
