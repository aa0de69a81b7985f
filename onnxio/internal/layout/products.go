package layout

import (
	"slices"

	"github.com/gonn-toolkit/gonn/onnxio/graph"
	"github.com/gonn-toolkit/gonn/onnxio/internal/ir"
)

// layMatMul: rows of a constant matrix follow the order of the features. On maps, a
// constant matrix along the channels is a convolution of one pixel. A constant of one axis is
// a matrix of one column, which the result then does not have.
func layMatMul(l *layouter, n *graph.Node) bool {
	v, ok := l.maps[n.Inputs[0]]
	weight, column, isMatrix := l.matrix(n.Inputs[1])
	if !ok || !isMatrix {
		return false
	}
	if len(v.groups) == 4 {
		return l.layPointwise(n, v, weight, column)
	}
	if !column && l.layBesideUnits(n, v, weight) {
		return true
	}
	batch, ok := v.withBatch()
	rows, columns := int(l.Consts[weight].Dims[0]), int(l.Consts[weight].Dims[1])
	index, flat := batch.features(rows)
	if !ok || !flat {
		return false
	}
	c := l.CopyOf(n)
	c.Inputs[0], c.Inputs[1] = v.name, weight
	if index != nil {
		if c.Inputs[1], ok = l.taken(weight, 0, index); !ok {
			return false
		}
	}
	l.emit(c, n, v)
	u := identityMap(n.Outputs[0], []ir.Size{v.parts[0], {columns, columns}})
	l.Describe(u.name, u.parts)
	if column {
		u.axes = u.axes[:1]
	}
	u.axes = u.axes[len(batch.axes)-len(v.axes):]
	l.maps[n.Outputs[0]] = u
	return true
}

// layBesideUnits: (N, 1, 1, C) times a matrix is (N, C) times that.
func (l *layouter) layBesideUnits(n *graph.Node, v axisMap, weight string) bool {
	shape, stored := v.shape(), v.stored()
	last := len(shape) - 1
	if last < 2 || len(stored) != 2 || stored[1] != shape[last] || stored[0] != shape[0] || !slices.Equal(v.axes[0], []int{0}) || !slices.IsSorted(v.order()) {
		return false
	}
	columns := int(l.Consts[weight].Dims[1])
	c := l.CopyOf(n)
	c.Inputs[0], c.Inputs[1] = v.name, weight
	l.emit(c, n, v)
	u := identityMap(n.Outputs[0], []ir.Size{stored[0], {columns, columns}})
	l.Describe(u.name, u.parts)
	u.axes = make([][]int, last+1)
	u.axes[0], u.axes[last] = []int{0}, []int{1}
	l.maps[n.Outputs[0]] = u
	return true
}

// matrix is a constant of two axes; one of one axis is a column.
func (l *layouter) matrix(name string) (weight string, column, ok bool) {
	w := l.Consts[name]
	switch {
	case w == nil || w.Type != graph.Float:
	case len(w.Dims) == 2:
		return name, false, true
	case len(w.Dims) == 1:
		weight, ok = l.reshapedConstant(name, int(w.Dims[0]), 1)
		return weight, true, ok
	}
	return "", false, false
}

// layPointwise: (N, H, W, C) times a matrix (C, M) is a convolution of (N, C, H, W) with a
// kernel of 1, and so is (N, L, C) on a map of one row.
func (l *layouter) layPointwise(n *graph.Node, v axisMap, weight string, column bool) bool {
	last := len(v.axes) - 1
	if last < 1 || len(v.axes[last]) != 1 {
		return false
	}
	a, ok := v.axisOf(last)
	if !ok || a != 1 {
		return false
	}
	kernel, ok := l.rearranged(weight, func(t *tensor) (*tensor, error) {
		k, m := t.Shape[0], t.Shape[1]
		return take(t, ir.PermutedIndex([]int{k, m}, []int{1, 0}), []int{m, k, 1, 1}), nil
	}, "kernel")
	if !ok {
		return false
	}
	c := &graph.Node{Name: n.Name, OpType: "Conv", Inputs: []string{v.name, kernel}, Outputs: slices.Clone(n.Outputs),
		Attrs: []*graph.Attr{graph.IntsAttr("kernel_shape", 1, 1)}}
	parts := slices.Clone(v.parts)
	m := int(l.Consts[weight].Dims[1])
	parts[v.axes[last][0]] = ir.Size{m, m}
	seen := v
	if column {
		seen.axes = v.axes[:last]
	}
	l.result(n, c, seen, parts, v)
	return true
}

// layGemm is layMatMul for Gemm.
func layGemm(l *layouter, n *graph.Node) bool {
	v, ok := l.maps[n.Inputs[0]]
	transA, err1 := n.Int("transA", 0)
	transB, err2 := n.Int("transB", 0)
	w := l.Consts[n.Inputs[1]]
	if !ok || err1 != nil || err2 != nil || transA != 0 || w == nil || len(w.Dims) != 2 {
		return false
	}
	axis := 0
	if transB != 0 {
		axis = 1
	}
	index, ok := v.features(int(w.Dims[axis]))
	if !ok {
		return false
	}
	c := l.CopyOf(n)
	c.Inputs[0] = v.name
	if index != nil {
		if c.Inputs[1], ok = l.taken(n.Inputs[1], axis, index); !ok {
			return false
		}
	}
	for k := 2; k < len(n.Inputs); k++ {
		if u, computed := l.maps[n.Inputs[k]]; computed {
			c.Inputs[k] = l.materialized(u, n)
		}
	}
	l.plainResult(n, c, v)
	return true
}
