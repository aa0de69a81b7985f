package reference

import (
	"fmt"
	"math"
	"slices"

	"github.com/gonn-toolkit/gonn/onnxio/graph"
)

// maskOps are the operators that keep some elements, find them, or mark them.
var maskOps = map[string]op{
	"Compress":        compress,
	"NonZero":         nonZero,
	"OneHot":          oneHot,
	"Trilu":           trilu,
	"ReverseSequence": reverseSequence,
}

// compress keeps the slices along an axis, or without one the elements, for which a
// condition is true. Those beyond the condition's end are dropped.
func compress(c *call) ([]*Tensor, error) {
	in, err := c.inputs(2)
	if err != nil {
		return nil, err
	}
	x, condition := in[0], in[1]
	axis := 0
	if !c.has("axis") {
		x, err = x.reshape([]int{x.Len()})
	} else {
		axis, err = axisOf(c.int("axis", 0), x.Rank())
	}
	switch {
	case err != nil:
		return nil, err
	case condition.Type != graph.Bool || condition.Rank() != 1 || condition.Len() > x.Shape[axis]:
		return nil, fmt.Errorf("its condition is %v of shape %v, it must be BOOL of up to %d elements", condition.Type, condition.Shape, x.Shape[axis])
	}
	var keep []int
	for i, v := range condition.Ints {
		if v != 0 {
			keep = append(keep, i)
		}
	}
	return one(x.gather(axis, []int{len(keep)}, keep))
}

// nonZero gives the indices of all elements other than zero, in a column each.
func nonZero(c *call) ([]*Tensor, error) {
	x, err := c.input(0)
	if err != nil {
		return nil, err
	}
	if x.Type == graph.String {
		return nil, fmt.Errorf("its input has type %v, it must be of numbers or BOOL", x.Type)
	}
	yes, err := cast(x, graph.Bool)
	if err != nil {
		return nil, err
	}
	count := 0
	for _, v := range yes.Ints {
		count += int(v)
	}
	r, err := newTensor(graph.Int64, x.Rank(), count)
	if err != nil {
		return nil, err
	}
	for axis, step := range strides(x.Shape) {
		k := axis * count
		for i, v := range yes.Ints {
			if v != 0 {
				r.Ints[k] = int64(i / step % x.Shape[axis])
				k++
			}
		}
	}
	return one(r, nil)
}

// oneHot makes an axis of each index, with the second value at the index and the first
// elsewhere. An index outside the axis marks nothing.
func oneHot(c *call) ([]*Tensor, error) {
	in, err := c.inputs(3)
	if err != nil {
		return nil, err
	}
	values := in[2]
	if values.Rank() != 1 || values.Len() != 2 || in[1].Len() != 1 {
		return nil, fmt.Errorf("its depth has shape %v and its values %v, they must have 1 and 2 elements", in[1].Shape, values.Shape)
	}
	for _, t := range in[:2] {
		if err := t.numbers(); err != nil {
			return nil, err
		}
	}
	indices, err := cast(in[0], graph.Int64)
	if err != nil {
		return nil, err
	}
	size, err := cast(in[1], graph.Int64)
	if err != nil {
		return nil, err
	}
	depth := size.Ints[0]
	axis, err := axisOf(c.int("axis", -1), in[0].Rank()+1)
	if err != nil {
		return nil, err
	}
	if depth < 0 || depth > math.MaxInt32 {
		return nil, fmt.Errorf("its depth is %d", depth)
	}
	shape := append(slices.Clone(in[0].Shape), int(depth))
	from, err := positions(shape, make([]int, len(shape)), 0) // the first value everywhere
	if err != nil {
		return nil, err
	}
	for i, k := range indices.Ints {
		if k < 0 {
			k += depth
		}
		if k >= 0 && k < depth {
			from[i*int(depth)+int(k)] = 1
		}
	}
	return one(values.pick(shape, from).toAxis(axis))
}

// trilu keeps the upper or lower triangle of matrices.
func trilu(c *call) ([]*Tensor, error) {
	x, err := c.input(0)
	if err != nil {
		return nil, err
	}
	if x.Rank() < 2 {
		return nil, fmt.Errorf("its input has shape %v, it must have 2 axes or more", x.Shape)
	}
	k := 0
	if c.optional(1) != nil {
		list := c.list(1)
		if len(list) != 1 {
			return nil, fmt.Errorf("its diagonal is %v, it must be one number", list)
		}
		k = list[0]
	}
	upper := c.flag("upper", true)
	h, w := x.Shape[x.Rank()-2], x.Shape[x.Rank()-1]
	from := make([]int, x.Len())
	for i := range from {
		row, column := i/w%h, i%w
		from[i] = i
		if upper && column-row < k || !upper && column-row > k {
			from[i] = nothing
		}
	}
	return one(x.pick(x.Shape, from), nil)
}

// reverseSequence turns the first elements along the time axis around, for each sample of
// the batch as many as it is long.
func reverseSequence(c *call) ([]*Tensor, error) {
	x, err := c.input(0)
	if err != nil {
		return nil, err
	}
	axes, err := axesOf([]int{c.int("batch_axis", 1), c.int("time_axis", 0)}, x.Rank())
	if err != nil {
		return nil, err
	}
	batch, time := axes[0], axes[1]
	lengths := c.list(1)
	if len(lengths) != x.Shape[batch] {
		return nil, fmt.Errorf("there are %d lengths for a batch of %d", len(lengths), x.Shape[batch])
	}
	for _, n := range lengths {
		if n < 0 || n > x.Shape[time] {
			return nil, fmt.Errorf("a length is %d, the axis has size %d", n, x.Shape[time])
		}
	}
	steps := strides(x.Shape)
	from := make([]int, x.Len())
	for i := range from {
		t, n := i/steps[time]%x.Shape[time], lengths[i/steps[batch]%x.Shape[batch]]
		from[i] = i
		if t < n {
			from[i] += (n - 1 - 2*t) * steps[time]
		}
	}
	return one(x.pick(x.Shape, from), nil)
}
