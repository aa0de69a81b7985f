package layout

import (
	"slices"

	"github.com/gonn-toolkit/gonn/onnxio/graph"
	"github.com/gonn-toolkit/gonn/onnxio/internal/ir"
	"github.com/gonn-toolkit/gonn/onnxio/internal/shapeinfer"
)

// layTake: a Gather by a list of constants takes elements along an axis of the cleaned value.
func layTake(l *layouter, n *graph.Node) bool {
	v, ok := l.maps[n.Inputs[0]]
	at := l.Consts[n.Inputs[1]]
	axis, err := n.Int("axis", 0)
	front, inside := shapeinfer.FromFront([]int64{axis}, len(v.axes))
	if !ok || err != nil || !inside || at == nil || len(at.Dims) != 1 || len(v.axes[front[0]]) != 1 {
		return false
	}
	a, ok := v.axisOf(front[0])
	part := v.axes[front[0]][0]
	if !ok || part == 0 {
		return false
	}
	parts := slices.Clone(v.parts)
	parts[part] = ir.Size{int(at.Dims[0]), int(at.Dims[0])}
	c := l.CopyOf(n)
	c.Inputs[0] = v.name
	ir.SetAttr(c, graph.IntAttr("axis", int64(a)))
	l.result(n, c, v, parts, v)
	return true
}
