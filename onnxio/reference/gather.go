package reference

import (
	"fmt"
	"slices"

	"github.com/gonn-toolkit/gonn/onnxio/graph"
)

// gatherOps are the operators that take elements from places that another input names.
var gatherOps = map[string]op{
	"Gather":         gather,
	"GatherElements": gatherElements,
	"GatherND":       gatherND,
}

// indicesInto gives the elements of an index tensor, which may count from the end, as
// indices into an axis of size n.
func (t *Tensor) indicesInto(n int) ([]int, error) {
	if t.Type != graph.Int64 && t.Type != graph.Int32 {
		return nil, fmt.Errorf("its indices have type %v, they must be INT64 or INT32", t.Type)
	}
	r := make([]int, len(t.Ints))
	for i, v := range t.Ints {
		k, err := indexInto(v, n)
		if err != nil {
			return nil, err
		}
		r[i] = k
	}
	return r, nil
}

func indexInto(v int64, n int) (int, error) {
	if v < -int64(n) || v >= int64(n) {
		return 0, fmt.Errorf("index %d is outside an axis of size %d", v, n)
	}
	if v < 0 {
		v += int64(n)
	}
	return int(v), nil
}

// dataAndIndices gives the first two inputs and the axis, which counts in the first.
func (c *call) dataAndIndices() (data, indices *Tensor, axis int, err error) {
	in, err := c.inputs(2)
	if err != nil {
		return nil, nil, 0, err
	}
	axis, err = axisOf(c.int("axis", 0), in[0].Rank())
	return in[0], in[1], axis, err
}

// gather takes whole slices: the shape of the indices stands in place of the axis.
func gather(c *call) ([]*Tensor, error) {
	x, t, axis, err := c.dataAndIndices()
	if err != nil {
		return nil, err
	}
	indices, err := t.indicesInto(x.Shape[axis])
	if err != nil {
		return nil, err
	}
	return one(x.gather(axis, t.Shape, indices))
}

func (t *Tensor) gather(axis int, at, indices []int) (*Tensor, error) {
	shape := slices.Concat(t.Shape[:axis], at, t.Shape[axis+1:])
	size, err := sizeOf(shape)
	if err != nil {
		return nil, err
	}
	outer, n, inner := around(t.Shape, axis)
	from := make([]int, 0, size)
	for o := range outer {
		for _, k := range indices {
			for i := range inner {
				from = append(from, (o*n+k)*inner+i)
			}
		}
	}
	return t.pick(shape, from), nil
}

// along lists for each element of an index tensor the position that it names in data,
// when it replaces the element's own index along axis.
func along(data, t *Tensor, axis int) ([]int, error) {
	if t.Rank() != data.Rank() {
		return nil, fmt.Errorf("its indices have rank %d, the data %d", t.Rank(), data.Rank())
	}
	for i, d := range t.Shape {
		if i != axis && d > data.Shape[i] {
			return nil, fmt.Errorf("its indices have shape %v, which is larger than %v of the data", t.Shape, data.Shape)
		}
	}
	indices, err := t.indicesInto(data.Shape[axis])
	if err != nil {
		return nil, err
	}
	steps := strides(data.Shape)
	step := steps[axis]
	steps[axis] = 0
	list, err := positions(t.Shape, steps, 0)
	if err != nil {
		return nil, err
	}
	for i, k := range indices {
		list[i] += k * step
	}
	return list, nil
}

func gatherElements(c *call) ([]*Tensor, error) {
	x, t, axis, err := c.dataAndIndices()
	if err != nil {
		return nil, err
	}
	from, err := along(x, t, axis)
	if err != nil {
		return nil, err
	}
	return one(x.pick(t.Shape, from), nil)
}

// slicesAt lists the positions in data where the slices begin that the last axis of an
// index tensor names, after batch axes that both share. n is the size of a slice.
func slicesAt(data, t *Tensor, batch int) (starts []int, slice []int, err error) {
	if t.Type != graph.Int64 {
		return nil, nil, fmt.Errorf("its indices have type %v, they must be INT64", t.Type)
	}
	if t.Rank() == 0 || batch < 0 || batch >= t.Rank() || batch > data.Rank() ||
		!slices.Equal(data.Shape[:batch], t.Shape[:batch]) {
		return nil, nil, fmt.Errorf("indices of shape %v do not fit data of shape %v after %d joint axes", t.Shape, data.Shape, batch)
	}
	depth := t.Shape[t.Rank()-1]
	if depth < 1 || batch+depth > data.Rank() {
		return nil, nil, fmt.Errorf("indices of shape %v name %d axes of data of shape %v", t.Shape, depth, data.Shape)
	}
	steps := strides(data.Shape)[batch : batch+depth]
	perBatch, whole := product(t.Shape[batch:t.Rank()-1]), product(data.Shape[batch:])
	count := product(t.Shape[:t.Rank()-1])
	starts = make([]int, 0, count)
	for i := range count {
		start := i / perBatch * whole
		for a, step := range steps {
			k, err := indexInto(t.Ints[i*depth+a], data.Shape[batch+a])
			if err != nil {
				return nil, nil, err
			}
			start += k * step
		}
		starts = append(starts, start)
	}
	return starts, data.Shape[batch+depth:], nil
}

// runs lists n positions from each start on.
func runs(starts []int, n int) []int {
	list := make([]int, 0, len(starts)*n)
	for _, start := range starts {
		for i := range n {
			list = append(list, start+i)
		}
	}
	return list
}

func gatherND(c *call) ([]*Tensor, error) {
	in, err := c.inputs(2)
	if err != nil {
		return nil, err
	}
	x, t := in[0], in[1]
	starts, slice, err := slicesAt(x, t, c.int("batch_dims", 0))
	if err != nil {
		return nil, err
	}
	shape := slices.Concat(t.Shape[:t.Rank()-1], slice)
	if _, err := sizeOf(shape); err != nil {
		return nil, err
	}
	return one(x.pick(shape, runs(starts, product(slice))), nil)
}
