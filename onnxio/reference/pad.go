package reference

import (
	"fmt"
	"slices"
)

// padOps are the operators that add a border, or take one away.
var padOps = map[string]op{
	"Pad":           pad,
	"CenterCropPad": centerCropPad,
}

// pad adds elements before and behind each axis: a constant, or elements of the input.
// Negative numbers take elements away.
func pad(c *call) ([]*Tensor, error) {
	x, err := c.input(0)
	if err != nil {
		return nil, err
	}
	pads, value, err := c.padding(x)
	if err != nil {
		return nil, err
	}
	mode := c.string("mode", "constant", "reflect", "edge", "wrap")
	lists := make([][]int, x.Rank())
	for i, n := range x.Shape {
		if lists[i], err = border(mode, n, pads[i][0], pads[i][1]); err != nil {
			return nil, err
		}
	}
	return one(x.choose(lists, value))
}

// padding gives the numbers of elements before and behind each axis, and the constant.
func (c *call) padding(x *Tensor) ([][2]int, *Tensor, error) {
	name := "pads"
	if c.opset < 2 {
		name = "paddings"
	}
	list, axes := c.listAt(name, 11, 1), c.list(3)
	value := c.optional(2)
	if c.opset < 11 {
		value = FromFloat64s(x.Type, nil, []float64{c.float("value", 0)})
		if err := x.fractions(); err != nil {
			return nil, nil, err
		}
	}
	if value != nil && (value.Type != x.Type || value.Len() != 1) {
		return nil, nil, fmt.Errorf("its constant is %v of shape %v, it must be one %v", value.Type, value.Shape, x.Type)
	}
	if axes == nil {
		for i := range x.Rank() {
			axes = append(axes, i)
		}
	}
	axes, err := axesOf(axes, x.Rank())
	if err != nil {
		return nil, nil, err
	}
	if len(list) != 2*len(axes) {
		return nil, nil, fmt.Errorf("there are %d numbers of elements to add at %d axes", len(list), len(axes))
	}
	pads := make([][2]int, x.Rank())
	for i, axis := range axes {
		pads[axis] = [2]int{list[i], list[len(axes)+i]}
	}
	return pads, value, nil
}

// border lists the indices of an axis of size n with elements added before and behind;
// nothing is the constant. What is taken away is not there to be repeated.
func border(mode string, n, before, behind int) ([]int, error) {
	if max(before, behind) > MaxElements {
		return nil, fmt.Errorf("%d elements are added before an axis, and %d behind it", before, behind)
	}
	first, last := max(0, -before), n-max(0, -behind) // that are kept
	if before < -n || behind < -n || n+before+behind < 0 {
		return nil, fmt.Errorf("%d elements before an axis of size %d are added, and %d behind it", before, n, behind)
	}
	if mode != "constant" && last <= first && n+before+behind > 0 {
		return nil, fmt.Errorf("an axis of size %d has nothing to repeat in mode %s", n, mode)
	}
	list := make([]int, n+before+behind)
	for i := range list {
		list[i] = source(mode, i-before, first, last)
	}
	return list, nil
}

// source is the index that stands at i when the indices from first to before last are
// there.
func source(mode string, i, first, last int) int {
	n := last - first
	switch {
	case i >= first && i < last:
		return i
	case mode == "edge":
		return min(max(i, first), last-1)
	case mode == "wrap":
		return first + int(modulo64(int64(i-first), int64(n)))
	case mode == "reflect" && n == 1:
		return first
	case mode == "reflect": // forth and back takes 2n−2 steps
		k := int(modulo64(int64(i-first), int64(2*n-2)))
		return first + min(k, 2*n-2-k)
	}
	return nothing
}

// choose makes a tensor of the indices that are listed for each axis. Where one is
// nothing, value stands, or zero if that is nil.
func (t *Tensor) choose(lists [][]int, value *Tensor) (*Tensor, error) {
	shape := make([]int, len(lists))
	for i, list := range lists {
		shape[i] = len(list)
	}
	if _, err := sizeOf(shape); err != nil {
		return nil, err
	}
	from := []int{0}
	for axis, list := range lists {
		step := strides(t.Shape)[axis]
		next := make([]int, 0, len(from)*len(list))
		for _, p := range from {
			for _, k := range list {
				if p == nothing || k == nothing {
					next = append(next, nothing)
				} else {
					next = append(next, p+k*step)
				}
			}
		}
		from = next
	}
	r := t.pick(shape, from)
	for i, p := range from {
		if p == nothing && value != nil {
			r.set(i, value, 0)
		}
	}
	return r, nil
}

// centerCropPad cuts axes to a size or fills them up with zeros, half on each side; of an
// odd number the smaller half is before.
func centerCropPad(c *call) ([]*Tensor, error) {
	x, err := c.input(0)
	if err != nil {
		return nil, err
	}
	axes, sizes := c.ints("axes"), c.list(1)
	if axes == nil {
		for i := range x.Rank() {
			axes = append(axes, i)
		}
	}
	if axes, err = axesOf(axes, x.Rank()); err != nil {
		return nil, err
	}
	if len(sizes) != len(axes) {
		return nil, fmt.Errorf("there are %d sizes for %d axes", len(sizes), len(axes))
	}
	lists := make([][]int, x.Rank())
	for i, n := range x.Shape {
		to := n
		if k := slices.Index(axes, i); k >= 0 {
			to = sizes[k]
		}
		if to < 0 || to > MaxElements {
			return nil, fmt.Errorf("axis %d is to have size %d", i, to)
		}
		before := (to - n) / 2
		if to < n {
			before = -((n - to) / 2)
		}
		if lists[i], err = border("constant", n, before, to-n-before); err != nil {
			return nil, err
		}
	}
	return one(x.choose(lists, nil))
}
