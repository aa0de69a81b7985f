package rewrite

import (
	"slices"
	"strconv"

	"github.com/gonn-toolkit/gonn/onnxio/graph"
)

// A sequence (N, C, L) may lie in the cleaned graph as a map of one row, (N, C, 1, L), for
// which there are layers. The rules here take windows and reductions there.

// rowOf is the axis of a cleaned map that the one spatial axis of the file's (N, C, L) is.
func (v view) rowOf() (a int, ok bool) {
	if len(v.axes) != 3 || len(v.groups) != 4 || len(v.parts) != 4 || !v.channelsSecond() || len(v.axes[2]) != 1 {
		return 0, false
	}
	a, ok = v.axisOf(2)
	return a, ok && a >= 2
}

// channelsSecond tells whether the batch and the channels are the first two axes, both of
// the file's value and of the cleaned one.
func (v view) channelsSecond() bool {
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
	v, ok := l.views[n.Inputs[0]]
	if !ok || len(n.Inputs) < 2 || l.consts[n.Inputs[1]] == nil || len(l.consts[n.Inputs[1]].Dims) != 3 {
		return false
	}
	for _, in := range n.Inputs[2:] {
		if in != "" && l.consts[in] == nil {
			return false
		}
	}
	a, ok := v.rowOf()
	if !ok {
		return false
	}
	c := l.copyOf(n)
	for i, attr := range c.Attrs {
		list, isList := attr.Value.([]int64)
		if !isList {
			continue
		}
		if list, ok = inRow(attr.Name, list, a-2); !ok {
			return false
		}
		c.Attrs[i] = graph.IntsAttr(attr.Name, list...)
	}
	c.Inputs[0] = v.name
	c.Inputs[1], ok = l.rearranged(n.Inputs[1], func(t *tensor) (*tensor, error) {
		row := *t
		row.Shape = slices.Insert(slices.Clone(t.Shape), 5-a, 1)
		return &row, nil
	}, "row", strconv.Itoa(a))
	if !ok {
		return false
	}
	out := l.sizes(n.Outputs[0])
	parts := slices.Clone(v.parts)
	parts[v.axes[1][0]], parts[v.axes[2][0]] = out[1], out[2]
	l.result(n, c, v, parts, v)
	return true
}

// inRow is a list attribute of one spatial axis for two, of which it is number at.
func inRow(name string, list []int64, at int) ([]int64, bool) {
	one := map[string]int64{"kernel_shape": 1, "strides": 1, "dilations": 1, "output_padding": 0, "output_shape": 1}
	if v, known := one[name]; known && len(list) == 1 {
		return slices.Insert(slices.Clone(list), 1-at, v), true
	}
	if name != "pads" || len(list) != 2 {
		return nil, false
	}
	pads := make([]int64, 4)
	pads[at], pads[at+2] = list[0], list[1]
	return pads, true
}

// layGlobal: a pool over all that is behind the channels.
func layGlobal(l *layouter, n *graph.Node) bool {
	v, ok := l.views[n.Inputs[0]]
	if !ok || v.plain() || len(v.groups) != 4 || len(v.parts) != 4 || !v.channelsSecond() || len(n.Outputs) != 1 {
		return false
	}
	parts := slices.Clone(v.parts)
	parts[2], parts[3] = unit, unit
	c := l.copyOf(n)
	c.Inputs[0] = v.name
	l.result(n, c, v, parts, v)
	return true
}
