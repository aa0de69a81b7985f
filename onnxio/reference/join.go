package reference

import (
	"errors"
	"fmt"
	"slices"
)

// joinOps are the operators that join tensors, or cut them into parts.
var joinOps = map[string]op{
	"Concat": concat,
	"Split":  split,
	"Slice":  slice,
}

// concat puts the inputs one after the other along an axis.
func concat(c *call) ([]*Tensor, error) {
	in, err := c.inputs(max(1, len(c.in)))
	if err != nil {
		return nil, err
	}
	if c.opset >= 4 && !c.has("axis") {
		return nil, errors.New(`attribute "axis" is missing`)
	}
	axis, err := axisOf(c.int("axis", 1), in[0].Rank())
	if err != nil {
		return nil, err
	}
	return one(join(in, axis))
}

func join(in []*Tensor, axis int) (*Tensor, error) {
	shape := slices.Clone(in[0].Shape)
	shape[axis] = 0
	for _, t := range in {
		others := slices.Clone(t.Shape)
		if t.Rank() == len(shape) {
			others[axis] = in[0].Shape[axis]
		}
		if t.Type != in[0].Type || !slices.Equal(others, in[0].Shape) {
			return nil, fmt.Errorf("%v of shape %v and %v of shape %v do not join along axis %d", in[0].Type, in[0].Shape, t.Type, t.Shape, axis)
		}
		shape[axis] += t.Shape[axis]
	}
	r, err := newTensor(in[0].Type, shape...)
	if err != nil {
		return nil, err
	}
	outer, _, _ := around(shape, axis)
	i := 0
	for o := range outer {
		for _, t := range in {
			n := product(t.Shape[axis:])
			for k := range n {
				r.set(i, t, o*n+k)
				i++
			}
		}
	}
	return r, nil
}

// split cuts along an axis: into parts of given sizes, or as many as there are outputs,
// of which the last may be smaller (not before opset 18).
func split(c *call) ([]*Tensor, error) {
	x, err := c.input(0)
	if err != nil {
		return nil, err
	}
	axis, err := axisOf(c.int("axis", 0), x.Rank())
	if err != nil {
		return nil, err
	}
	sizes := c.listAt("split", 13, 1)
	if c.opset == 1 && sizes == nil {
		sizes = c.list(1)
	}
	if sizes == nil {
		sizes, err = c.equalParts(x.Shape[axis])
		if err != nil {
			return nil, err
		}
	}
	var out []*Tensor
	start := 0
	for _, n := range sizes {
		if n < 0 || n > x.Shape[axis]-start {
			return nil, fmt.Errorf("axis %d of shape %v is not cut into %v", axis, x.Shape, sizes)
		}
		part, err := x.part(axis, start, n)
		if err != nil {
			return nil, err
		}
		out = append(out, part)
		start += n
	}
	if start != x.Shape[axis] {
		return nil, fmt.Errorf("axis %d of shape %v is not cut into %v", axis, x.Shape, sizes)
	}
	return out, nil
}

func (c *call) equalParts(n int) ([]int, error) {
	parts := len(c.node.Outputs)
	if c.has("num_outputs") && c.int("num_outputs", 0) != parts {
		return nil, fmt.Errorf("attribute %q is not the number of its %d outputs", "num_outputs", parts)
	}
	if parts == 0 || n%parts != 0 && c.opset < 18 {
		return nil, fmt.Errorf("size %d is not cut into %d equal parts", n, parts)
	}
	each := (n + parts - 1) / parts
	sizes := make([]int, parts)
	for i := range sizes {
		sizes[i] = min(each, max(0, n-i*each))
	}
	return sizes, nil
}

// part gives n indices along an axis, from start on.
func (t *Tensor) part(axis, start, n int) (*Tensor, error) {
	shape := slices.Clone(t.Shape)
	shape[axis] = n
	return t.view(shape, strides(t.Shape), start*strides(t.Shape)[axis])
}

// slice takes indices from start to before end in steps along some axes, as Python does.
func slice(c *call) ([]*Tensor, error) {
	x, err := c.input(0)
	if err != nil {
		return nil, err
	}
	starts, ends := c.listAt("starts", 10, 1), c.listAt("ends", 10, 2)
	named, steps := c.listAt("axes", 10, 3), c.list(4)
	switch {
	case starts == nil:
		return nil, errors.New("the starts are missing")
	case named == nil:
		for i := range starts {
			named = append(named, i)
		}
	}
	if steps == nil {
		steps = slices.Repeat([]int{1}, len(starts))
	}
	if len(ends) != len(starts) || len(named) != len(starts) || len(steps) != len(starts) {
		return nil, fmt.Errorf("starts %v, ends %v, axes %v and steps %v must be as many", starts, ends, named, steps)
	}
	axes, err := axesOf(named, x.Rank())
	if err != nil {
		return nil, err
	}
	shape, by, at := slices.Clone(x.Shape), strides(x.Shape), 0
	for i, axis := range axes {
		start, n, step, err := cut(x.Shape[axis], starts[i], ends[i], steps[i])
		if err != nil {
			return nil, err
		}
		at += start * by[axis]
		shape[axis] = n
		by[axis] *= step
	}
	return one(x.view(shape, by, at))
}

// cut says where the indices of a slice of n begin, how many they are, and the step,
// which is made no larger than it need be. Starts and ends below zero count from the end;
// those beyond the ends are the ends.
func cut(n, start, end, step int) (first, count, by int, err error) {
	if start < 0 {
		start += n
	}
	if end < 0 {
		end += n
	}
	step = min(max(step, -n-1), n+1)
	switch {
	case step == 0:
		return 0, 0, 0, errors.New("a step is 0")
	case step > 0:
		start, end = min(max(start, 0), n), min(max(end, 0), n)
		count = (end - start + step - 1) / step
	default:
		start, end = min(max(start, -1), n-1), min(max(end, -1), n-1)
		count = (start - end - step - 1) / -step
	}
	return start, max(0, count), step, nil
}
