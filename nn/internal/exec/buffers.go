package exec

import (
	"cmp"
	"slices"

	"github.com/gonn-toolkit/gonn/nn/op"
)

// buffer is memory of one or more values, with its lifetime: from the time of the first write
// to the time of the last read.
type buffer struct {
	size        int // float32
	first, last int
	offset      int
}

// extend extends the lifetime to a read at a time.
func (b *buffer) extend(time int) { b.last = max(b.last, time) }

// place assigns offsets in an arena, so that buffers whose lifetimes overlap do not share
// memory, and returns the size of the arena. It is a best-fit allocator, in order of the first
// writes.
func place(buffers []*buffer) (total int) {
	sorted := slices.Clone(buffers)
	slices.SortStableFunc(sorted, func(a, b *buffer) int { return cmp.Compare(a.first, b.first) })
	var live []*buffer // by offset
	for _, b := range sorted {
		live = slices.DeleteFunc(live, func(l *buffer) bool { return l.last < b.first })
		b.offset = bestFit(live, b.size)
		i, _ := slices.BinarySearchFunc(live, b.offset, func(l *buffer, offset int) int { return cmp.Compare(l.offset, offset) })
		live = slices.Insert(live, i, b)
		total = max(total, b.offset+b.size)
	}
	return total
}

// bestFit is the offset of the smallest gap between live buffers, sorted by offset, that holds
// size floats, or the end of all of them if there is none.
func bestFit(live []*buffer, size int) int {
	end, best, room := 0, -1, 0
	for _, l := range live {
		if gap := l.offset - end; gap >= size && (best < 0 || gap < room) {
			best, room = end, gap
		}
		end = max(end, l.offset+l.size)
	}
	if best < 0 {
		return end
	}
	return best
}

// roundUp rounds a number of floats up to whole vectors, so that all buffers are aligned.
func roundUp(n int) int { return (n + op.Lanes - 1) / op.Lanes * op.Lanes }
