package layout

import (
	"fmt"
	"slices"

	"github.com/gonn-toolkit/gonn/onnxio/internal/ir"
	"github.com/gonn-toolkit/gonn/onnxio/reference"
)

type tensor = reference.Tensor

// orderer makes constants that hold the elements of others in another shape or order.
type orderer struct {
	*ir.Graph
	made map[string]string // by what was asked for
}

// arranged is a constant as an operand beside a value that lies as whole does: its axes are
// permuted, cut and joined like those of the value.
func (o *orderer) arranged(name string, whole axisMap) (string, bool) {
	dims := ir.ToInts(o.Consts[name].Dims)
	if ir.Volume(dims) == 1 && len(dims) <= len(whole.groups) || whole.plain() {
		return name, true
	}
	if len(dims) > len(whole.axes) {
		return "", false
	}
	// The constant's elements by parts, in the order of the file.
	dims = append(slices.Repeat([]int{1}, len(whole.axes)-len(dims)), dims...)
	has := make([]bool, len(whole.parts)) // parts along which the constant changes
	var sizes, parts []int
	for i, axis := range whole.axes {
		for _, p := range axis {
			d := whole.parts[p][0]
			if dims[i] == 1 {
				d = 1
			} else if whole.parts[p][0] != whole.parts[p][1] {
				return "", false // a constant for each sample
			}
			has[p] = d != 1
			sizes, parts = append(sizes, d), append(parts, p)
		}
	}
	if full, ok := whole.filled(has); ir.Volume(sizes) != ir.Volume(dims) || !ok || !o.Spend(int64(full), int64(full)) {
		return "", false
	}
	return o.rearranged(name, func(t *tensor) (*tensor, error) {
		return arrange(t, whole, sizes, parts, has), nil
	}, whole.groups, whole.axes, whole.parts[1:], has)
}

// filled is how many elements a constant has that changes along some parts, if it has all
// elements of the axes that these are joined in; ok is false if one depends on the batch.
func (v axisMap) filled(has []bool) (full int, ok bool) {
	full = 1
	for a, s := range v.stored() {
		if slices.ContainsFunc(v.partsOf(a), func(p int) bool { return has[p] }) {
			if s[0] != s[1] {
				return 0, false
			}
			full *= s[0]
		}
	}
	return full, true
}

// arrange puts the elements of a constant, cut into sizes that belong to parts, into the
// order of the cleaned value.
func arrange(t *tensor, whole axisMap, sizes, parts []int, has []bool) *tensor {
	order := make([]int, len(parts))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return parts[a] - parts[b] })
	index := ir.PermutedIndex(sizes, order)

	// Axes of the cleaned value that join several parts have all of their elements if the
	// constant changes along any of the parts.
	shape := make([]int, len(whole.groups))
	full := make([]int, 0, len(whole.parts)) // sizes of all parts after that
	some := make([]int, 0, len(whole.parts)) // and before
	for a := range whole.groups {
		group := whole.partsOf(a)
		wide := slices.ContainsFunc(group, func(p int) bool { return has[p] })
		shape[a] = 1
		for _, p := range group {
			f, s := 1, 1
			if wide {
				f = whole.parts[p][0]
			}
			if has[p] {
				s = f
			}
			full, some = append(full, f), append(some, s)
			shape[a] *= f
		}
	}
	return take(t, spreadIndex(index, some, full), shape)
}

// spreadIndex repeats an index over sizes some along the axes where full has more.
func spreadIndex(index, some, full []int) []int {
	if slices.Equal(some, full) {
		return index
	}
	stride := make([]int, len(some))
	n := 1
	for i := len(some) - 1; i >= 0; i-- {
		if some[i] != 1 {
			stride[i] = n
		}
		n *= some[i]
	}
	at := []int{0}
	for i, d := range full {
		next := make([]int, 0, len(at)*d)
		for _, base := range at {
			for j := range d {
				next = append(next, base+j*stride[i])
			}
		}
		at = next
	}
	for i, k := range at {
		at[i] = index[k]
	}
	return at
}

// take makes a tensor of elements of another.
func take(t *tensor, index, shape []int) *tensor {
	out := &tensor{Type: t.Type, Shape: shape}
	if t.Floats != nil {
		out.Floats = make([]float64, len(index))
		for i, k := range index {
			out.Floats[i] = t.Floats[k]
		}
		return out
	}
	out.Ints = make([]int64, len(index))
	for i, k := range index {
		out.Ints[i] = t.Ints[k]
	}
	return out
}

// rearranged enters a constant that holds the elements of another in another order. What
// is asked for twice is made once.
func (o *orderer) rearranged(name string, f ir.Order, how ...any) (string, bool) {
	key := fmt.Sprintf("%q %v", name, how)
	if to := o.made[key]; to != "" {
		return to, true
	}
	if !o.Spend(o.Len(name), o.Len(name)) {
		return "", false
	}
	t, err := reference.FromGraph(o.Consts[name])
	if err != nil || t.Strings != nil {
		return "", false
	}
	if t, err = f(t); err != nil {
		return "", false
	}
	g, err := t.Graph("")
	if err != nil {
		return "", false
	}
	to := o.AddConstant(g, name, name)
	o.Origin[to], o.Orders[to] = name, f
	o.made[key] = to
	return to, true
}

// taken is a constant with an axis in another order.
func (o *orderer) taken(name string, axis int, index []int) (string, bool) {
	return o.rearranged(name, func(t *tensor) (*tensor, error) {
		if len(t.Shape) <= axis || t.Shape[axis] != len(index) {
			return nil, fmt.Errorf("constant %q of shape %v does not fit %d features", name, t.Shape, len(index))
		}
		row := ir.Volume(t.Shape[axis+1:])
		all := make([]int, 0, t.Len())
		for front := range ir.Volume(t.Shape[:axis]) {
			for _, i := range index {
				for j := range row {
					all = append(all, (front*len(index)+i)*row+j)
				}
			}
		}
		return take(t, all, t.Shape), nil
	}, axis, index)
}

// reshapedConstant is a constant with other axes.
func (o *orderer) reshapedConstant(name string, shape ...int) (string, bool) {
	return o.rearranged(name, func(t *tensor) (*tensor, error) {
		r := *t
		r.Shape = shape
		return &r, nil
	}, "reshaped", fmt.Sprint(shape))
}
