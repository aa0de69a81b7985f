package onnxio

import (
	"testing"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/nn/layer"
	"github.com/gonn-toolkit/gonn/onnxio/graph"
)

func TestPad(t *testing.T) {
	int64s := func(name string, v ...int64) *graph.Tensor { return graph.Int64Tensor(name, []int64{int64(len(v))}, v) }
	around := int64s("p", 0, 0, 1, 2, 0, 0, 3, 4)
	value := graph.Float32Tensor("v", nil, []float32{-1.5})
	all := layer.Pad{Pads: [4]int{1, 2, 3, 4}}
	valued := layer.Pad{Pads: all.Pads, Value: -1.5}
	maps := nn.Shape{2, 3, 4}
	for _, c := range []struct {
		name  string
		x     nn.Shape
		inits []*graph.Tensor
		n     *graph.Node
		pad   layer.Pad
		want  string // of the error; "" if it is read as pad
	}{
		{"zeros", maps, []*graph.Tensor{around}, node("Pad", "x p", "y"), all, ""},
		{"value", maps, []*graph.Tensor{around, value}, node("Pad", "x p v", "y", graph.StringAttr("mode", "constant")), valued, ""},
		{"value of one element", maps, []*graph.Tensor{around, graph.Float32Tensor("v", []int64{1}, []float32{-1.5})}, node("Pad", "x p v", "y"), valued, ""},
		{"axes", maps, []*graph.Tensor{int64s("p", 2, 1, 4, 3), int64s("a", -1, 2)}, node("Pad", "x p - a", "y"), all, ""},
		{"as attributes", maps, nil, node("Pad", "x", "y", graph.IntsAttr("pads", 0, 0, 1, 2, 0, 0, 3, 4), graph.FloatAttr("value", -1.5)), valued, ""},

		{"reflect", maps, []*graph.Tensor{around}, node("Pad", "x p", "y", graph.StringAttr("mode", "reflect")), all, `attribute mode is "reflect"; only constant is a layer`},
		{"pads computed", maps, nil, node("Pad", "x h", "y"), all, `its pads "h" is computed when the model runs`},
		{"value computed", maps, []*graph.Tensor{around}, node("Pad", "x p h", "y"), all, `its value "h" is computed`},
		{"two values", maps, []*graph.Tensor{around, tensor("v", 2)}, node("Pad", "x p v", "y"), all, `its value "v" has 2 elements, need 1`},
		{"pads of fractions", maps, []*graph.Tensor{tensor("p", 8)}, node("Pad", "x p", "y"), all, "its pads: "},
		{"channels", maps, []*graph.Tensor{int64s("p", 0, 1, 1, 1, 0, 0, 0, 0)}, node("Pad", "x p", "y"), all, "only height and width can be padded"},
		{"samples", maps, []*graph.Tensor{int64s("p", 0, 0, 0, 0, 1, 0, 0, 0)}, node("Pad", "x p", "y"), all, "only height and width can be padded"},
		{"negative", maps, []*graph.Tensor{int64s("p", 0, 0, 0, -1, 0, 0, 0, 0)}, node("Pad", "x p", "y"), all, "its pads are [0 0 0 -1 0 0 0 0]; need 0 to"},
		{"endless", maps, []*graph.Tensor{int64s("p", 0, 0, 0, 1<<62, 0, 0, 0, 0)}, node("Pad", "x p", "y"), all, "need 0 to 16777216"},
		{"of a vector", nn.Shape{4}, []*graph.Tensor{int64s("p", 1, 1, 0, 1)}, node("Pad", "x p", "y"), all, "its pads are [1 1 0 1] for an input of shape (N, 4)"},
		{"axes that do not fit", maps, []*graph.Tensor{int64s("p", 1, 1), int64s("a", 2, 3)}, node("Pad", "x p - a", "y"), all, "its 2 pads do not fit its axes [2 3]"},
		{"axis 4", maps, []*graph.Tensor{int64s("p", 1, 1), int64s("a", 4)}, node("Pad", "x p - a", "y"), all, "its axes are [4], but its input has 4"},
		{"no pads", maps, nil, node("Pad", "x", "y"), all, "its pads are missing"},
		{"too large", maps, []*graph.Tensor{int64s("p", 0, 0, 1<<12, 1<<12, 0, 0, 0, 0)}, node("Pad", "x p", "y"), all, "at most 16777216 elements are read"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if c.want != "" {
				refuses(t, model(c.x, c.inits, node("Tanh", "x", "h"), c.n), `Pad "y"`, c.want)
				return
			}
			m := model(c.x, c.inits, c.n)
			if c.n.Attr("pads") != nil {
				inOpset(m, 10)
			}
			net := imports(t, m).Network
			if got := net.Nodes()[0].Layer; got != nn.Layer(c.pad) {
				t.Errorf("read as %+v, want %+v", got, c.pad)
			}
		})
	}
}
