package constfold

import (
	"github.com/gonn-toolkit/gonn/onnxio/graph"
	"github.com/gonn-toolkit/gonn/onnxio/internal/ir"
	"github.com/gonn-toolkit/gonn/onnxio/internal/shapeinfer"
)

// Weights may be large: they are not turned into float64 and back, as the evaluator does,
// for another shape or another order of their axes.

// reshaped is the constant that a node gives under another name or in another shape, of the
// same bytes; nil if the node does more than that.
func reshaped(g *ir.Graph, n *graph.Node) *graph.Tensor {
	switch n.OpType {
	case "Identity", "Reshape", "Flatten", "Squeeze", "Unsqueeze":
	default:
		return nil
	}
	shapes := shapeinfer.Shapes(g, n, 0)
	if len(shapes) != 1 || len(n.Outputs) != 1 || shapes[0] == nil {
		return nil
	}
	t := *g.Consts[n.Inputs[0]]
	t.Name, t.Dims = n.Outputs[0], ir.ToInt64s(shapes[0])
	return &t
}

// transposed is the constant that a Transpose makes of a FLOAT one; nil leaves the node to
// the evaluator.
func transposed(g *ir.Graph, n *graph.Node) *graph.Tensor {
	if n.OpType != "Transpose" || len(n.Outputs) != 1 {
		return nil
	}
	t, shapes := g.Consts[n.Inputs[0]], shapeinfer.Shapes(g, n, 0)
	if t.Type != graph.Float || shapes[0] == nil || len(t.Raw) != 4*ir.Volume(shapes[0]) {
		return nil
	}
	to := &graph.Tensor{Name: n.Outputs[0], Type: t.Type, Dims: ir.ToInt64s(shapes[0]), Raw: make([]byte, 0, len(t.Raw))}
	ir.EachPermuted(ir.ToInts(t.Dims), shapeinfer.PermOf(n, len(t.Dims)), func(i int) { to.Raw = append(to.Raw, t.Raw[4*i:4*i+4]...) })
	return to
}
