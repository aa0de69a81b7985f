package reference

import "slices"

// labelled is an Einsum of two tensors as a product of matrices: labels by where they stand.
type labelled struct {
	*equation
	both, left, right, summed []int
}

// product is the Einsum of two tensors of floating-point numbers as a product of matrices,
// where that takes every sum in the same order: each label that is summed over is an axis of
// both, of one size. It is nil for others.
func (e *equation) product(in []*Tensor) *labelled {
	if len(in) != 2 || !isFloat(in[0].Type) || in[1].Type != in[0].Type {
		return nil
	}
	p := &labelled{equation: e}
	for i, l := range e.labels {
		a, b := e.has(in, 0, l, e.sizes[i]), e.has(in, 1, l, e.sizes[i])
		switch {
		case i >= e.kept && !(a && b):
			return nil
		case i >= e.kept:
			p.summed = append(p.summed, i)
		case a && b:
			p.both = append(p.both, i)
		case a:
			p.left = append(p.left, i)
		case b:
			p.right = append(p.right, i)
		default: // of size one in each
			p.both = append(p.both, i)
		}
	}
	return p
}

// sizes are those of the matrices, [m, k] by [n, k], and how many there are.
func (p *labelled) sizes() (n, m, k, both float64) {
	e := p.equation
	return float64(e.size(p.right)), float64(e.size(p.left)), float64(e.size(p.summed)), float64(e.size(p.both))
}

// multiplied computes the product.
func (p *labelled) multiplied(c *call, in []*Tensor) (*Tensor, error) {
	e := p.equation
	order := slices.Concat(p.both, p.left, p.right)
	a, err := e.matrices(in[0], e.terms[0], p.both, p.left, p.summed)
	if err != nil {
		return nil, err
	}
	b, err := e.matrices(in[1], e.terms[1], p.both, p.right, p.summed)
	if err != nil {
		return nil, err
	}
	n, m, k := e.size(p.right), e.size(p.left), e.size(p.summed)
	y, err := newTensor(in[0].Type, e.size(p.both), m, n)
	if err != nil {
		return nil, err
	}
	for s := range y.Shape[0] {
		if err := c.matrixProductT(y.Floats[s*m*n:][:m*n], a.Floats[s*m*k:][:m*k], b.Floats[s*n*k:][:n*k], m, k, n); err != nil {
			return nil, err
		}
	}
	shape, back := make([]int, len(order)), make([]int, len(order))
	for i, label := range order {
		shape[i], back[label] = e.sizes[label], i
	}
	if y, err = y.reshape(shape); err != nil {
		return nil, err
	}
	return y.transpose(back)
}

// has reports whether an axis of input k has a label, and its full size.
func (e *equation) has(in []*Tensor, k int, label string, size int) bool {
	for axis, l := range e.terms[k] {
		if l == label && in[k].Shape[axis] == size {
			return true
		}
	}
	return false
}

// size is the product of the sizes of labels.
func (e *equation) size(labels []int) int {
	n := 1
	for _, l := range labels {
		n *= e.sizes[l]
	}
	return n
}

// matrices gives a tensor the axes of three lists of labels, in their order.
func (e *equation) matrices(t *Tensor, terms []string, lists ...[]int) (*Tensor, error) {
	var shape, steps []int
	for _, label := range slices.Concat(lists...) {
		step := 0
		for axis, by := range strides(t.Shape) {
			if terms[axis] == e.labels[label] && t.Shape[axis] != 1 {
				step += by
			}
		}
		shape, steps = append(shape, e.sizes[label]), append(steps, step)
	}
	return t.view(shape, steps, 0)
}
