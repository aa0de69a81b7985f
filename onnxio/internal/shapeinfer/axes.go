package shapeinfer

import (
	"github.com/gonn-toolkit/gonn/onnxio/graph"
	"github.com/gonn-toolkit/gonn/onnxio/internal/ir"
)

// ClampAxis counts an axis, or another position, from the front: one that lies outside is the
// nearest from 0 to rank.
func ClampAxis(a int64, rank int) int {
	if a < 0 {
		a += int64(rank)
	}
	return int(min(max(a, 0), int64(rank)))
}

// PermOf is the permutation of a Transpose of so many axes; nil if it has none that is
// right.
func PermOf(n *graph.Node, rank int) []int {
	v, err := n.Ints("perm", nil)
	if err != nil {
		return nil
	}
	if v == nil {
		for i := rank - 1; i >= 0; i-- {
			v = append(v, int64(i))
		}
	}
	perm := ir.ToInts(v)
	seen := make([]bool, rank)
	for _, a := range perm {
		if a < 0 || a >= rank || seen[a] {
			return nil
		}
		seen[a] = true
	}
	if len(perm) != rank {
		return nil
	}
	return perm
}

// axesOf are the axes in operand k, nil if they are not known; none says that there is no
// such operand.
func (q *query) axesOf(k int) (axes []int64, none bool) {
	if k >= len(q.n.Inputs) || q.n.Inputs[k] == "" {
		return nil, true
	}
	axes, _ = q.ints(k)
	return axes, false
}

// FromFront counts axes from the front; ok is false if there is one that rank has not.
func FromFront(axes []int64, rank int) (front []int, ok bool) {
	for _, a := range axes {
		if a < -int64(rank) || a >= int64(rank) {
			return nil, false
		}
		front = append(front, int((a+int64(rank))%int64(rank)))
	}
	return front, true
}
