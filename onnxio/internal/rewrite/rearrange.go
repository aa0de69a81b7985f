package rewrite

import "github.com/gonn-toolkit/gonn/onnxio/graph"

// rearranges gives the result of a node that only gives a FLOAT constant another shape, or
// its axes another order. Weights may be large: they are not turned into float64 and back
// for this, as the evaluator does. nil leaves the node to the evaluator.
func (w *work) rearranges(n *graph.Node) *graph.Tensor {
	if len(n.Inputs) == 0 || len(n.Outputs) != 1 || n.OpType == "Constant" {
		return nil
	}
	t := w.consts[n.Inputs[0]]
	shapes := w.shapesOf(n, 0)
	if t == nil || t.Type != graph.Float || shapes == nil || shapes[0] == nil {
		return nil
	}
	to := *t
	to.Name, to.Dims = n.Outputs[0], toInt64s(shapes[0])
	switch n.OpType {
	case "Identity", "Reshape", "Flatten", "Squeeze", "Unsqueeze":
		if volume(shapes[0]) == volume(toInts(t.Dims)) {
			return &to // of the same bytes
		}
	case "Transpose":
		if size := volume(shapes[0]); len(t.Raw) == 4*size {
			to.Raw = make([]byte, 0, 4*size)
			eachPermuted(toInts(t.Dims), permOf(n, len(t.Dims)), func(i int) { to.Raw = append(to.Raw, t.Raw[4*i:4*i+4]...) })
			return &to
		}
	}
	return nil
}
