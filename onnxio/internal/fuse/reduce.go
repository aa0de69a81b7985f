package fuse

import (
	"slices"

	"github.com/gonn-toolkit/gonn/onnxio/graph"
	"github.com/gonn-toolkit/gonn/onnxio/internal/shapeinfer"
)

// globalAverage: the mean over height and width is GlobalAveragePool.
func globalAverage(f *fuser, n *graph.Node) bool { return overPixels(f, n, "GlobalAveragePool") }

// globalMax: their maximum is GlobalMaxPool.
func globalMax(f *fuser, n *graph.Node) bool { return overPixels(f, n, "GlobalMaxPool") }

func overPixels(f *fuser, n *graph.Node, op string) bool {
	x := f.Dims(n.Inputs[0])
	axes, ok := shapeinfer.FixedInts(f.Graph, n, 1)
	keep, err := n.Int("keepdims", 1)
	front, inside := shapeinfer.FromFront(axes, len(x))
	if len(x) == 4 && len(front) == 1 && f.inner(n.Inputs[0], n.OpType) == nil { // along the one row of a map
		for a := 2; a < 4; a++ {
			if x[a] == 1 && a != front[0] {
				front = append(front, a)
			}
		}
	}
	slices.Sort(front)
	if !ok || err != nil || keep == 0 || !inside || len(x) != 4 || !slices.Equal(front, []int{2, 3}) || x[2] == 0 || x[3] == 0 || !f.IsFloat(n.Inputs[0]) {
		return f.meanOfMean(n)
	}
	f.replace(&graph.Node{OpType: op, Name: n.Name, Inputs: n.Inputs[:1]}, n)
	return true
}

// averageOfAll: a window that covers a map is GlobalAveragePool.
func averageOfAll(f *fuser, n *graph.Node) bool { return coversAll(f, n, "GlobalAveragePool") }

// maxOfAll is the same for the maximum.
func maxOfAll(f *fuser, n *graph.Node) bool { return coversAll(f, n, "GlobalMaxPool") }

func coversAll(f *fuser, n *graph.Node, op string) bool {
	x, y := f.Dims(n.Inputs[0]), f.Dims(n.Outputs[0])
	kernel, err1 := n.Ints("kernel_shape", nil)
	pads, err2 := n.Ints("pads", []int64{0, 0, 0, 0})
	if err1 != nil || err2 != nil || len(n.Outputs) != 1 || len(x) != 4 || len(y) != 4 || len(kernel) != 2 || len(pads) != 4 || !f.IsFloat(n.Inputs[0]) {
		return false
	}
	if int(kernel[0]) != x[2] || int(kernel[1]) != x[3] || y[2] != 1 || y[3] != 1 || slices.Max(pads) != 0 || f.dilated(n) {
		return false
	}
	f.replace(&graph.Node{OpType: op, Name: n.Name, Inputs: n.Inputs[:1]}, n)
	return true
}

func (f *fuser) dilated(n *graph.Node) bool {
	d, err := n.Ints("dilations", nil)
	return err != nil || slices.ContainsFunc(d, func(v int64) bool { return v != 1 })
}

// meanOfMean joins two reductions one behind the other, as of height and then of width.
func (f *fuser) meanOfMean(n *graph.Node) bool {
	first := f.inner(n.Inputs[0], n.OpType)
	if first == nil {
		return false
	}
	a, ok1 := shapeinfer.FixedInts(f.Graph, first, 1)
	b, ok2 := shapeinfer.FixedInts(f.Graph, n, 1)
	keep1, err1 := first.Int("keepdims", 1)
	keep2, err2 := n.Int("keepdims", 1)
	if !ok1 || !ok2 || err1 != nil || err2 != nil || keep1 == 0 || keep2 == 0 || len(a) == 0 || len(b) == 0 {
		return false
	}
	rank := f.Rank(n.Inputs[0])
	front, inside := shapeinfer.FromFront(slices.Concat(a, b), rank)
	slices.Sort(front)
	if !inside || len(slices.Compact(slices.Clone(front))) != len(front) {
		return false
	}
	m := f.CopyOf(n)
	m.Inputs[0], m.Inputs[1] = first.Inputs[0], f.AddInts(n.Outputs[0]+".axes", front...)
	f.replace(m, n, first)
	return true
}
