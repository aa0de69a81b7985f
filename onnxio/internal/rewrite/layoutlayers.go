package rewrite

import (
	"slices"

	"github.com/gonn-toolkit/gonn/onnxio/graph"
)

// layPad: what is padded are axes of the cleaned value.
func layPad(l *layouter, n *graph.Node) bool {
	v, ok := l.views[n.Inputs[0]]
	if !ok {
		return false
	}
	r := len(v.axes)
	around, ok := l.fixedPads(n, r)
	if !ok {
		return false
	}
	rank := len(v.groups)
	stored := make([]int, 2*rank)
	parts := slices.Clone(v.parts)
	for i, axis := range v.axes {
		if around[i] == 0 && around[i+r] == 0 {
			continue
		}
		a, ok := v.axisOf(i)
		if !ok || len(axis) != 1 {
			return false
		}
		stored[a], stored[a+rank] = int(around[i]), int(around[i+r])
		parts[axis[0]][0] += stored[a] + stored[a+rank]
		parts[axis[0]][1] += stored[a] + stored[a+rank]
	}
	c := l.copyOf(n)
	c.Inputs = c.Inputs[:min(len(c.Inputs), 3)]
	c.Inputs[0] = v.name
	c.Inputs[1] = l.ints(n.Outputs[0]+".pads", stored...)
	l.result(n, c, v, parts, v)
	return true
}

// layPool: the axes on which the window is more than one element are height and width of
// the cleaned value. A file may pool (N, 1, H, W, C) with a window of (kh, kw, 1).
func layPool(l *layouter, n *graph.Node) bool {
	v, ok := l.views[n.Inputs[0]]
	kernel, err := n.Ints("kernel_shape", nil)
	if !ok || err != nil || v.plain() {
		return false
	}
	flat, parts, ok := l.flatWindow(n, v, toInts(kernel))
	if !ok {
		return false
	}
	c := l.copyOf(n)
	c.Inputs = []string{v.name}
	for i, a := range c.Attrs {
		if flat[a.Name] != nil {
			c.Attrs[i] = graph.IntsAttr(a.Name, flat[a.Name]...)
		}
	}
	l.result(n, c, v, parts, v)
	return true
}

// flatWindow gives the settings of a window over height and width of a cleaned value
// (N, C, H, W) that the file moves over axes 2, 3, … of its own, and the parts of the
// result.
func (l *layouter) flatWindow(n *graph.Node, v view, kernel []int) (flat map[string][]int64, parts []size, ok bool) {
	q := &shapeQuery{l.work, n, 0}
	spatial := len(v.axes) - 2
	strides, dilations, pads := q.list("strides", spatial, 1, 1), q.list("dilations", spatial, 1, 1), q.list("pads", 2*spatial, 0, 0)
	if len(v.groups) != 4 || len(n.Outputs) != 1 || len(kernel) != spatial || strides == nil || dilations == nil || pads == nil {
		return nil, nil, false
	}
	out := l.sizes(n.Outputs[0])
	flat = map[string][]int64{"kernel_shape": {1, 1}, "strides": {1, 1}, "dilations": {1, 1}, "pads": {0, 0, 0, 0}}
	parts = slices.Clone(v.parts)
	for i := range spatial {
		if kernel[i] == 1 && strides[i] == 1 && pads[i] == 0 && pads[i+spatial] == 0 {
			continue
		}
		a, ok := v.axisOf(2 + i)
		if !ok || a < 2 || len(v.axes[2+i]) != 1 {
			return nil, nil, false
		}
		flat["kernel_shape"][a-2], flat["strides"][a-2], flat["dilations"][a-2] = int64(kernel[i]), int64(strides[i]), int64(dilations[i])
		flat["pads"][a-2], flat["pads"][a] = int64(pads[i]), int64(pads[i+spatial])
		parts[v.axes[2+i][0]] = out[2+i]
	}
	return flat, parts, true
}

// layWindowSum: JAX sums over windows by a convolution with ones, of the whole batch as one
// picture of one channel and of all its axes. That is an average times the size of the
// window.
func layWindowSum(l *layouter, n *graph.Node) bool {
	v, ok := l.views[n.Inputs[0]]
	if !ok || len(n.Inputs) != 2 || !l.isFloat(v.name) || len(v.axes) < 5 || v.shape()[0] != unit || v.shape()[1] != unit {
		return false
	}
	w := l.consts[n.Inputs[1]]
	if w == nil || w.Type != graph.Float || len(w.Dims) != len(v.axes) || w.Dims[0] != 1 || w.Dims[1] != 1 || !l.spend(0, l.length(n.Inputs[1])) {
		return false
	}
	ones, err := w.Float32s()
	auto, err2 := n.String("auto_pad", "NOTSET")
	if err != nil || err2 != nil || auto != "NOTSET" || slices.ContainsFunc(ones, func(x float32) bool { return x != 1 }) {
		return false
	}
	flat, parts, ok := l.flatWindow(n, v, toInts(w.Dims[2:]))
	if !ok || slices.Max(flat["dilations"]) > 1 || !reachesInside(flat["kernel_shape"], flat["pads"]) {
		return false
	}
	mean := &graph.Node{Name: n.Name, OpType: "AveragePool", Inputs: []string{v.name}, Outputs: []string{l.unique(n.Outputs[0] + ".mean")},
		Attrs: []*graph.Attr{graph.IntAttr("count_include_pad", 1), graph.IntsAttr("kernel_shape", flat["kernel_shape"]...),
			graph.IntsAttr("pads", flat["pads"]...), graph.IntsAttr("strides", flat["strides"]...)}}
	l.emit(mean, n, v)
	u := v.over(mean.Outputs[0], parts)
	l.facts[u.name] = fact{typ: graph.Float}
	l.describe(u.name, u.stored())
	count := l.constant(graph.Float32Tensor("", nil, []float32{float32(len(ones))}), n.Outputs[0]+".count")
	sum := &graph.Node{Name: n.Name, OpType: "Mul", Inputs: []string{u.name, count}, Outputs: slices.Clone(n.Outputs)}
	l.result(n, sum, u, parts, u)
	return true
}

// features reports whether a value is (N, features), of so many, and how its features lie:
// position k of the cleaned value is position index[k] of the file's; nil is the same order.
func (v view) features(count int) (index []int, ok bool) {
	if len(v.axes) != 2 || len(v.groups) != 2 || !slices.Equal(v.axes[0], []int{0}) || v.groups[0] != 1 || v.stored()[1] != (size{count, count}) {
		return nil, false
	}
	a, ok := v.axisOf(1)
	if !ok || a != 1 {
		return nil, false
	}
	if slices.IsSorted(v.order()) {
		return nil, true
	}
	sizes, order := make([]int, len(v.axes[1])), make([]int, len(v.axes[1]))
	for i, p := range v.axes[1] {
		sizes[i], order[p-1] = v.parts[p][0], i
	}
	return permutedIndex(sizes, order), true
}

// permutedIndex lists, for a row-major tensor of the given sizes whose axes are put into
// the given order, where each element of the result comes from.
func permutedIndex(sizes, order []int) []int {
	index := make([]int, 0, volume(sizes))
	eachPermuted(sizes, order, func(from int) { index = append(index, from) })
	return index
}

// eachPermuted calls f with what permutedIndex lists.
func eachPermuted(sizes, order []int, f func(from int)) {
	stride := make([]int, len(sizes)) // by the axes of the result
	for i, n := len(sizes)-1, 1; i >= 0; i-- {
		stride[slices.Index(order, i)] = n
		n *= sizes[i]
	}
	at := make([]int, len(order))
	for k, from := 0, 0; k < volume(sizes); k++ {
		f(from)
		for i := len(order) - 1; i >= 0; i-- { // one step on in the result
			if at[i]++; at[i] < sizes[order[i]] {
				from += stride[i]
				break
			}
			from -= stride[i] * (at[i] - 1)
			at[i] = 0
		}
	}
}

// layMatMul: rows of a constant matrix follow the order of the features. On maps, a
// constant matrix along the channels is a convolution of one pixel. A constant of one axis is
// a matrix of one column, which the result then does not have.
func layMatMul(l *layouter, n *graph.Node) bool {
	v, ok := l.views[n.Inputs[0]]
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
	rows, columns := int(l.consts[weight].Dims[0]), int(l.consts[weight].Dims[1])
	index, flat := batch.features(rows)
	if !ok || !flat {
		return false
	}
	c := l.copyOf(n)
	c.Inputs[0], c.Inputs[1] = v.name, weight
	if index != nil {
		if c.Inputs[1], ok = l.taken(weight, 0, index); !ok {
			return false
		}
	}
	l.emit(c, n, v)
	u := plainView(n.Outputs[0], []size{v.parts[0], {columns, columns}})
	l.describe(u.name, u.parts)
	if column {
		u.axes = u.axes[:1]
	}
	u.axes = u.axes[len(batch.axes)-len(v.axes):]
	l.views[n.Outputs[0]] = u
	return true
}

// layBesideUnits: (N, 1, 1, C) times a matrix is (N, C) times that.
func (l *layouter) layBesideUnits(n *graph.Node, v view, weight string) bool {
	shape, stored := v.shape(), v.stored()
	last := len(shape) - 1
	if last < 2 || len(stored) != 2 || stored[1] != shape[last] || stored[0] != shape[0] || !slices.Equal(v.axes[0], []int{0}) || !slices.IsSorted(v.order()) {
		return false
	}
	columns := int(l.consts[weight].Dims[1])
	c := l.copyOf(n)
	c.Inputs[0], c.Inputs[1] = v.name, weight
	l.emit(c, n, v)
	u := plainView(n.Outputs[0], []size{stored[0], {columns, columns}})
	l.describe(u.name, u.parts)
	u.axes = make([][]int, last+1)
	u.axes[0], u.axes[last] = []int{0}, []int{1}
	l.views[n.Outputs[0]] = u
	return true
}

// matrix is a constant of two axes; one of one axis is a column.
func (l *layouter) matrix(name string) (weight string, column, ok bool) {
	w := l.consts[name]
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

// withBatch is a view (N, features); one of the features of a single sample gets the batch
// as its first axis.
func (v view) withBatch() (view, bool) {
	if len(v.axes) == 2 {
		return v, true
	}
	if len(v.axes) != 1 || v.parts[0] != unit || slices.Contains(v.axes[0], 0) {
		return v, false
	}
	u := v
	u.axes = [][]int{{0}, v.axes[0]}
	return u, true
}

// plainResult emits a node whose result lies as in the file.
func (l *layouter) plainResult(n, c *graph.Node, operands ...view) {
	l.emit(c, n, operands...)
	l.views[n.Outputs[0]] = plainView(n.Outputs[0], l.sizes(n.Outputs[0]))
}

// layPointwise: (N, H, W, C) times a matrix (C, M) is a convolution of (N, C, H, W) with a
// kernel of 1, and so is (N, L, C) on a map of one row.
func (l *layouter) layPointwise(n *graph.Node, v view, weight string, column bool) bool {
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
		return take(t, permutedIndex([]int{k, m}, []int{1, 0}), []int{m, k, 1, 1}), nil
	}, "kernel")
	if !ok {
		return false
	}
	c := &graph.Node{Name: n.Name, OpType: "Conv", Inputs: []string{v.name, kernel}, Outputs: slices.Clone(n.Outputs),
		Attrs: []*graph.Attr{graph.IntsAttr("kernel_shape", 1, 1)}}
	parts := slices.Clone(v.parts)
	m := int(l.consts[weight].Dims[1])
	parts[v.axes[last][0]] = size{m, m}
	seen := v
	if column {
		seen.axes = v.axes[:last]
	}
	l.result(n, c, seen, parts, v)
	return true
}

// layGemm is layMatMul for Gemm.
func layGemm(l *layouter, n *graph.Node) bool {
	v, ok := l.views[n.Inputs[0]]
	transA, err1 := n.Int("transA", 0)
	transB, err2 := n.Int("transB", 0)
	w := l.consts[n.Inputs[1]]
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
	c := l.copyOf(n)
	c.Inputs[0] = v.name
	if index != nil {
		if c.Inputs[1], ok = l.taken(n.Inputs[1], axis, index); !ok {
			return false
		}
	}
	for k := 2; k < len(n.Inputs); k++ {
		if u, computed := l.views[n.Inputs[k]]; computed {
			c.Inputs[k] = l.settled(u, n)
		}
	}
	l.plainResult(n, c, v)
	return true
}

// layBatchNorm: the channels are axis 1 of both values, or its features in another order,
// which the constants then follow.
func layBatchNorm(l *layouter, n *graph.Node) bool {
	v, ok := l.views[n.Inputs[0]]
	if !ok || len(v.axes) < 2 || len(n.Outputs) != 1 {
		return false
	}
	index, flat := v.features(int(l.length(n.Inputs[1])))
	if !flat && !v.plain() && !v.channelsSecond() {
		return false
	}
	c := l.copyOf(n)
	c.Inputs[0] = v.name
	for k := 1; k < len(n.Inputs) && index != nil; k++ {
		if l.consts[n.Inputs[k]] == nil {
			return false
		}
		if c.Inputs[k], ok = l.taken(n.Inputs[k], 0, index); !ok {
			return false
		}
	}
	l.result(n, c, v, v.parts, v)
	return true
}
