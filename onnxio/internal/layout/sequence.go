package layout

import (
	"slices"

	"github.com/gonn-toolkit/gonn/onnxio/graph"
	"github.com/gonn-toolkit/gonn/onnxio/internal/ir"
)

// A sequence (N, C, L) may lie in the cleaned graph as a map of one row, (N, C, 1, L), for
// which there are layers. The rules here take windows and reductions there.

// rowOf is the axis of a cleaned map that the one spatial axis of the file's (N, C, L) is.
func (v axisMap) rowOf() (a int, ok bool) {
	if len(v.axes) != 3 || len(v.groups) != 4 || len(v.parts) != 4 || !v.channelsSecond() || len(v.axes[2]) != 1 {
		return 0, false
	}
	a, ok = v.axisOf(2)
	return a, ok && a >= 2
}

// channelsSecond reports whether the batch and the channels are the first two axes, both of
// the file's value and of the cleaned one.
func (v axisMap) channelsSecond() bool {
	if len(v.axes) < 2 || !slices.Equal(v.axes[0], []int{0}) || v.groups[0] != 1 {
		return false
	}
	a, ok := v.axisOf(1)
	return ok && a == 1
}

// layConv: some convolutions are other layers, some run along a sequence.
func layConv(l *layouter, n *graph.Node) bool {
	return n.OpType == "Conv" && layWindowSum(l, n) || layConvRow(l, n)
}

// layConvRow: a convolution along a sequence has a kernel of one row, or of one column.
func layConvRow(l *layouter, n *graph.Node) bool {
	v, ok := l.maps[n.Inputs[0]]
	if !ok || len(n.Inputs) < 2 || l.Consts[n.Inputs[1]] == nil || len(l.Consts[n.Inputs[1]].Dims) != 3 {
		return false
	}
	for _, in := range n.Inputs[2:] {
		if in != "" && l.Consts[in] == nil {
			return false
		}
	}
	a, ok := v.rowOf()
	if !ok {
		return false
	}
	w := ir.ToInts(l.Consts[n.Inputs[1]].Dims)
	flat, parts, ok := l.flatWindow(n, v, w[2:])
	if !ok {
		return false
	}
	c := l.CopyOf(n)
	for i, attr := range c.Attrs {
		switch list, isList := attr.Value.([]int64); {
		case flat[attr.Name] != nil:
			c.Attrs[i] = graph.IntsAttr(attr.Name, flat[attr.Name]...)
		case isList && attr.Name == "output_padding" && len(list) == 1:
			c.Attrs[i] = graph.IntsAttr(attr.Name, slices.Insert(slices.Clone(list), 3-a, 0)...)
		case isList:
			return false
		}
	}
	c.Inputs[0] = v.name
	c.Inputs[1], ok = l.reshapedConstant(n.Inputs[1], slices.Insert(w, 5-a, 1)...)
	if !ok {
		return false
	}
	out := l.Sizes(n.Outputs[0])
	parts[v.axes[1][0]], parts[v.axes[2][0]] = out[1], out[2]
	l.result(n, c, v, parts, v)
	return true
}

// layGlobal: a pool over all that is behind the channels.
func layGlobal(l *layouter, n *graph.Node) bool {
	v, ok := l.maps[n.Inputs[0]]
	if !ok || v.plain() || len(v.groups) != 4 || len(v.parts) != 4 || !v.channelsSecond() || len(n.Outputs) != 1 {
		return false
	}
	parts := slices.Clone(v.parts)
	parts[2], parts[3] = ir.Unit, ir.Unit
	c := l.CopyOf(n)
	c.Inputs[0] = v.name
	l.result(n, c, v, parts, v)
	return true
}
