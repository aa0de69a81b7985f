package exec

import (
	"cmp"
	"math"
	"slices"

	"github.com/gonn-toolkit/gonn/nn/internal/kernel"
	"github.com/gonn-toolkit/gonn/nn/op"
)

// cachedFloats is how many values and prepared weights stay in the second-level cache from sample to
// sample.
const cachedFloats = 1 << 18

// placeMaps assigns memory to all values. If they stay in the cache, borders are zero for ever.
// Otherwise it pays to use the same memory again soon, and to clear borders each time.
func (r *planarRun) placeMaps() {
	r.size = placeBordered(r.buffers)
	if r.size+r.weights.size <= cachedFloats {
		return
	}
	r.size = place(r.buffers)
	for i := range r.steps {
		if to := r.steps[i].To; to.Border > 0 {
			r.steps[i].border = &kernel.PackedMaps{C: to.Channels, H: to.H, W: to.W, Border: to.Border}
		}
	}
}

// run does a share of a step. The border that is cleared first is that of the share's rows.
func (s *planarStep) run(share op.Share, x [][]float32, y []float32) {
	if s.border != nil {
		lo, hi := share.Of(s.border.H)
		kernel.ClearBorder(y, s.border, kernel.Range{Lo: lo, Hi: hi}, kernel.Range{Hi: s.border.Blocks()})
	}
	s.Run(share, s.weights, x, y)
}

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
