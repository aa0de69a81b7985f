package reference

import (
	"errors"
	"fmt"
	"slices"
)

// scatterOps are the operators that put elements at places that another input names.
var scatterOps = map[string]op{
	"Scatter":         scatterElements, // the name before opset 11
	"ScatterElements": scatterElements,
	"ScatterND":       scatterND,
	"TensorScatter":   tensorScatter,
}

// reductions say what becomes of an element and the one that is put in its place; without
// one the new element replaces it.
var reductions = map[string]rule2{
	"add": addition,
	"mul": multiplication,
	"max": larger,
	"min": smaller,
}

// into puts element k of u into element i of t.
func (r rule2) into(t *Tensor, i int, u *Tensor, k int) {
	switch {
	case isFloat(t.Type):
		t.Floats[i] = r.float(t.Floats[i], u.Floats[k])
	case isUnsigned(t.Type):
		t.Ints[i] = wrap(t.Type, int64(r.unsigned(uint64(t.Ints[i]), uint64(u.Ints[k]))))
	default:
		t.Ints[i] = wrap(t.Type, r.signed(t.Ints[i], u.Ints[k]))
	}
}

// scatter puts the elements of updates, one after the other, at positions of a copy of
// data.
func (c *call) scatter(data, updates *Tensor, at []int) ([]*Tensor, error) {
	how := c.string("reduction", "none", "add", "mul", "max", "min")
	r := data.clone()
	for k, i := range at {
		if how == "none" {
			r.set(i, updates, k)
		} else if err := data.numbers(); err != nil {
			return nil, err
		} else {
			reductions[how].into(r, i, updates, k)
		}
	}
	return one(r, nil)
}

// scatterInputs are data, indices and updates, of which the last has the data's type.
func (c *call) scatterInputs() (data, indices, updates *Tensor, err error) {
	in, err := c.inputs(3)
	if err != nil {
		return nil, nil, nil, err
	}
	if in[0].Type != in[2].Type {
		return nil, nil, nil, fmt.Errorf("its data has type %v and its updates %v, they must be the same", in[0].Type, in[2].Type)
	}
	return in[0], in[1], in[2], nil
}

func scatterElements(c *call) ([]*Tensor, error) {
	data, indices, updates, err := c.scatterInputs()
	if err != nil {
		return nil, err
	}
	if !slices.Equal(indices.Shape, updates.Shape) {
		return nil, fmt.Errorf("its indices have shape %v and its updates %v, they must be the same", indices.Shape, updates.Shape)
	}
	axis, err := axisOf(c.int("axis", 0), data.Rank())
	if err != nil {
		return nil, err
	}
	at, err := along(data, indices, axis)
	if err != nil {
		return nil, err
	}
	return c.scatter(data, updates, at)
}

func scatterND(c *call) ([]*Tensor, error) {
	data, indices, updates, err := c.scatterInputs()
	if err != nil {
		return nil, err
	}
	starts, slice, err := slicesAt(data, indices, 0)
	if err != nil {
		return nil, err
	}
	if want := slices.Concat(indices.Shape[:indices.Rank()-1], slice); !slices.Equal(want, updates.Shape) {
		return nil, fmt.Errorf("its updates have shape %v, they must have %v", updates.Shape, want)
	}
	return c.scatter(data, updates, runs(starts, product(slice)))
}

// tensorScatter writes updates into a cache along an axis, for each sample of the batch
// from an index of its own on. In circular mode the axis has no end.
func tensorScatter(c *call) ([]*Tensor, error) {
	in, err := c.inputs(2)
	if err != nil {
		return nil, err
	}
	cache, updates := in[0], in[1]
	axis, err := axisOf(c.int("axis", -2), cache.Rank())
	switch {
	case err != nil:
		return nil, err
	case axis == 0:
		return nil, errors.New("its axis is that of the batch")
	case cache.Type != updates.Type || cache.Rank() != updates.Rank():
		return nil, fmt.Errorf("its updates are %v of rank %d, the cache %v of rank %d", updates.Type, updates.Rank(), cache.Type, cache.Rank())
	}
	n := updates.Shape[axis]
	shape := slices.Clone(cache.Shape)
	shape[axis] = n
	if !slices.Equal(shape, updates.Shape) || n > cache.Shape[axis] {
		return nil, fmt.Errorf("updates of shape %v do not fit a cache of shape %v", updates.Shape, cache.Shape)
	}
	starts := c.list(2)
	if starts == nil {
		starts = make([]int, cache.Shape[0])
	}
	if len(starts) != cache.Shape[0] {
		return nil, fmt.Errorf("there are %d indices to write at for a batch of %d", len(starts), cache.Shape[0])
	}
	circular := c.string("mode", "linear", "circular") == "circular"
	outer, size, inner := around(cache.Shape, axis)
	var at []int
	for o := range outer {
		start := starts[o/(outer/cache.Shape[0])]
		if start < 0 || !circular && start > size-n {
			return nil, fmt.Errorf("index %d to write %d at is outside an axis of size %d", start, n, size)
		}
		for k := range n {
			p := (start%max(size, 1) + k) % max(size, 1)
			for i := range inner {
				at = append(at, (o*size+p)*inner+i)
			}
		}
	}
	return c.scatter(cache, updates, at)
}
