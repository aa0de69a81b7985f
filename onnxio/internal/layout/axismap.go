package layout

import (
	"slices"

	"github.com/gonn-toolkit/gonn/onnxio/graph"
	"github.com/gonn-toolkit/gonn/onnxio/internal/ir"
)

// axisMap tells how a value of the file lies in a value of the cleaned graph, which has the
// same elements, possibly in another order. The cleaned value is cut into parts: one for
// each axis, or several where axes have been joined. Each axis of the file's value is a
// list of parts.
//
// A map that the file keeps as (N, H, W, C), over a cleaned value (N, C, H, W), has the
// axes [0] [2] [3] [1]; flattened by the file to (N, H·W·C), over the cleaned value
// flattened to (N, C·H·W), it has [0] [2 3 1].
type axisMap struct {
	name   string         // of the cleaned value
	parts  []ir.Size      // in the order of the cleaned value
	groups []int          // how many parts each axis of the cleaned value has
	axes   [][]int        // the parts of each axis of the file's value
	moves  *[]*graph.Node // nodes of the file that moved axes on the way and nobody has taken over
}

// product is the length of an axis that joins parts.
func product(parts []ir.Size) ir.Size {
	p := ir.Unit
	for _, s := range parts {
		p[0], p[1] = p[0]*s[0], p[1]*s[1]
	}
	return p
}

// identityMap is a value that lies in the cleaned graph as in the file.
func identityMap(name string, shape []ir.Size) axisMap {
	v := axisMap{name: name, parts: shape, moves: new([]*graph.Node)}
	for i := range shape {
		v.groups = append(v.groups, 1)
		v.axes = append(v.axes, []int{i})
	}
	return v
}

// shape is the shape of the file's value.
func (v axisMap) shape() []ir.Size {
	s := make([]ir.Size, len(v.axes))
	for i, axis := range v.axes {
		s[i] = ir.Unit
		for _, p := range axis {
			s[i] = product([]ir.Size{s[i], v.parts[p]})
		}
	}
	return s
}

// stored is the shape of the cleaned value.
func (v axisMap) stored() []ir.Size {
	s, at := make([]ir.Size, len(v.groups)), 0
	for i, n := range v.groups {
		s[i] = product(v.parts[at : at+n])
		at += n
	}
	return s
}

// order lists the parts as the file's value has them, without those of one element. The
// first part is never left out: it is the batch, also where a file fixes that at 1.
func (v axisMap) order() []int {
	var order []int
	for _, axis := range v.axes {
		for _, p := range axis {
			if p == 0 || v.parts[p] != ir.Unit {
				order = append(order, p)
			}
		}
	}
	return order
}

// plain reports whether the file's value and the cleaned one are the same.
func (v axisMap) plain() bool {
	return slices.IsSorted(v.order()) && slices.Equal(v.shape(), v.stored())
}

// partsOf are the parts of axis a of the cleaned value.
func (v axisMap) partsOf(a int) []int {
	at := 0
	for _, n := range v.groups[:a] {
		at += n
	}
	parts := make([]int, v.groups[a])
	for i := range parts {
		parts[i] = at + i
	}
	return parts
}

// axisOf is the axis of the cleaned value that has the same parts as axis i of the
// file's, in any order; ok is false if there is none.
func (v axisMap) axisOf(i int) (a int, ok bool) {
	mine := slices.Sorted(slices.Values(v.axes[i]))
	for a := range v.groups {
		if slices.Equal(v.partsOf(a), mine) {
			return a, true
		}
	}
	return 0, false
}

// axisOfPart is the axis of the cleaned value that is part p alone.
func (v axisMap) axisOfPart(p int) (a int, ok bool) {
	for a := range v.groups {
		if slices.Equal(v.partsOf(a), []int{p}) {
			return a, true
		}
	}
	return 0, false
}

// sameOrder reports whether two values lie in the cleaned graph in the same way, so that an
// operator that goes element by element can work on the cleaned ones.
func (v axisMap) sameOrder(u axisMap) bool {
	return slices.Equal(v.groups, u.groups) && slices.EqualFunc(v.axes, u.axes, slices.Equal[[]int])
}

// over is a map that has the same order over another cleaned value.
func (v axisMap) over(name string, parts []ir.Size) axisMap {
	return axisMap{name: name, parts: parts, groups: v.groups, axes: v.axes, moves: new([]*graph.Node)}
}

// reshaped is the map after the file has reshaped its value to shape; ok is false where
// that cuts a part in two.
func (v axisMap) reshaped(shape []ir.Size) (axisMap, bool) {
	left := v.order()
	// The first axis takes the batch even if that is one sample, or drops that.
	if len(left) > 0 && left[0] == 0 && v.parts[0] == ir.Unit && (len(shape) == 0 || shape[0] != ir.Unit) {
		left = left[1:]
	}
	u := v
	u.axes = make([][]int, len(shape))
	for i, want := range shape {
		have := ir.Unit
		for len(left) > 0 && (have != want || i == 0 && left[0] == 0) {
			next := product([]ir.Size{have, v.parts[left[0]]})
			if next[0] == 0 || next[1] == 0 || next[0] > want[0] || want[0]%next[0] != 0 || want[1]%next[1] != 0 {
				break
			}
			have = next
			u.axes[i] = append(u.axes[i], left[0])
			left = left[1:]
		}
		if have != want {
			return v, false
		}
	}
	u.fillEmpty()
	return u, len(left) == 0
}

// fillEmpty gives axes of one element that have no part those parts of one element that are
// in no axis: an axis that is put in where the cleaned value has one already is that. The
// batch is only ever the first axis.
func (v axisMap) fillEmpty() {
	used := slices.Concat(v.axes...)
	for i, axis := range v.axes {
		for p := min(i, 1); p < len(v.parts) && len(axis) == 0; p++ {
			if v.parts[p] == ir.Unit && !slices.Contains(used, p) {
				axis, used = []int{p}, append(used, p)
			}
		}
		v.axes[i] = axis
	}
}

// transposed is the map after the file has permuted the axes of its value.
func (v axisMap) transposed(perm []int) axisMap {
	u := v
	u.axes = make([][]int, len(perm))
	for i, a := range perm {
		u.axes[i] = v.axes[a]
	}
	return u
}
