package reference

import (
	"fmt"
	"slices"
)

// floats is input k, which must be there and have a type with a fraction.
func (c *call) floats(k int) (*Tensor, error) {
	t, err := c.input(k)
	if err == nil && !isFloat(t.Type) {
		err = fmt.Errorf("input %d has element type %v, the operator takes numbers with a fraction", k, t.Type)
	}
	return t, err
}

// maps is input k as [N, C, D1, …, Dn] with n of at least low.
func (c *call) maps(k, low int) (*Tensor, error) {
	t, err := c.floats(k)
	if err == nil && len(t.Shape) < 2+low {
		err = fmt.Errorf("input %d has shape %v, it must have at least %d axes: batch, channels, space", k, t.Shape, 2+low)
	}
	return t, err
}

// vector is input k as one number for each of n channels; nil if it is left out.
func (c *call) vector(k, n int) ([]float64, error) {
	if c.optional(k) == nil {
		return nil, nil
	}
	t, err := c.floats(k)
	if err != nil {
		return nil, err
	}
	if len(t.Shape) != 1 || t.Shape[0] != n {
		return nil, fmt.Errorf("input %d has shape %v, it must have shape [%d]", k, t.Shape, n)
	}
	return t.Floats, nil
}

// need is input k, of that shape.
func (c *call) need(k int, shape []int) ([]float64, error) {
	t, err := c.floats(k)
	if err != nil {
		return nil, err
	}
	if !slices.Equal(t.Shape, shape) {
		return nil, fmt.Errorf("input %d has shape %v, it must have shape %v", k, t.Shape, shape)
	}
	return t.Floats, nil
}

// orZeros is need of an input that stands for zeros if it is left out.
func (c *call) orZeros(k int, shape []int) ([]float64, error) {
	if c.optional(k) == nil {
		n, err := sizeOf(shape)
		return make([]float64, n), err
	}
	return c.need(k, shape)
}

// number is input k as one number, def if it is left out.
func (c *call) number(k int, def float64) (float64, error) {
	if c.optional(k) == nil {
		return def, nil
	}
	t, err := c.numbers(k)
	if err != nil {
		return 0, err
	}
	if len(t.Floats) != 1 {
		return 0, fmt.Errorf("input %d has shape %v, it must be one number", k, t.Shape)
	}
	return t.Floats[0], nil
}

// like makes a tensor with the type and shape of t and other numbers.
func like(t *Tensor, v []float64) *Tensor {
	return FromFloat64s(t.Type, slices.Clone(t.Shape), v)
}

// spread repeats t until it has the shape, by ONNX's rule of broadcasting in one
// direction: the shape itself does not grow.
func (t *Tensor) spread(shape []int) (*Tensor, error) {
	joint, err := broadcastShape(t.Shape, shape)
	if err != nil || !slices.Equal(joint, shape) {
		return nil, fmt.Errorf("shape %v does not broadcast to %v", t.Shape, shape)
	}
	return t.expand(shape)
}
