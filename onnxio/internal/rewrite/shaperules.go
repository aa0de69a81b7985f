package rewrite

import (
	"math"
	"slices"

	"github.com/gonn-toolkit/gonn/onnxio/graph"
)

// ownRules are the operators with a rule of their own.
var ownRules = map[string]shapeRule{
	"Conv":              shapeConv,
	"ConvTranspose":     shapeConvTranspose,
	"MaxPool":           shapePool,
	"AveragePool":       shapePool,
	"LpPool":            shapePool,
	"GlobalAveragePool": shapeGlobal,
	"GlobalMaxPool":     shapeGlobal,
	"GlobalLpPool":      shapeGlobal,
	"MatMul":            shapeMatMul,
	"Gemm":              shapeGemm,
	"Flatten":           shapeFlatten,
	"Reshape":           shapeReshape,
	"Transpose":         shapeTranspose,
	"Squeeze":           shapeSqueeze,
	"Unsqueeze":         shapeUnsqueeze,
	"Concat":            shapeConcat,
	"Gather":            shapeGather,
	"Slice":             shapeSlice,
	"Split":             shapeSplit,
	"Pad":               shapePad,
	"Expand":            shapeExpand,
	"Tile":              shapeTile,
	"ConstantOfShape":   shapeGiven,
	"Shape":             shapeShape,
	"Size":              shapeSize,
	"Range":             shapeRange,
}

// mostSetting bounds strides, pads and the like, as the reference does.
const mostSetting = 1 << 30

func shapeConv(q *shapeQuery) [][]int {
	x, w := q.in(0), q.in(1)
	if len(x) < 3 || len(w) != len(x) {
		return nil
	}
	spatial := q.windowed(x[2:], w[2:])
	if spatial == nil {
		return nil
	}
	return [][]int{append([]int{x[0], w[0]}, spatial...)}
}

func shapePool(q *shapeQuery) [][]int {
	x := q.in(0)
	kernel, err := q.n.Ints("kernel_shape", nil)
	if len(x) < 3 || err != nil || len(kernel) != len(x)-2 {
		return nil
	}
	spatial := q.windowed(x[2:], toInts(kernel))
	if spatial == nil {
		return nil
	}
	s := append(slices.Clone(x[:2]), spatial...)
	return [][]int{s, s} // MaxPool's second result has the same shape
}

// windowed is how many positions a window has on each spatial axis.
func (q *shapeQuery) windowed(x, kernel []int) []int {
	strides, pads := q.list("strides", len(x), 1, 1), q.list("pads", 2*len(x), 0, 0)
	dilations := q.list("dilations", len(x), 1, 1)
	auto, err1 := q.n.String("auto_pad", "NOTSET")
	ceil, err2 := q.n.Int("ceil_mode", 0)
	if strides == nil || pads == nil || dilations == nil || err1 != nil || err2 != nil {
		return nil
	}
	out := make([]int, len(x))
	for i := range x {
		if kernel[i] < 1 || kernel[i] > mostSetting || x[i] > mostSetting {
			return nil
		}
		if auto == "SAME_UPPER" || auto == "SAME_LOWER" {
			out[i] = (x[i] + strides[i] - 1) / strides[i]
			continue
		}
		room := x[i] + pads[i] + pads[i+len(x)] - dilations[i]*(kernel[i]-1) - 1
		if room < 0 {
			return nil
		}
		out[i] = room/strides[i] + 1
		// A last position that would start in the padding does not count.
		if ceil != 0 && auto != "VALID" && room%strides[i] != 0 && out[i]*strides[i] < x[i]+pads[i] {
			out[i]++
		}
	}
	return out
}

// list is an attribute of n numbers of at least low, all of them def if it is not there.
func (q *shapeQuery) list(name string, n, def, low int) []int {
	v, err := q.n.Ints(name, nil)
	if err != nil {
		return nil
	}
	if v == nil {
		return slices.Repeat([]int{def}, n)
	}
	if len(v) != n || slices.Min(v) < int64(low) || slices.Max(v) > mostSetting {
		return nil
	}
	return toInts(v)
}

func toInts(v []int64) []int {
	out := make([]int, len(v))
	for i, x := range v {
		out[i] = int(x)
	}
	return out
}

func shapeConvTranspose(q *shapeQuery) [][]int {
	x, w := q.in(0), q.in(1)
	if len(x) < 3 || len(w) != len(x) || q.n.Attr("output_shape") != nil {
		return nil
	}
	r := len(x) - 2
	strides, pads, dilations := q.list("strides", r, 1, 1), q.list("pads", 2*r, 0, 0), q.list("dilations", r, 1, 1)
	extra := q.list("output_padding", r, 0, 0)
	group, err := q.n.Int("group", 1)
	auto, err2 := q.n.String("auto_pad", "NOTSET")
	if strides == nil || pads == nil || dilations == nil || extra == nil || err != nil || err2 != nil || group < 1 || group > mostSetting ||
		max(slices.Max(x), slices.Max(w)) > mostSetting {
		return nil
	}
	s := []int{x[0], w[1] * int(group)}
	for i := range r {
		d := strides[i]*(x[2+i]-1) + extra[i] + dilations[i]*(w[2+i]-1) + 1 - pads[i] - pads[i+r]
		if auto == "SAME_UPPER" || auto == "SAME_LOWER" {
			d = x[2+i] * strides[i]
		}
		s = append(s, d)
	}
	return [][]int{s}
}

func shapeGlobal(q *shapeQuery) [][]int {
	x := q.in(0)
	if len(x) < 2 {
		return nil
	}
	s := slices.Repeat([]int{1}, len(x))
	copy(s, x[:2])
	return [][]int{s}
}

func shapeMatMul(q *shapeQuery) [][]int {
	a, b := q.in(0), q.in(1)
	if len(a) < 2 || len(b) < 2 {
		return nil
	}
	s := broadcast(a[:len(a)-2], b[:len(b)-2])
	if s == nil {
		return nil
	}
	return [][]int{append(s, a[len(a)-2], b[len(b)-1])}
}

func shapeGemm(q *shapeQuery) [][]int {
	a, b := q.in(0), q.in(1)
	transA, err1 := q.n.Int("transA", 0)
	transB, err2 := q.n.Int("transB", 0)
	if len(a) != 2 || len(b) != 2 || err1 != nil || err2 != nil {
		return nil
	}
	rows, cols := a[0], b[1]
	if transA != 0 {
		rows = a[1]
	}
	if transB != 0 {
		cols = b[0]
	}
	return [][]int{{rows, cols}}
}

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

func shapeConcat(q *shapeQuery) [][]int {
	s := slices.Clone(q.in(0))
	axis, err := q.n.Int("axis", 0)
	front, ok := fromFront([]int64{axis}, len(s))
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

func shapeGather(q *shapeQuery) [][]int {
	x, at := q.in(0), q.in(1)
	axis, err := q.n.Int("axis", 0)
	front, ok := fromFront([]int64{axis}, len(x))
	if x == nil || at == nil || err != nil || !ok {
		return nil
	}
	s := append([]int{}, x[:front[0]]...)
	return [][]int{append(append(s, at...), x[front[0]+1:]...)}
}

func shapeSlice(q *shapeQuery) [][]int {
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
	front, ok := fromFront(axes, len(x))
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
		from, to := clampAxis(start, n), clampAxis(end, n)
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

// shapeRange: the integers from start on, before limit.
func shapeRange(q *shapeQuery) [][]int {
	start, ok1 := q.ints(0)
	limit, ok2 := q.ints(1)
	delta, ok3 := q.ints(2)
	if !ok1 || !ok2 || !ok3 || len(start) != 1 || len(limit) != 1 || len(delta) != 1 || delta[0] == 0 {
		return nil
	}
	n := math.Ceil((float64(limit[0]) - float64(start[0])) / float64(delta[0]))
	return [][]int{{int(min(max(n, 0), 1<<40))}}
}

func shapeSplit(q *shapeQuery) [][]int {
	x := q.in(0)
	axis, err := q.n.Int("axis", 0)
	front, ok := fromFront([]int64{axis}, len(x))
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

func shapePad(q *shapeQuery) [][]int {
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
func spread(q *shapeQuery, pads []int64, rank int) ([]int64, bool) {
	axes, all := q.axesOf(3)
	if all {
		return pads, len(pads) == 2*rank
	}
	front, ok := fromFront(axes, rank)
	if axes == nil || !ok || len(pads) != 2*len(axes) {
		return nil, false
	}
	around := make([]int64, 2*rank)
	for i, a := range front {
		around[a], around[a+rank] = pads[i], pads[i+len(axes)]
	}
	return around, true
}

// fixedPads are the pads of a Pad for all axes, before all and then behind, if they do not
// depend on the batch.
func (w *work) fixedPads(n *graph.Node, rank int) ([]int64, bool) {
	var around [2][]int64
	for p := range around {
		q := &shapeQuery{w, n, p}
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

func shapeExpand(q *shapeQuery) [][]int {
	to, ok := q.ints(1)
	if !ok {
		return nil
	}
	s := broadcast(q.in(0), toInts(to))
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

func shapeGiven(q *shapeQuery) [][]int {
	to, ok := q.ints(0)
	if !ok {
		return nil
	}
	return [][]int{toInts(to)}
}

// shapeShape is that of all sizes, or of those from start up to end.
func shapeShape(q *shapeQuery) [][]int {
	if q.in(0) == nil {
		return nil
	}
	d := shapeData(q.n, q.in(0))
	if d == nil {
		return nil
	}
	return [][]int{d.Shape}
}

func shapeSize(*shapeQuery) [][]int { return [][]int{{}} }
