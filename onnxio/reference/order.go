package reference

import (
	"cmp"
	"errors"
	"fmt"
	"slices"

	"github.com/gonn-toolkit/gonn/onnxio/graph"
)

// orderOps are the operators that find the largest elements, or put them in order.
var orderOps = map[string]op{
	"ArgMax": arg(1),
	"ArgMin": arg(-1),
	"TopK":   topK,
	"Unique": unique,
}

// compare is negative if element i is smaller than element k, positive if it is larger.
// NaN is smaller than all numbers.
func (t *Tensor) compare(i, k int) int {
	switch {
	case isFloat(t.Type):
		return cmp.Compare(t.Floats[i], t.Floats[k])
	case isUnsigned(t.Type):
		return cmp.Compare(uint64(t.Ints[i]), uint64(t.Ints[k]))
	case isInt(t.Type):
		return cmp.Compare(t.Ints[i], t.Ints[k])
	}
	return cmp.Compare(t.Strings[i], t.Strings[k])
}

// toAxis moves the last axis to another place.
func (t *Tensor) toAxis(axis int) (*Tensor, error) {
	var perm []int
	for i := range t.Rank() - 1 {
		perm = append(perm, i)
	}
	return t.transpose(slices.Insert(perm, axis, t.Rank()-1))
}

// arg finds the index of the largest element along an axis, or the smallest if sign is
// −1.
func arg(sign int) op {
	return func(c *call) ([]*Tensor, error) {
		x, err := c.input(0)
		if err != nil {
			return nil, err
		}
		axis, err := axisOf(c.int("axis", 0), x.Rank())
		if err != nil {
			return nil, err
		}
		rows, shape, n, err := x.rows([]int{axis}, c.flag("keepdims", true))
		if err != nil {
			return nil, err
		}
		if n == 0 {
			return nil, errors.New("an empty axis has no largest or smallest element")
		}
		last := c.flag("select_last_index", false)
		r := make([]int64, rows.Len()/n)
		for i := range r {
			best := i * n
			for k := best + 1; k < (i+1)*n; k++ {
				if d := sign * rows.compare(k, best); d > 0 || d == 0 && last {
					best = k
				}
			}
			r[i] = int64(best - i*n)
		}
		return one(FromInt64s(graph.Int64, shape, r), nil)
	}
}

// topK gives the k largest elements along an axis, or the smallest, and their indices. Of
// equal ones that of the lower index comes first.
func topK(c *call) ([]*Tensor, error) {
	x, err := c.input(0)
	if err != nil {
		return nil, err
	}
	axis, err := axisOf(c.int("axis", -1), x.Rank())
	if err != nil {
		return nil, err
	}
	k := c.int("k", -1)
	if c.opset >= 10 {
		list := c.list(1)
		if len(list) != 1 {
			return nil, fmt.Errorf("its number of elements is %v, it must be one number", list)
		}
		k = list[0]
	}
	rows, _, n, err := x.rows([]int{axis}, false)
	if err != nil {
		return nil, err
	}
	if k < 0 || k > n {
		return nil, fmt.Errorf("%d elements are not to be had of an axis of size %d", k, n)
	}
	sign := -1
	if !c.flag("largest", true) {
		sign = 1
	}
	c.flag("sorted", true) // unsorted may be any order
	from := make([]int, 0, rows.Len()/max(n, 1)*k)
	for i := range rows.Len() / max(n, 1) {
		row := make([]int, n)
		for j := range row {
			row[j] = i*n + j
		}
		slices.SortStableFunc(row, func(a, b int) int { return sign * rows.compare(a, b) })
		from = append(from, row[:k]...)
	}
	shape := slices.Clone(rows.Shape)
	shape[len(shape)-1] = k
	indices := FromInt64s(graph.Int64, shape, each(from, func(p int) int64 { return int64(p % n) }))
	return both(rows.pick(shape, from), indices, axis)
}

// both moves the last axis of two results back to its place.
func both(a, b *Tensor, axis int) ([]*Tensor, error) {
	a, err := a.toAxis(axis)
	if err != nil {
		return nil, err
	}
	if b, err = b.toAxis(axis); err != nil {
		return nil, err
	}
	return []*Tensor{a, b}, nil
}

// unique gives the different elements, or the different slices along an axis: sorted or in
// the order of their first occurrence; where that is; for each element of the input which
// it is; and how often there is each.
func unique(c *call) ([]*Tensor, error) {
	x, err := c.input(0)
	if err != nil {
		return nil, err
	}
	axis := 0
	if !c.has("axis") {
		x, err = x.reshape([]int{x.Len()})
	} else {
		axis, err = axisOf(c.int("axis", 0), x.Rank())
	}
	if err != nil {
		return nil, err
	}
	front, err := x.transpose(frontFirst(axis, x.Rank()))
	if err != nil {
		return nil, err
	}
	size := product(front.Shape[1:])
	order := func(a, b int) int {
		for i := range size {
			if d := front.compare(a*size+i, b*size+i); d != 0 {
				return d
			}
		}
		return 0
	}
	first, which, counts := distinct(front.Shape[0], order, c.flag("sorted", true))
	y, err := x.gather(axis, []int{len(first)}, first)
	if err != nil {
		return nil, err
	}
	return []*Tensor{y, vector(first), vector(which), vector(counts)}, nil
}

// frontFirst is the order of axes that brings one to the front.
func frontFirst(axis, rank int) []int {
	perm := []int{axis}
	for i := range rank {
		if i != axis {
			perm = append(perm, i)
		}
	}
	return perm
}

// distinct groups n items that order finds equal: the first of each group, for each item
// its group, and how many there are.
func distinct(n int, order func(a, b int) int, sorted bool) (first, which, counts []int) {
	items := make([]int, n)
	for i := range items {
		items[i] = i
	}
	slices.SortStableFunc(items, order)
	groups := make([][]int, 0, n)
	for i := 0; i < n; {
		end := i + 1
		for end < n && order(items[i], items[end]) == 0 {
			end++
		}
		groups, i = append(groups, items[i:end]), end
	}
	if !sorted {
		slices.SortFunc(groups, func(a, b []int) int { return cmp.Compare(a[0], b[0]) })
	}
	which, first, counts = make([]int, n), make([]int, 0, len(groups)), make([]int, 0, len(groups))
	for g, group := range groups {
		first, counts = append(first, group[0]), append(counts, len(group))
		for _, item := range group {
			which[item] = g
		}
	}
	return first, which, counts
}
