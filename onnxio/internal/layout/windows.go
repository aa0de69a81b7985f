package layout

import (
	"slices"

	"github.com/gonn-toolkit/gonn/onnxio/graph"
	"github.com/gonn-toolkit/gonn/onnxio/internal/ir"
	"github.com/gonn-toolkit/gonn/onnxio/internal/shapeinfer"
)

// layPad: what is padded are axes of the cleaned value.
func layPad(l *layouter, n *graph.Node) bool {
	v, ok := l.maps[n.Inputs[0]]
	if !ok {
		return false
	}
	r := len(v.axes)
	around, ok := shapeinfer.FixedPads(l.Graph, n, r)
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
	c := l.CopyOf(n)
	c.Inputs = c.Inputs[:min(len(c.Inputs), 3)]
	c.Inputs[0] = v.name
	c.Inputs[1] = l.AddInts(n.Outputs[0]+".pads", stored...)
	l.result(n, c, v, parts, v)
	return true
}

// layPool: the axes on which the window is more than one element are height and width of
// the cleaned value. A file may pool (N, 1, H, W, C) with a window of (kh, kw, 1).
func layPool(l *layouter, n *graph.Node) bool {
	v, ok := l.maps[n.Inputs[0]]
	kernel, err := n.Ints("kernel_shape", nil)
	if !ok || err != nil || v.plain() {
		return false
	}
	flat, parts, ok := l.flatWindow(n, v, ir.ToInts(kernel))
	if !ok {
		return false
	}
	c := l.CopyOf(n)
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
func (l *layouter) flatWindow(n *graph.Node, v axisMap, kernel []int) (flat map[string][]int64, parts []ir.Size, ok bool) {
	spatial := len(v.axes) - 2
	strides, dilations, pads := shapeinfer.IntsAttr(n, "strides", spatial, 1, 1), shapeinfer.IntsAttr(n, "dilations", spatial, 1, 1), shapeinfer.IntsAttr(n, "pads", 2*spatial, 0, 0)
	if len(v.groups) != 4 || len(n.Outputs) != 1 || len(kernel) != spatial || strides == nil || dilations == nil || pads == nil {
		return nil, nil, false
	}
	out := l.Sizes(n.Outputs[0])
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
	v, ok := l.maps[n.Inputs[0]]
	if !ok || len(n.Inputs) != 2 || !l.IsFloat(v.name) || len(v.axes) < 5 || v.shape()[0] != ir.Unit || v.shape()[1] != ir.Unit {
		return false
	}
	w := l.Consts[n.Inputs[1]]
	if w == nil || w.Type != graph.Float || len(w.Dims) != len(v.axes) || w.Dims[0] != 1 || w.Dims[1] != 1 || !l.Spend(0, l.Len(n.Inputs[1])) {
		return false
	}
	ones, err := w.Float32s()
	auto, err2 := n.String("auto_pad", "NOTSET")
	if err != nil || err2 != nil || auto != "NOTSET" || slices.ContainsFunc(ones, func(x float32) bool { return x != 1 }) {
		return false
	}
	flat, parts, ok := l.flatWindow(n, v, ir.ToInts(w.Dims[2:]))
	if !ok || slices.Max(flat["dilations"]) > 1 || !shapeinfer.ReachesInside(flat["kernel_shape"], flat["pads"]) {
		return false
	}
	mean := &graph.Node{Name: n.Name, OpType: "AveragePool", Inputs: []string{v.name}, Outputs: []string{l.Unique(n.Outputs[0] + ".mean")},
		Attrs: []*graph.Attr{graph.IntAttr("count_include_pad", 1), graph.IntsAttr("kernel_shape", flat["kernel_shape"]...),
			graph.IntsAttr("pads", flat["pads"]...), graph.IntsAttr("strides", flat["strides"]...)}}
	l.emit(mean, n, v)
	u := v.over(mean.Outputs[0], parts)
	l.Facts[u.name] = ir.Fact{Type: graph.Float}
	l.Describe(u.name, u.stored())
	count := l.AddConstant(graph.Float32Tensor("", nil, []float32{float32(len(ones))}), n.Outputs[0]+".count")
	sum := &graph.Node{Name: n.Name, OpType: "Mul", Inputs: []string{u.name, count}, Outputs: slices.Clone(n.Outputs)}
	l.result(n, sum, u, parts, u)
	return true
}
