package shapeinfer

import (
	"slices"

	"github.com/gonn-toolkit/gonn/onnxio/internal/ir"
)

func shapeFlatten(q *query) [][]int {
	x := q.in(0)
	axis, err := q.n.Int("axis", 1)
	if x == nil || err != nil || axis < -int64(len(x)) || axis > int64(len(x)) {
		return nil
	}
	at := ClampAxis(axis, len(x))
	return [][]int{{ir.Volume(x[:at]), ir.Volume(x[at:])}}
}

func shapeReshape(q *query) [][]int {
	x := q.in(0)
	to, ok := q.ints(1)
	allowZero, err := q.n.Int("allowzero", 0)
	if x == nil || !ok || err != nil {
		return nil
	}
	s, free := ir.ToInts(to), -1
	for i, d := range s {
		switch {
		case d == 0 && allowZero == 0 && i < len(x):
			s[i] = x[i]
		case d == -1 && free < 0:
			free, s[i] = i, 1
		case d < 0:
			return nil
		}
	}
	if ir.Sane(s) == nil {
		return nil
	}
	if free >= 0 {
		if v := ir.Volume(s); v == 0 || ir.Volume(x)%v != 0 {
			return nil
		} else {
			s[free] = ir.Volume(x) / v
		}
	}
	if ir.Volume(s) != ir.Volume(x) {
		return nil
	}
	return [][]int{s}
}

func shapeTranspose(q *query) [][]int {
	x := q.in(0)
	perm := PermOf(q.n, len(x))
	if x == nil || perm == nil {
		return nil
	}
	s := make([]int, len(x))
	for i, a := range perm {
		s[i] = x[a]
	}
	return [][]int{s}
}

// shapeSqueeze drops axes of one element. Where none are named these are all, and the batch
// is taken for more than one sample, as whoever writes x.squeeze() does.
func shapeSqueeze(q *query) [][]int {
	x := q.in(0)
	axes, all := q.axesOf(1)
	front, ok := FromFront(axes, len(x))
	if x == nil || !ok || axes == nil && !all {
		return nil
	}
	s := []int{}
	for i, d := range x {
		switch {
		case slices.Contains(front, i) && d != 1:
			return nil
		case slices.Contains(front, i), all && d == 1:
		default:
			s = append(s, d)
		}
	}
	return [][]int{s}
}

func shapeUnsqueeze(q *query) [][]int {
	x := q.in(0)
	axes, ok := q.ints(1)
	if x == nil || !ok {
		return nil
	}
	front, ok := FromFront(axes, len(x)+len(axes))
	if !ok {
		return nil
	}
	s := []int{}
	for i, k := 0, 0; i < len(x)+len(axes); i++ {
		if slices.Contains(front, i) {
			s = append(s, 1)
		} else if k < len(x) {
			s = append(s, x[k])
			k++
		}
	}
	return [][]int{s}
}

func shapeExpand(q *query) [][]int {
	to, ok := q.ints(1)
	if !ok {
		return nil
	}
	s := Broadcast(q.in(0), ir.ToInts(to))
	return [][]int{s}
}

func shapeTile(q *query) [][]int {
	x := slices.Clone(q.in(0))
	times, ok := q.ints(1)
	if x == nil || !ok || len(times) != len(x) {
		return nil
	}
	for i, n := range times {
		if n < 0 || n > mostSetting || x[i] > mostSetting {
			return nil
		}
		x[i] *= int(n)
	}
	return [][]int{x}
}
