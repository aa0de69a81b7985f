package exec

import (
	"cmp"
	"math"
	"slices"

	"github.com/gonn-toolkit/gonn/nn/op"
)

// buffer is memory of one or more values, with its lifetime: from the time of the first write
// to the time of the last read.
type buffer struct {
	size        int // float32
	first, last int
	offset      int
	bordered    op.Planes // of packed maps with a border; otherwise its Border is 0
}

// extend extends the lifetime to a read at a time.
func (b *buffer) extend(time int) { b.last = max(b.last, time) }

// in is the buffer's memory in the arena; nil of no buffer.
func (b *buffer) in(arena []float32) []float32 {
	if b == nil {
		return nil
	}
	return arena[b.offset:][:b.size:b.size]
}

// place assigns offsets in an arena, so that buffers whose lifetimes overlap do not share
// memory, and returns the size of the arena. It is a best-fit allocator, in order of the first
// writes, with a list of free gaps.
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

// gap is a range of free memory, [lo, hi).
type gap struct{ lo, hi int }

// gaps are the free ranges, sorted by offset. The last one has no end. No two are adjacent.
type gaps []gap

// take allocates size floats at the start of the smallest gap that holds them.
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

// put frees size floats at an offset.
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

// roundUp rounds a number of floats up to whole vectors, so that all buffers are aligned.
func roundUp(n int) int { return (n + op.Lanes - 1) / op.Lanes * op.Lanes }
