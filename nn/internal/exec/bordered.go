package exec

import (
	"cmp"
	"math"
	"slices"

	"github.com/gonn-toolkit/gonn/nn/op"
)

// borderedMemory is memory that buffers of one layout share for ever, one after the other, so that
// the border is zero when it is allocated and stays so.
type borderedMemory struct {
	buffer
	layout op.Planes
	holds  []*buffer
}

// fits reports whether a buffer can have the memory after those that it holds.
func (m *borderedMemory) fits(b *buffer) bool {
	return m.layout == b.bordered && m.size == b.size && m.holds[len(m.holds)-1].last < b.first
}

// placeBordered is place for buffers of which some are packed maps with a border.
func placeBordered(buffers []*buffer) (total int) {
	buffers = slices.Clone(buffers)
	slices.SortStableFunc(buffers, func(a, b *buffer) int { return cmp.Compare(a.first, b.first) })
	var memories []*borderedMemory
	var placed []*buffer
	for _, b := range buffers {
		if b.bordered.Border == 0 {
			placed = append(placed, b)
			continue
		}
		if i := slices.IndexFunc(memories, func(m *borderedMemory) bool { return m.fits(b) }); i >= 0 {
			memories[i].holds = append(memories[i].holds, b)
			continue
		}
		m := &borderedMemory{buffer{size: b.size, first: -1, last: math.MaxInt}, b.bordered, []*buffer{b}}
		memories, placed = append(memories, m), append(placed, &m.buffer)
	}
	total = place(placed)
	for _, m := range memories {
		for _, b := range m.holds {
			b.offset = m.offset
		}
	}
	return total
}
