package constfold

import (
	"bytes"
	"slices"

	"github.com/gonn-toolkit/gonn/onnxio/graph"
	"github.com/gonn-toolkit/gonn/onnxio/internal/ir"
	"github.com/gonn-toolkit/gonn/onnxio/internal/shapeinfer"
)

// weighing are the operators whose second operand is a weight.
var weighing = []string{"Conv", "ConvTranspose", "Gemm", "MatMul"}

// filled is a weight that is one number, as ONNX's own files of well-known networks have them; nil
// for other nodes. It is made as it is, since it may be as large as the weights of such a network.
func filled(g *ir.Graph, n *graph.Node) *graph.Tensor {
	if n.OpType != "ConstantOfShape" || len(n.Outputs) != 1 || !onlyWeighs(g, n.Outputs[0]) {
		return nil
	}
	number := []byte{0, 0, 0, 0}
	if a := n.Attr("value"); a != nil {
		t, ok := a.Value.(*graph.Tensor)
		if !ok || t.Type != graph.Float || len(t.Raw) != len(number) {
			return nil
		}
		number = t.Raw
	}
	shapes := shapeinfer.Shapes(g, n, 0)
	if len(shapes) != 1 || shapes[0] == nil || !g.Fill(int64(ir.Volume(shapes[0]))) {
		return nil
	}
	return &graph.Tensor{Name: n.Outputs[0], Type: graph.Float, Dims: ir.ToInt64s(shapes[0]), Raw: bytes.Repeat(number, ir.Volume(shapes[0]))}
}

// onlyWeighs reports whether all that reads a value takes it as a weight.
func onlyWeighs(g *ir.Graph, name string) bool {
	readers := g.Readers[name]
	return len(readers) > 0 && !slices.ContainsFunc(readers, func(r *graph.Node) bool {
		return !slices.Contains(weighing, r.OpType) || len(r.Inputs) < 2 || r.Inputs[1] != name || r.Inputs[0] == name
	})
}
