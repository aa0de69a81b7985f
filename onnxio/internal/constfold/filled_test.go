package constfold

import (
	"testing"

	"github.com/gonn-toolkit/gonn/onnxio/graph"
	"github.com/gonn-toolkit/gonn/onnxio/internal/ir"
)

// A weight that is one number may be as large as those of well-known networks; other constants of
// that size are not made of a few bytes.
func TestWeightsThatAreOneNumber(t *testing.T) {
	dims := []int64{1 << 11, 1 << 11, 1, 1}
	made := func(readers ...*graph.Node) *graph.Tensor {
		fill := &graph.Node{OpType: "ConstantOfShape", Inputs: []string{"dims"}, Outputs: []string{"w"},
			Attrs: []*graph.Attr{graph.TensorAttr("value", graph.Float32Tensor("", []int64{1}, []float32{0.5}))}}
		m := &graph.Model{Opsets: []graph.Opset{{Version: 17}}, Graph: &graph.Graph{
			Nodes: append([]*graph.Node{fill}, readers...), Initializers: []*graph.Tensor{graph.Int64Tensor("dims", []int64{4}, dims)},
		}}
		g := ir.New(m)
		g.Index()
		Fold(g, g.Nodes[0])
		return g.Consts["w"]
	}
	conv := &graph.Node{OpType: "Conv", Inputs: []string{"x", "w"}, Outputs: []string{"y"}}
	if w := made(conv); w == nil || len(w.Raw) != 4<<22 || w.Raw[3] != 0x3f || w.Raw[len(w.Raw)-1] != 0x3f {
		t.Errorf("the weight of a Conv is not folded: %v", w != nil)
	}
	neg := &graph.Node{OpType: "Neg", Inputs: []string{"w"}, Outputs: []string{"z"}}
	for name, readers := range map[string][]*graph.Node{"a Neg": {neg}, "a Neg too": {conv, neg}, "nobody": nil} {
		if made(readers...) != nil {
			t.Errorf("what %s reads is folded", name)
		}
	}
}
