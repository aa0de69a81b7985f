package layout

import (
	"slices"

	"github.com/gonn-toolkit/gonn/onnxio/graph"
	"github.com/gonn-toolkit/gonn/onnxio/internal/ir"
	"github.com/gonn-toolkit/gonn/onnxio/internal/shapeinfer"
)

func layTranspose(l *layouter, n *graph.Node) bool {
	v, ok := l.maps[n.Inputs[0]]
	perm := shapeinfer.PermOf(n, len(v.axes))
	if !ok || perm == nil {
		return false
	}
	l.enter(n, l.movedBy(n, v.transposed(perm), v))
	return true
}

func layReshape(l *layouter, n *graph.Node) bool {
	v, ok := l.maps[n.Inputs[0]]
	if !ok {
		return false
	}
	shape := l.Sizes(n.Outputs[0])
	if u, ok := v.reshaped(shape); ok {
		l.enter(n, l.movedBy(n, u, v))
		return true
	}
	return l.layCut(n, v, shape)
}

// layAlongAxis: a softmax along an axis that is one of the cleaned value's.
func layAlongAxis(l *layouter, n *graph.Node) bool {
	v, ok := l.maps[n.Inputs[0]]
	axis, err := n.Int("axis", -1)
	front, inside := shapeinfer.FromFront([]int64{axis}, len(v.axes))
	if !ok || err != nil || !inside {
		return false
	}
	a, ok := v.axisOf(front[0])
	if !ok || n.OpType == "Hardmax" && !slices.IsSorted(v.axes[front[0]]) { // of equals it takes the first
		return false
	}
	c := l.CopyOf(n)
	c.Inputs[0] = v.name
	ir.SetAttr(c, graph.IntAttr("axis", int64(a)))
	l.result(n, c, v, v.parts, v)
	return true
}

// layConcat: all operands lie alike and are joined along an axis of the cleaned values.
func layConcat(l *layouter, n *graph.Node) bool {
	lead, ok := l.maps[n.Inputs[0]]
	axis, err := n.Int("axis", 0)
	front, inside := shapeinfer.FromFront([]int64{axis}, len(lead.axes))
	if !ok || err != nil || !inside || len(lead.axes[front[0]]) != 1 {
		return false
	}
	a, ok := lead.axisOf(front[0])
	if !ok {
		return false
	}
	part := lead.axes[front[0]][0]
	parts := slices.Clone(lead.parts)
	parts[part] = ir.Size{}
	c := l.CopyOf(n)
	var operands []axisMap
	for k, in := range n.Inputs {
		v, ok := l.maps[in]
		if !ok || !v.sameOrder(lead) {
			return false
		}
		parts[part][0] += v.parts[part][0]
		parts[part][1] += v.parts[part][1]
		c.Inputs[k] = v.name
		operands = append(operands, v)
	}
	ir.SetAttr(c, graph.IntAttr("axis", int64(a)))
	l.result(n, c, lead, parts, operands...)
	return true
}

// ofOne are the reductions that give one element as it is.
var ofOne = map[string]bool{"ReduceMean": true, "ReduceSum": true, "ReduceMax": true, "ReduceMin": true, "ReduceProd": true}

// layReduce: the axes that are reduced are axes of the cleaned value. They are kept there
// with one element; a result without them does not see them.
func layReduce(l *layouter, n *graph.Node) bool {
	v, ok := l.maps[n.Inputs[0]]
	axes, known := shapeinfer.FixedInts(l.Graph, n, 1)
	keep, err := n.Int("keepdims", 1)
	front, inside := shapeinfer.FromFront(axes, len(v.axes))
	if !ok || !known || err != nil || !inside || len(axes) == 0 {
		return false
	}
	parts := slices.Clone(v.parts)
	seen := v
	seen.axes = nil
	var stored []int
	for i, axis := range v.axes {
		if !slices.Contains(front, i) {
			seen.axes = append(seen.axes, axis)
			continue
		}
		for _, p := range axis {
			a, ok := v.axisOfPart(p)
			if !ok || p == 0 {
				return false
			}
			parts[p] = ir.Unit
			stored = append(stored, a)
		}
		if keep != 0 {
			seen.axes = append(seen.axes, axis)
		}
	}
	if len(stored) == 0 { // axes of one element that the cleaned value does not have
		if ofOne[n.OpType] {
			l.enter(n, l.movedBy(n, seen, v))
		}
		return ofOne[n.OpType]
	}
	slices.Sort(stored)
	c := l.CopyOf(n)
	c.Inputs = []string{v.name, l.AddInts(n.Outputs[0]+".axes", stored...)}
	ir.SetAttr(c, graph.IntAttr("keepdims", 1))
	l.result(n, c, seen, parts, v)
	return true
}
