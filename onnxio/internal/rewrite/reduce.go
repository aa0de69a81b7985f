package rewrite

import (
	"slices"

	"github.com/gonn-toolkit/gonn/onnxio/graph"
)

// globalAverage: the mean over height and width is GlobalAveragePool.
func globalAverage(w *work, n *graph.Node) bool { return overPixels(w, n, "GlobalAveragePool") }

// globalMax: their maximum is GlobalMaxPool.
func globalMax(w *work, n *graph.Node) bool { return overPixels(w, n, "GlobalMaxPool") }

func overPixels(w *work, n *graph.Node, op string) bool {
	x := w.dims(n.Inputs[0])
	axes, ok := w.fixedInts(n, 1)
	keep, err := n.Int("keepdims", 1)
	front, inside := fromFront(axes, len(x))
	if len(x) == 4 && len(front) == 1 && w.inner(n.Inputs[0], n.OpType) == nil { // along the one row of a map
		for a := 2; a < 4; a++ {
			if x[a] == 1 && a != front[0] {
				front = append(front, a)
			}
		}
	}
	slices.Sort(front)
	if !ok || err != nil || keep == 0 || !inside || len(x) != 4 || !slices.Equal(front, []int{2, 3}) || x[2] == 0 || x[3] == 0 || !w.isFloat(n.Inputs[0]) {
		return w.meanOfMean(n)
	}
	w.replace(&graph.Node{OpType: op, Name: n.Name, Inputs: n.Inputs[:1]}, n)
	return true
}

// averageOfAll: a window that covers a map is GlobalAveragePool.
func averageOfAll(w *work, n *graph.Node) bool { return coversAll(w, n, "GlobalAveragePool") }

// maxOfAll is the same for the maximum.
func maxOfAll(w *work, n *graph.Node) bool { return coversAll(w, n, "GlobalMaxPool") }

func coversAll(w *work, n *graph.Node, op string) bool {
	x, y := w.dims(n.Inputs[0]), w.dims(n.Outputs[0])
	kernel, err1 := n.Ints("kernel_shape", nil)
	pads, err2 := n.Ints("pads", []int64{0, 0, 0, 0})
	if err1 != nil || err2 != nil || len(n.Outputs) != 1 || len(x) != 4 || len(y) != 4 || len(kernel) != 2 || len(pads) != 4 || !w.isFloat(n.Inputs[0]) {
		return false
	}
	if int(kernel[0]) != x[2] || int(kernel[1]) != x[3] || y[2] != 1 || y[3] != 1 || slices.Max(pads) != 0 || w.dilated(n) {
		return false
	}
	w.replace(&graph.Node{OpType: op, Name: n.Name, Inputs: n.Inputs[:1]}, n)
	return true
}

func (w *work) dilated(n *graph.Node) bool {
	d, err := n.Ints("dilations", nil)
	return err != nil || slices.ContainsFunc(d, func(v int64) bool { return v != 1 })
}

// meanOfMean joins two reductions one behind the other, as of height and then of width.
func (w *work) meanOfMean(n *graph.Node) bool {
	first := w.inner(n.Inputs[0], n.OpType)
	if first == nil {
		return false
	}
	a, ok1 := w.fixedInts(first, 1)
	b, ok2 := w.fixedInts(n, 1)
	keep1, err1 := first.Int("keepdims", 1)
	keep2, err2 := n.Int("keepdims", 1)
	if !ok1 || !ok2 || err1 != nil || err2 != nil || keep1 == 0 || keep2 == 0 || len(a) == 0 || len(b) == 0 {
		return false
	}
	rank := w.rank(n.Inputs[0])
	front, inside := fromFront(slices.Concat(a, b), rank)
	slices.Sort(front)
	if !inside || len(slices.Compact(slices.Clone(front))) != len(front) {
		return false
	}
	m := w.copyOf(n)
	m.Inputs[0], m.Inputs[1] = first.Inputs[0], w.ints(n.Outputs[0]+".axes", front...)
	w.replace(m, n, first)
	return true
}
