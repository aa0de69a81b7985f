package reference

import (
	"fmt"
	"slices"
)

// broadcastShape joins shapes as numpy does: aligned at the right, a size of one
// stretches.
func broadcastShape(shapes ...[]int) ([]int, error) {
	var joint []int
	for _, s := range shapes {
		if _, err := sizeOf(s); err != nil {
			return nil, err
		}
		for len(joint) < len(s) {
			joint = slices.Insert(joint, 0, 1)
		}
		for i, d := range s {
			to := &joint[len(joint)-len(s)+i]
			switch {
			case *to == 1:
				*to = d
			case d != 1 && d != *to:
				return nil, fmt.Errorf("shapes %v do not broadcast to one another", shapes)
			}
		}
	}
	return joint, nil
}

// expand repeats t along the axes where it has size one, or none, up to a shape that
// broadcastShape gave. It is t itself if the shape is t's.
func (t *Tensor) expand(shape []int) (*Tensor, error) {
	if slices.Equal(shape, t.Shape) {
		return t, nil
	}
	steps := make([]int, len(shape))
	more := len(shape) - len(t.Shape)
	for i, step := range strides(t.Shape) {
		if t.Shape[i] != 1 {
			steps[more+i] = step
		}
	}
	return t.view(shape, steps, 0)
}

// jointShape is the shape of tensors that broadcast.
func jointShape(in []*Tensor) ([]int, error) {
	shapes := make([][]int, len(in))
	for i, t := range in {
		shapes[i] = t.Shape
	}
	return broadcastShape(shapes...)
}

// broadcast expands tensors to their joint shape.
func broadcast(in ...*Tensor) ([]*Tensor, error) {
	shape, err := jointShape(in)
	if err != nil {
		return nil, err
	}
	out := make([]*Tensor, len(in))
	for i, t := range in {
		if out[i], err = t.expand(shape); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// pair gives the two inputs of an elementwise operator in their joint shape. They must
// have one type.
func (c *call) pair() (a, b *Tensor, err error) {
	in, err := c.inputs(2)
	if err != nil {
		return nil, nil, err
	}
	if in[0].Type != in[1].Type {
		return nil, nil, fmt.Errorf("its inputs have types %v and %v, they must be the same", in[0].Type, in[1].Type)
	}
	return c.broadcastPair(in[0], in[1])
}

// broadcastPair is broadcast of two inputs. Before opset 7 only the second broadcast, if
// the attribute broadcast said so, aligned at the left with axis if there was one.
func (c *call) broadcastPair(a, b *Tensor) (*Tensor, *Tensor, error) {
	if c.opset < 7 {
		var err error
		if b, err = c.alignSecond(a, b); err != nil {
			return nil, nil, err
		}
	}
	both, err := broadcast(a, b)
	if err != nil {
		return nil, nil, err
	}
	return both[0], both[1], nil
}

func (c *call) alignSecond(a, b *Tensor) (*Tensor, error) {
	if !c.flag("broadcast", false) {
		if !slices.Equal(a.Shape, b.Shape) {
			return nil, fmt.Errorf("shapes %v and %v differ, and attribute broadcast is not 1", a.Shape, b.Shape)
		}
		return b, nil
	}
	axis := c.int("axis", len(a.Shape)-len(b.Shape))
	after := len(a.Shape) - axis - len(b.Shape)
	if axis < 0 || after < 0 {
		return nil, fmt.Errorf("shape %v does not fit into %v at axis %d", b.Shape, a.Shape, axis)
	}
	b, err := b.reshape(append(slices.Clone(b.Shape), slices.Repeat([]int{1}, after)...))
	if err != nil {
		return nil, err
	}
	if joint, err := broadcastShape(a.Shape, b.Shape); err != nil || !slices.Equal(joint, a.Shape) {
		return nil, fmt.Errorf("shape %v does not broadcast to %v", b.Shape, a.Shape)
	}
	return b, nil
}
