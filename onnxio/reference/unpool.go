package reference

import (
	"fmt"
	"slices"
)

// maxUnpool puts numbers back to where MaxPool found them and zeros elsewhere. Input 1
// holds their row-major indices in the map that the attributes say; input 2 may ask for a
// larger one, which then has zeros behind.
func maxUnpool(c *call) ([]*Tensor, error) {
	x, err := c.maps(0, 1)
	if err != nil {
		return nil, err
	}
	at, err := c.input(1)
	if err != nil {
		return nil, err
	}
	if !slices.Equal(at.Shape, x.Shape) || !isSigned(at.Type) {
		return nil, fmt.Errorf("indices of type %v and shape %v do not fit an input of shape %v", at.Type, at.Shape, x.Shape)
	}
	shape, err := c.unpooled(x.Shape)
	if err != nil {
		return nil, err
	}
	y, err := newTensor(x.Type, shape...)
	if err != nil {
		return nil, err
	}
	for i, p := range at.Ints {
		if p < 0 || p >= int64(len(y.Floats)) {
			return nil, fmt.Errorf("index %d is not in a map of shape %v", p, shape)
		}
		y.Floats[p] = x.Floats[i]
	}
	if c.optional(2) == nil {
		return []*Tensor{y}, nil
	}
	size, err := c.sizes(2)
	if err != nil {
		return nil, err
	}
	return one(y.padded(size))
}

// unpooled is the shape of a map that a pool makes one of shape x of.
func (c *call) unpooled(x []int) ([]int, error) {
	n := len(x) - 2
	if !c.has("kernel_shape") {
		return nil, fmt.Errorf("attribute \"kernel_shape\" is missing")
	}
	kernel, strides, pads := c.counts("kernel_shape", n, 1, 1), c.counts("strides", n, 1, 1), c.counts("pads", 2*n, 0, 0)
	shape := slices.Clone(x)
	for i := range n {
		shape[2+i] = (x[2+i]-1)*strides[i] + kernel[i] - pads[i] - pads[n+i]
	}
	return shape, c.err
}

// padded is t in the corner of a larger shape.
func (t *Tensor) padded(shape []int) (*Tensor, error) {
	if len(shape) != len(t.Shape) {
		return nil, fmt.Errorf("shape %v has another rank than %v", shape, t.Shape)
	}
	for i, d := range t.Shape {
		if shape[i] < d {
			return nil, fmt.Errorf("shape %v is smaller than %v", shape, t.Shape)
		}
	}
	y, err := newTensor(t.Type, shape...)
	if err != nil {
		return nil, err
	}
	places, err := positions(t.Shape, strides(shape), 0)
	if err != nil {
		return nil, err
	}
	for i, p := range places {
		y.set(p, t, i)
	}
	return y, nil
}
