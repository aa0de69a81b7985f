package reference

import "slices"

// asProduct computes an Einsum of two tensors of floating-point numbers as a product of
// matrices, where that takes every sum in the same order: each label that is summed over is
// an axis of both, of one size. It is nil for others.
func (e *equation) asProduct(in []*Tensor) (*Tensor, error) {
	if len(in) != 2 || !isFloat(in[0].Type) {
		return nil, nil
	}
	var both, left, right, summed []int // labels by where they stand
	for i, l := range e.labels {
		a, b := e.has(in, 0, l, e.sizes[i]), e.has(in, 1, l, e.sizes[i])
		switch {
		case i >= e.kept && !(a && b):
			return nil, nil
		case i >= e.kept:
			summed = append(summed, i)
		case a && b:
			both = append(both, i)
		case a:
			left = append(left, i)
		case b:
			right = append(right, i)
		default: // of size one in each
			both = append(both, i)
		}
	}
	order := slices.Concat(both, left, right)
	a, err := e.matrices(in[0], e.terms[0], both, left, summed)
	if err != nil {
		return nil, err
	}
	b, err := e.matrices(in[1], e.terms[1], both, right, summed)
	if err != nil {
		return nil, err
	}
	n, m, k := e.size(right), e.size(left), e.size(summed)
	y, err := newTensor(in[0].Type, e.size(both), m, n)
	if err != nil {
		return nil, err
	}
	for s := range y.Shape[0] {
		matrixProductT(y.Floats[s*m*n:][:m*n], a.Floats[s*m*k:][:m*k], b.Floats[s*n*k:][:n*k], m, k, n)
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
