package rewrite

import "github.com/gonn-toolkit/gonn/onnxio/graph"

// Weights may be large: they are not turned into float64 and back, as the evaluator does,
// for another shape or another order of their axes.

// reshaped is the constant that a node gives under another name or in another shape, of the
// same bytes; nil if the node does more than that.
func (w *work) reshaped(n *graph.Node) *graph.Tensor {
	switch n.OpType {
	case "Identity", "Reshape", "Flatten", "Squeeze", "Unsqueeze":
	default:
		return nil
	}
	shapes := w.shapesOf(n, 0)
	if len(shapes) != 1 || len(n.Outputs) != 1 || shapes[0] == nil {
		return nil
	}
	t := *w.consts[n.Inputs[0]]
	t.Name, t.Dims = n.Outputs[0], toInt64s(shapes[0])
	return &t
}

// transposed is the constant that a Transpose makes of a FLOAT one; nil leaves the node to
// the evaluator.
func (w *work) transposed(n *graph.Node) *graph.Tensor {
	if n.OpType != "Transpose" || len(n.Outputs) != 1 {
		return nil
	}
	t, shapes := w.consts[n.Inputs[0]], w.shapesOf(n, 0)
	if t.Type != graph.Float || shapes[0] == nil || len(t.Raw) != 4*volume(shapes[0]) {
		return nil
	}
	to := &graph.Tensor{Name: n.Outputs[0], Type: t.Type, Dims: toInt64s(shapes[0]), Raw: make([]byte, 0, len(t.Raw))}
	eachPermuted(toInts(t.Dims), permOf(n, len(t.Dims)), func(i int) { to.Raw = append(to.Raw, t.Raw[4*i:4*i+4]...) })
	return to
}
