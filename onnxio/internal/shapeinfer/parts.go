package shapeinfer

import (
	"math"
	"slices"

	"github.com/gonn-toolkit/gonn/onnxio/graph"
	"github.com/gonn-toolkit/gonn/onnxio/internal/ir"
)

func shapeConcat(q *query) [][]int {
	s := slices.Clone(q.in(0))
	axis, err := q.n.Int("axis", 0)
	front, ok := FromFront([]int64{axis}, len(s))
	if s == nil || err != nil || !ok {
		return nil
	}
	for k := 1; k < len(q.n.Inputs); k++ {
		x := q.in(k)
		if len(x) != len(s) {
			return nil
		}
		s[front[0]] += x[front[0]]
	}
	return [][]int{s}
}

func shapeGather(q *query) [][]int {
	x, at := q.in(0), q.in(1)
	axis, err := q.n.Int("axis", 0)
	front, ok := FromFront([]int64{axis}, len(x))
	if x == nil || at == nil || err != nil || !ok {
		return nil
	}
	s := append([]int{}, x[:front[0]]...)
	return [][]int{append(append(s, at...), x[front[0]+1:]...)}
}

func shapeSlice(q *query) [][]int {
	x := q.in(0)
	starts, ok1 := q.ints(1)
	ends, ok2 := q.ints(2)
	if x == nil || !ok1 || !ok2 || len(starts) != len(ends) {
		return nil
	}
	axes, steps := make([]int64, len(starts)), slices.Repeat([]int64{1}, len(starts))
	for i := range axes {
		axes[i] = int64(i)
	}
	for k, into := range map[int][]int64{3: axes, 4: steps} {
		if k < len(q.n.Inputs) && q.n.Inputs[k] != "" {
			v, ok := q.ints(k)
			if !ok || len(v) != len(starts) {
				return nil
			}
			copy(into, v)
		}
	}
	front, ok := FromFront(axes, len(x))
	if !ok {
		return nil
	}
	s := slices.Clone(x)
	for i, a := range front {
		n := sliced(x[a], starts[i], ends[i], steps[i])
		if n < 0 || q.open(0, a) && (starts[i] != 0 || ends[i] < math.MaxInt32 || steps[i] != 1) {
			return nil // how much of the batch there is left is not known
		}
		s[a] = n
	}
	return [][]int{s}
}

// sliced is how many of n elements lie from start on, before end, step by step; −1 for a
// step of 0.
func sliced(n int, start, end, step int64) int {
	step = min(max(step, -int64(n)-1), int64(n)+1)
	switch {
	case step > 0:
		from, to := ClampAxis(start, n), ClampAxis(end, n)
		return int((int64(max(0, to-from)) + step - 1) / step)
	case step < 0:
		from, to := lastBefore(start, n), lastBefore(end, n)
		return int((int64(max(0, from-to)) - step - 1) / -step)
	}
	return -1
}

// lastBefore is where a slice that goes backwards begins or ends: at most the last element,
// and −1 in front of the first.
func lastBefore(a int64, n int) int {
	if a < 0 {
		a += int64(n)
	}
	return int(min(max(a, -1), int64(n-1)))
}

func shapeSplit(q *query) [][]int {
	x := q.in(0)
	axis, err := q.n.Int("axis", 0)
	front, ok := FromFront([]int64{axis}, len(x))
	if x == nil || err != nil || !ok {
		return nil
	}
	size, parts := x[front[0]], len(q.n.Outputs)
	sizes, given := q.ints(1)
	if !given {
		if len(q.n.Inputs) > 1 && q.n.Inputs[1] != "" {
			return nil
		}
		each := (size + parts - 1) / parts
		for i := range parts {
			sizes = append(sizes, int64(min(each, max(0, size-i*each))))
		}
	}
	var all [][]int
	for _, d := range sizes {
		s := slices.Clone(x)
		s[front[0]] = int(d)
		all = append(all, s)
	}
	return all
}

func shapePad(q *query) [][]int {
	x := q.in(0)
	pads, ok := q.ints(1)
	if x == nil || !ok {
		return nil
	}
	around, ok := spread(q, pads, len(x))
	if !ok {
		return nil
	}
	s := slices.Clone(x)
	for i := range s {
		before, behind := around[i], around[i+len(x)]
		if min(before, behind) < int64(-s[i]) || max(before, behind) > mostSetting {
			return nil
		}
		s[i] += int(before + behind)
	}
	return [][]int{s}
}

// spread gives the pads of a Pad for all axes.
func spread(q *query, pads []int64, rank int) ([]int64, bool) {
	axes, all := q.axesOf(3)
	if all {
		return pads, len(pads) == 2*rank
	}
	front, ok := FromFront(axes, rank)
	if axes == nil || !ok || len(pads) != 2*len(axes) {
		return nil, false
	}
	around := make([]int64, 2*rank)
	for i, a := range front {
		around[a], around[a+rank] = pads[i], pads[i+len(axes)]
	}
	return around, true
}

// FixedPads are the pads of a Pad for all axes, before all and then behind, if they do not
// depend on the batch.
func FixedPads(g *ir.Graph, n *graph.Node, rank int) ([]int64, bool) {
	var around [2][]int64
	for p := range around {
		q := &query{g, n, p}
		pads, ok := q.ints(1)
		if !ok {
			return nil, false
		}
		if around[p], ok = spread(q, pads, rank); !ok {
			return nil, false
		}
	}
	return around[0], slices.Equal(around[0], around[1])
}
