package exec

import (
	"cmp"
	"math"
	"slices"

	"github.com/gonn-toolkit/gonn/nn/op"
)

// buffer is a piece of memory that values have one after the other or together, from the
// time that it is first written to the time that it is last read.
type buffer struct {
	size        int // float32
	first, last int
	offset      int
}

// reads says that the buffer is still read at a time.
func (b *buffer) reads(time int) { b.last = max(b.last, time) }

// place gives each buffer its offset, so that no two that are in use at the same time
// overlap, and returns how much memory they take together. It goes through time and takes
// the smallest gap that is large enough.
func place(buffers []*buffer) (total int) {
	begin, end := slices.Clone(buffers), slices.Clone(buffers)
	slices.SortStableFunc(begin, func(a, b *buffer) int { return cmp.Compare(a.first, b.first) })
	slices.SortStableFunc(end, func(a, b *buffer) int { return cmp.Compare(a.last, b.last) })
	free := gaps{{0, math.MaxInt}}
	for _, b := range begin {
		for ; end[0].last < b.first; end = end[1:] {
			free.put(end[0].offset, end[0].size)
		}
		b.offset = free.take(b.size)
		total = max(total, b.offset+b.size)
	}
	return total
}

// gap is free memory from lo to hi.
type gap struct{ lo, hi int }

// gaps are those between buffers that are in use, by offset; the last one has no end. No two
// of them touch.
type gaps []gap

// take gives the start of the smallest gap that holds so much, and cuts that off it.
func (g *gaps) take(size int) int {
	best := len(*g) - 1
	for i, x := range *g {
		if room := x.hi - x.lo; room >= size && room < (*g)[best].hi-(*g)[best].lo {
			best = i
		}
	}
	x := &(*g)[best]
	offset := x.lo
	if x.lo += size; x.lo == x.hi {
		*g = slices.Delete(*g, best, best+1)
	}
	return offset
}

// put gives memory back.
func (g *gaps) put(offset, size int) {
	i, _ := slices.BinarySearchFunc(*g, offset, func(x gap, offset int) int { return cmp.Compare(x.lo, offset) })
	next := &(*g)[i] // there is one: the last gap lies behind every buffer
	below := i > 0 && (*g)[i-1].hi == offset
	switch {
	case next.lo != offset+size && !below:
		*g = slices.Insert(*g, i, gap{offset, offset + size})
	case next.lo != offset+size:
		(*g)[i-1].hi = offset + size
	case below:
		next.lo = (*g)[i-1].lo
		*g = slices.Delete(*g, i-1, i)
	default:
		next.lo = offset
	}
}

// vectors rounds a number of floats up to whole vectors, so that every buffer is aligned.
func vectors(n int) int { return (n + op.Lanes - 1) / op.Lanes * op.Lanes }
