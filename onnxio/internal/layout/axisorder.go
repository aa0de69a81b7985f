package layout

import (
	"slices"

	"github.com/gonn-toolkit/gonn/onnxio/internal/ir"
)

// asOrder tells which axis of the cleaned value each axis of the file's value is: −1 for an
// axis of one element that the cleaned value does not have. Axes of the cleaned value that
// are not among them have one element. ok is false where axes were joined or cut.
func (v axisMap) asOrder() (order []int, ok bool) {
	order = []int{}
	stored := v.stored()
	seen := make([]bool, len(stored))
	for i := range v.axes {
		a := v.wholeAxis(i)
		if a == -2 {
			return nil, false
		}
		if a >= 0 {
			seen[a] = true
		}
		order = append(order, a)
	}
	for a, s := range stored {
		if s != ir.Unit && !seen[a] {
			return nil, false
		}
	}
	return order, true
}

// wholeAxis is the axis of the cleaned value that has the same elements in the same order
// as axis i of the file's: −1 if that has one element and no axis, −2 if there is none.
func (v axisMap) wholeAxis(i int) int {
	short := func(p int) bool { return v.parts[p] == ir.Unit }
	want := slices.DeleteFunc(slices.Clone(v.axes[i]), short)
	for a := range v.groups {
		have := v.partsOf(a)
		if len(want) == 0 && slices.ContainsFunc(have, func(p int) bool { return slices.Contains(v.axes[i], p) }) && v.stored()[a] == ir.Unit {
			return a
		}
		if len(want) > 0 && slices.Equal(slices.DeleteFunc(have, short), want) {
			return a
		}
	}
	if len(want) == 0 {
		return -1
	}
	return -2
}

// permutation lists all parts in the order of the file's value; those of one element that
// the file's value does not have come last.
func (v axisMap) permutation() []int {
	perm := slices.Concat(v.axes...)
	for p := range v.parts {
		if !slices.Contains(perm, p) {
			perm = append(perm, p)
		}
	}
	if slices.IsSorted(v.order()) { // only parts of one element are out of order
		slices.Sort(perm)
	}
	return perm
}
