package onnxio

import (
	"math/rand/v2"
	"slices"

	"github.com/gonn-toolkit/gonn/onnxio/graph"
)

// changeModel changes one thing in a model, which may make it wrong.
func changeModel(r *rand.Rand, m *graph.Model) {
	g := m.Graph
	n := pick(r, g.Nodes...)
	switch r.IntN(15) {
	case 0:
		n.OpType = pick(r, g.Nodes...).OpType
	case 1:
		n.OpType = pick(r, "Relu", "Neg", "Abs", "Exp", "Sigmoid", "Identity", "Transpose", "Flatten", "Sub", "Div", "Max", "MatMul", "Clip", "ReduceMean")
	case 2:
		if i := r.IntN(len(n.Inputs) + 1); i < len(n.Inputs) {
			n.Inputs[i] = pick(r, valuesOf(g)...)
		} else {
			n.Inputs = append(n.Inputs, pick(r, valuesOf(g)...))
		}
	case 3:
		if len(n.Inputs) > 0 {
			i := r.IntN(len(n.Inputs))
			n.Inputs = slices.Delete(n.Inputs, i, i+1)
		}
	case 4:
		slices.Reverse(n.Inputs)
	case 5, 6:
		if len(n.Attrs) > 0 {
			changeAttr(r, n.Attrs[r.IntN(len(n.Attrs))])
		}
	case 7:
		if len(n.Attrs) > 0 {
			i := r.IntN(len(n.Attrs))
			n.Attrs = slices.Delete(n.Attrs, i, i+1)
		}
	case 8:
		m.Opsets[0].Version = int64(1 + r.IntN(MaxOpset))
	case 9:
		if len(g.Initializers) > 0 {
			changeTensor(r, pick(r, g.Initializers...))
		}
	case 10:
		in := g.Inputs[0]
		in.Shape[r.IntN(len(in.Shape))] = graph.Dim{Size: int64(r.IntN(5))}
	case 11: // another node in the middle
		out := n.Outputs[0] + "_"
		g.Nodes = append(g.Nodes, &graph.Node{OpType: pick(r, "Relu", "Identity", "Neg", "Softplus", "Tanh", "Cast"), Inputs: []string{out}, Outputs: n.Outputs})
		n.Outputs = []string{out}
	case 12:
		n.Attrs = append(n.Attrs, pick(r, moreAttrs()...))
	case 13: // a constant that nobody reads
		c := &graph.Node{OpType: "Constant", Outputs: []string{"dead"}, Attrs: []*graph.Attr{graph.TensorAttr("value", graph.Int64Tensor("", nil, []int64{1}))}}
		if r.IntN(2) == 0 {
			changeNode(r, c, g)
		}
		g.Nodes = append([]*graph.Node{c}, g.Nodes...)
	case 14:
		changeNode(r, n, g)
	}
}

// moreAttrs are attributes that operators have, or had once.
func moreAttrs() []*graph.Attr {
	return []*graph.Attr{
		graph.IntAttr("ceil_mode", 1), graph.IntAttr("broadcast", 1), graph.IntAttr("axis", 1), graph.IntAttr("keepdims", 2),
		graph.IntAttr("transA", 1), graph.IntAttr("spatial", 0), graph.IntAttr("is_test", 1), graph.IntAttr("training_mode", 1),
		graph.StringAttr("auto_pad", "SAME_UPPER"), graph.StringAttr("mode", "edge"), graph.StringAttr("approximate", "tanh"),
		graph.IntsAttr("axes", 1), graph.IntsAttr("dilations", 2, 2), graph.IntsAttr("kernel_shape", 1, 1),
		graph.FloatAttr("alpha", 0.5), graph.FloatAttr("ratio", 0.5), graph.FloatAttr("value", 0), graph.FloatAttr("max", 6),
	}
}

// changeNode gives a node another number of inputs, outputs or attributes.
func changeNode(r *rand.Rand, n *graph.Node, g *graph.Graph) {
	switch r.IntN(5) {
	case 0:
		n.Inputs = append(n.Inputs, pick(r, valuesOf(g)...))
	case 1:
		n.Inputs = append(n.Inputs, "")
	case 2:
		n.Outputs = append(n.Outputs, n.Outputs[0]+"_more")
	case 3:
		n.Attrs = nil
	case 4:
		n.Domain = pick(r, "ai.onnx", "com.microsoft", "org.example")
	}
}

func valuesOf(g *graph.Graph) []string {
	names := []string{"", g.Inputs[0].Name}
	for _, n := range g.Nodes {
		names = append(names, n.Outputs...)
	}
	for _, t := range g.Initializers {
		names = append(names, t.Name)
	}
	return names
}

func changeAttr(r *rand.Rand, a *graph.Attr) {
	switch v := a.Value.(type) {
	case int64:
		a.Value = int64(r.IntN(6) - 2)
	case float32:
		a.Value = pick[float32](r, 0, 1, -1, 0.5, v+1)
	case []int64:
		if len(v) > 0 {
			v[r.IntN(len(v))] = int64(r.IntN(5) - 1)
		}
	case string:
		a.Value = pick(r, "SAME_UPPER", "VALID", "tanh", "none", "edge", "wrap", "")
	}
}

// changeTensor gives a tensor another value, or its dimensions in another order or number.
func changeTensor(r *rand.Rand, t *graph.Tensor) {
	switch i := r.IntN(4); {
	case i == 0 && len(t.Raw) > 0:
		t.Raw[r.IntN(len(t.Raw))] ^= 1 << r.IntN(8)
	case i == 1:
		slices.Reverse(t.Dims)
	case i == 2:
		t.Dims = append(t.Dims, 1)
	case i == 3 && len(t.Dims) > 1:
		n := len(t.Dims) - 1
		t.Dims[n-1] *= t.Dims[n]
		t.Dims = t.Dims[:n]
	}
}
