package reference

import (
	"runtime"
	"slices"
	"sync"
)

// slide is the work of a window on maps: rows of results, such as channels. It is cut into
// blocks that can be worked on at the same time, since the results of each are its own.
type slide struct {
	meet    func(axis int) []meeting
	axes    [][]meeting // what meet gives, if there is work
	kernel  []int
	in, out []int // sizes of a channel
	samples int
	nextIn  int // from a sample to the next, in the input
	nextOut int // and in the result
	rows    int
	depth   int // input channels that a row works on
	taps    int // from the taps of one to those of the next
}

// block is a part of the work: some places and rows. All of the places meet the same taps.
type block struct {
	*slide
	meet      []meeting // for each axis
	taps      []offset
	from, to  int // places, in row-major order: samples, axes
	low, high int // rows
}

// offset is an element of a kernel that meets the input: its index, and the input's behind the
// first that a place meets.
type offset struct{ w, x int32 }

// place is where a window stands: the first input that it meets, and its result, both for the
// first row.
type place struct{ in, out int }

// A block has at most so many places and rows, and about so many multiply–accumulates.
const (
	blockPlaces = 256
	blockRows   = 32
	blockWork   = 1 << 17
)

// over prepares the work on maps of size in that gives maps of size out, one channel from one.
func over(in, out, kernel []int, meet func(axis int) []meeting) *slide {
	return &slide{in: in, out: out, kernel: kernel, meet: meet, samples: 1, rows: 1, depth: 1}
}

// find looks for what meets, and reports whether there may be work. Without results it does
// not look at all.
func (s *slide) find() bool {
	if s.samples == 0 || s.rows == 0 || s.depth == 0 || product(s.in) == 0 || product(s.out) == 0 {
		return false
	}
	for axis := len(s.axes); axis < len(s.in); axis++ {
		s.axes = append(s.axes, s.meet(axis))
	}
	return true
}

// each calls do for every block, with a list of its places. Several blocks are done at the
// same time unless the work is small.
func (s *slide) each(do func(b *block, places []place)) {
	if !s.find() {
		return
	}
	room := min(blockPlaces, s.samples*product(s.out))
	workers := runtime.GOMAXPROCS(0)
	if workers == 1 || s.work() <= smallWork {
		places := make([]place, room)
		s.cut(func(b *block) { do(b, b.list(places)) })
		return
	}
	blocks := make(chan *block, 4*workers)
	var done sync.WaitGroup
	for range workers {
		done.Go(func() {
			places := make([]place, room)
			for b := range blocks {
				do(b, b.list(places))
			}
		})
	}
	s.cut(func(b *block) { blocks <- b })
	close(blocks)
	done.Wait()
}

// work is at least how many multiply–accumulates there are.
func (s *slide) work() int {
	n := saturate(s.samples, saturate(s.rows, s.depth))
	for _, axis := range s.axes {
		pairs := 0
		for _, m := range axis {
			pairs += saturate(m.places, m.taps)
		}
		n = saturate(n, pairs)
	}
	return n
}

// cut calls do for every block.
func (s *slide) cut(do func(b *block)) {
	if s.find() {
		s.cutAxes(make([]meeting, 0, len(s.axes)), do)
	}
}

func (s *slide) cutAxes(meet []meeting, do func(b *block)) {
	if axis := len(meet); axis < len(s.axes) {
		for _, m := range s.axes[axis] {
			s.cutAxes(append(meet, m), do)
		}
		return
	}
	meet = slices.Clone(meet)
	taps, places := s.tapsOf(meet), s.samples
	for _, m := range meet {
		places *= m.places
	}
	rows := min(blockRows, s.rows)
	most := min(blockPlaces, blockWork/(max(1, rows)*(len(taps)+8))+2)
	for from := 0; from < places; from += most {
		for low := 0; low < s.rows; low += rows {
			do(&block{slide: s, meet: meet, taps: taps, from: from, to: min(places, from+most), low: low, high: min(s.rows, low+rows)})
		}
	}
}

// tapsOf lists the taps that places meet, those of one channel after those of the other, in
// the order of the kernel.
func (s *slide) tapsOf(meet []meeting) []offset {
	list := []offset{{}}
	for axis, m := range meet {
		next := make([]offset, 0, len(list)*m.taps)
		for _, t := range list {
			for k := range m.taps {
				next = append(next, offset{t.w*int32(s.kernel[axis]) + int32(m.tap.get(k)), t.x*int32(s.in[axis]) + int32(m.at.get(k))})
			}
		}
		list = next
	}
	all := make([]offset, 0, len(list)*s.depth)
	for k := range s.depth {
		for _, t := range list {
			all = append(all, offset{t.w + int32(k*s.taps), t.x + int32(k*product(s.in))})
		}
	}
	return all
}

// list sets the block's places.
func (b *block) list(places []place) []place {
	places = places[:0]
	last := b.meet[len(b.meet)-1]
	for i := b.from; i < b.to; {
		p, k := b.row(i/last.places), i%last.places
		for ; k < last.places && i < b.to; i, k = i+1, k+1 {
			places = append(places, place{p.in + last.in.get(k), p.out + last.out.get(k)})
		}
	}
	return places
}

// row is where the places with index i, but for the last axis, start.
func (b *block) row(i int) (p place) {
	axis := len(b.meet) - 1
	stepIn, stepOut := b.in[axis], b.out[axis]
	for axis--; axis >= 0; axis-- {
		m := b.meet[axis]
		k := i % m.places
		i /= m.places
		p.in += m.in.get(k) * stepIn
		p.out += m.out.get(k) * stepOut
		stepIn *= b.in[axis]
		stepOut *= b.out[axis]
	}
	return place{p.in + i*b.nextIn, p.out + i*b.nextOut}
}
