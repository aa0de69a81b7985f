package exec

import (
	"cmp"
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
func (b *buffer) extend(time int) { b.last = max(b.last, time) }

// place gives each buffer its offset, so that no two that are in use at the same time
// overlap, and returns how much memory they take together. It goes through time and takes
// the smallest gap that is large enough.
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

// bestFit is the start of the smallest gap between buffers, sorted by offset, that holds so
// much; behind all of them if there is none.
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

// vectors rounds a number of floats up to whole vectors, so that every buffer is aligned.
func roundUp(n int) int { return (n + op.Lanes - 1) / op.Lanes * op.Lanes }
