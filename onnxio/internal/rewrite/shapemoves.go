package rewrite

import (
	"slices"

	"github.com/gonn-toolkit/gonn/onnxio/graph"
)

func shapeFlatten(q *shapeQuery) [][]int {
	x := q.in(0)
	axis, err := q.n.Int("axis", 1)
	if x == nil || err != nil || axis < -int64(len(x)) || axis > int64(len(x)) {
		return nil
	}
	at := clampAxis(axis, len(x))
	return [][]int{{volume(x[:at]), volume(x[at:])}}
}

func shapeReshape(q *shapeQuery) [][]int {
	x := q.in(0)
	to, ok := q.ints(1)
	allowZero, err := q.n.Int("allowzero", 0)
	if x == nil || !ok || err != nil {
		return nil
	}
	s, free := toInts(to), -1
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
	if sane(s) == nil {
		return nil
	}
	if free >= 0 {
		if v := volume(s); v == 0 || volume(x)%v != 0 {
			return nil
		} else {
			s[free] = volume(x) / v
		}
	}
	if volume(s) != volume(x) {
		return nil
	}
	return [][]int{s}
}

func shapeTranspose(q *shapeQuery) [][]int {
	x := q.in(0)
	perm := permOf(q.n, len(x))
	if x == nil || perm == nil {
		return nil
	}
	s := make([]int, len(x))
	for i, a := range perm {
		s[i] = x[a]
	}
	return [][]int{s}
}

// permOf is the permutation of a Transpose of so many axes; nil if it has none that is
// right.
func permOf(n *graph.Node, rank int) []int {
	v, err := n.Ints("perm", nil)
	if err != nil {
		return nil
	}
	if v == nil {
		for i := rank - 1; i >= 0; i-- {
			v = append(v, int64(i))
		}
	}
	perm := toInts(v)
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

// shapeSqueeze drops axes of one element. Where none are named these are all, and the batch
// is taken for more than one sample, as whoever writes x.squeeze() does.
func shapeSqueeze(q *shapeQuery) [][]int {
	x := q.in(0)
	axes, all := q.axesOf(1)
	front, ok := fromFront(axes, len(x))
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

func shapeUnsqueeze(q *shapeQuery) [][]int {
	x := q.in(0)
	axes, ok := q.ints(1)
	if x == nil || !ok {
		return nil
	}
	front, ok := fromFront(axes, len(x)+len(axes))
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

func shapeExpand(q *shapeQuery) [][]int {
	to, ok := q.ints(1)
	if !ok {
		return nil
	}
	s := Broadcast(q.in(0), toInts(to))
	return [][]int{s}
}

func shapeTile(q *shapeQuery) [][]int {
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
