package reference

import "slices"

// view makes a tensor of the shape of the elements at start + Σ index·step.
func (t *Tensor) view(shape, steps []int, start int) (*Tensor, error) {
	n, err := sizeOf(shape)
	if err != nil {
		return nil, err
	}
	r := &Tensor{Type: t.Type, Shape: slices.Clone(shape)}
	switch {
	case isFloat(t.Type):
		r.Floats = viewOf(t.Floats, n, shape, steps, start)
	case isInt(t.Type):
		r.Ints = viewOf(t.Ints, n, shape, steps, start)
	default:
		r.Strings = viewOf(t.Strings, n, shape, steps, start)
	}
	return r, nil
}

// viewOf lists n elements, as many as the shape has.
func viewOf[T any](v []T, n int, shape, steps []int, start int) []T {
	r := make([]T, n)
	if n == 0 {
		return r
	}
	shape, steps = joined(shape, steps)
	switch last := len(shape) - 1; last {
	case -1:
		r[0] = v[start]
	case 0:
		copyRow(r, v, start, steps[0])
	default:
		parallelRuns(n/shape[last], 1, shape[last], func(low, high int) {
			copyRows(r[low*shape[last]:high*shape[last]], v, low, shape, steps, start)
		})
	}
	return r
}

// joined drops axes of size one and joins axes that follow each other at equal steps.
func joined(shape, steps []int) (s, by []int) {
	for axis, n := range shape {
		k := len(s) - 1
		switch {
		case n == 1:
		case k >= 0 && by[k] == n*steps[axis]:
			s[k], by[k] = s[k]*n, steps[axis]
		default:
			s, by = append(s, n), append(by, steps[axis])
		}
	}
	return s, by
}

// copyRows fills r with whole rows along the last axis, from row number first on.
func copyRows[T any](r, v []T, first int, shape, steps []int, start int) {
	last := len(shape) - 1
	index, at := make([]int, last), start
	for axis := last - 1; axis >= 0; axis-- {
		index[axis] = first % shape[axis]
		first /= shape[axis]
		at += index[axis] * steps[axis]
	}
	for n := shape[last]; len(r) > 0; r = r[n:] {
		copyRow(r[:n], v, at, steps[last])
		for axis := last - 1; axis >= 0; axis-- {
			index[axis]++
			at += steps[axis]
			if index[axis] < shape[axis] {
				break
			}
			at -= index[axis] * steps[axis]
			index[axis] = 0
		}
	}
}

// copyRow fills r with elements step apart.
func copyRow[T any](r, v []T, at, step int) {
	switch step {
	case 0:
		x := v[at]
		for i := range r {
			r[i] = x
		}
	case 1:
		copy(r, v[at:])
	default:
		for i := range r {
			r[i] = v[at+i*step]
		}
	}
}
