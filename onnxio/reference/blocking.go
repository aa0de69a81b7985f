package reference

import (
	"runtime"
	"slices"
	"sync"
)

// blocking is the work of a window on maps: rows of results, such as channels. It is cut into
// blocks that can be worked on at the same time, since the results of each are its own.
type blocking struct {
	segments func(axis int) []segment
	axes     [][]segment // what segments gives, set when the work begins
	kernel   []int
	in, out  []int // sizes of a channel
	samples  int
	nextIn   int // from a sample to the next, in the input
	nextOut  int // and in the result
	rows     int
	depth    int // input channels that a row works on
	taps     int // from the taps of one to those of the next

	// did, if not nil, is told of the multiply–accumulates of each block before it is begun. An
	// error of it ends the work.
	did func(operations int) error
}

// block is a part of the work: some positions and rows. All of the positions meet the same
// taps.
type block struct {
	*blocking
	along     []segment // each axis
	offsets   []offset
	reach     struct{ w, x int } // of the offsets: one more than the largest
	from, to  int                // positions, in row-major order: samples, axes
	low, high int                // rows
}

// offset is a tap of the kernel that meets the input: the index of its weight, and that of
// the input behind the first that a position meets.
type offset struct{ w, x uint32 }

// position is where a window stands: the indices of the first input that it meets and of its
// result, both for the first row. The results of run positions, from this on, follow each
// other, and their inputs lie the step of the last axis apart.
type position struct{ in, out, run int }

// A block has at most so many positions and rows, and about so many multiply–accumulates.
const (
	blockPositions = 256
	blockRows      = 64
	blockWork      = 1 << 18
)

// over prepares the work on maps of size in that gives maps of size out, one channel from one.
func over(in, out, kernel []int, segments func(axis int) []segment) *blocking {
	return &blocking{segments: segments, kernel: kernel, in: in, out: out, samples: 1, rows: 1, depth: 1}
}

// begin finds the segments, and reports whether there may be work. Without results it does
// not look for them.
func (s *blocking) begin() bool {
	if s.samples == 0 || s.rows == 0 || s.depth == 0 || product(s.in) == 0 || product(s.out) == 0 {
		return false
	}
	for axis := len(s.axes); axis < len(s.in); axis++ {
		s.axes = append(s.axes, s.segments(axis))
	}
	return true
}

// each calls do for every block, with a list of its positions. Several blocks are done at the
// same time unless the work is small.
func (s *blocking) each(do func(b *block, at []position)) error {
	if !s.begin() {
		return nil
	}
	room := min(blockPositions, s.samples*product(s.out))
	workers := runtime.GOMAXPROCS(0)
	if workers == 1 || s.work() <= smallWork {
		at := make([]position, room)
		return s.cut(func(b *block) { do(b, b.positions(at)) })
	}
	blocks := make(chan *block, 4*workers)
	var done sync.WaitGroup
	for range workers {
		done.Go(func() {
			at := make([]position, room)
			for b := range blocks {
				do(b, b.positions(at))
			}
		})
	}
	err := s.cut(func(b *block) { blocks <- b })
	close(blocks)
	done.Wait()
	return err
}

// work is the number of multiply–accumulates.
func (s *blocking) work() int {
	n := saturate(s.samples, saturate(s.rows, s.depth))
	for _, axis := range s.axes {
		pairs := 0
		for _, g := range axis {
			pairs += saturate(g.positions, g.taps)
		}
		n = saturate(n, pairs)
	}
	return n
}

// cut calls do for every block.
func (s *blocking) cut(do func(b *block)) error {
	if !s.begin() {
		return nil
	}
	return s.cutAxes(make([]segment, 0, len(s.axes)), do)
}

// cutAxes is cut with segments of the first axes chosen.
func (s *blocking) cutAxes(along []segment, do func(b *block)) error {
	if axis := len(along); axis < len(s.axes) {
		for _, g := range s.axes[axis] {
			if err := s.cutAxes(append(along, g), do); err != nil {
				return err
			}
		}
		return nil
	}
	along = slices.Clone(along)
	b := block{blocking: s, along: along, offsets: s.offsetsOf(along)}
	for _, t := range b.offsets {
		b.reach.w, b.reach.x = max(b.reach.w, int(t.w)+1), max(b.reach.x, int(t.x)+1)
	}
	count := s.samples
	for _, g := range along {
		count *= g.positions
	}
	rows := min(blockRows, s.rows)
	most := min(blockPositions, blockWork/(rows*(len(b.offsets)+8))+2)
	for from := 0; from < count; from += most {
		for low := 0; low < s.rows; low += rows {
			part := b
			part.from, part.to, part.low, part.high = from, min(count, from+most), low, min(s.rows, low+rows)
			if s.did != nil {
				if err := s.did((part.to - part.from) * (part.high - part.low) * len(part.offsets)); err != nil {
					return err
				}
			}
			do(&part)
		}
	}
	return nil
}

// offsetsOf lists the taps that positions meet, those of one channel after those of the other,
// in the order of the kernel.
func (s *blocking) offsetsOf(along []segment) []offset {
	list := []offset{{}}
	for axis, g := range along {
		next := make([]offset, 0, len(list)*g.taps)
		for _, t := range list {
			for k := range g.taps {
				next = append(next, offset{t.w*uint32(s.kernel[axis]) + uint32(g.tap.get(k)), t.x*uint32(s.in[axis]) + uint32(g.behind.get(k))})
			}
		}
		list = next
	}
	all := make([]offset, 0, len(list)*s.depth)
	for k := range s.depth {
		for _, t := range list {
			all = append(all, offset{t.w + uint32(k*s.taps), t.x + uint32(k*product(s.in))})
		}
	}
	return all
}

// positions lists those of the block, in place of what at holds.
func (b *block) positions(at []position) []position {
	at = at[:0]
	last := b.along[len(b.along)-1]
	for i := b.from; i < b.to; {
		p, k := b.line(i/last.positions), i%last.positions
		end := min(last.positions, k+b.to-i)
		for ; k < end; i, k = i+1, k+1 {
			run := 1
			if last.out.by == 1 {
				run = end - k
			}
			at = append(at, position{p.in + last.in.get(k), p.out + last.out.get(k), run})
		}
	}
	return at
}

// line is where line i of positions along the last axis starts.
func (b *block) line(i int) (p position) {
	axis := len(b.along) - 1
	stepIn, stepOut := b.in[axis], b.out[axis]
	for axis--; axis >= 0; axis-- {
		g := b.along[axis]
		k := i % g.positions
		i /= g.positions
		p.in += g.in.get(k) * stepIn
		p.out += g.out.get(k) * stepOut
		stepIn *= b.in[axis]
		stepOut *= b.out[axis]
	}
	p.in += i * b.nextIn
	p.out += i * b.nextOut
	return p
}
