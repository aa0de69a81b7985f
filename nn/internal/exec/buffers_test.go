package exec

import (
	"math/rand/v2"
	"testing"
	"time"

	"github.com/gonn-toolkit/gonn/nn/op"
)

// Buffers that are in use at the same time never overlap, stay aligned, and together take
// no more than all of them, and no less than the fullest moment.
func TestPlaceKeepsLiveBuffersApart(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	for range 300 {
		times := 1 + rng.IntN(40)
		buffers := make([]*buffer, 1+rng.IntN(40))
		sum := 0
		for i := range buffers {
			first := rng.IntN(times)
			buffers[i] = &buffer{size: roundUp(1 + rng.IntN(300)), first: first, last: first + rng.IntN(times-first), offset: -1}
			sum += buffers[i].size
		}
		total := place(buffers)
		if least := fullest(buffers, times); total < least || total > sum {
			t.Fatalf("%d floats, want from %d to %d", total, least, sum)
		}
		for i, a := range buffers {
			if a.offset < 0 || a.offset != roundUp(a.offset) || a.offset+a.size > total {
				t.Fatalf("a buffer of %d at %d of %d", a.size, a.offset, total)
			}
			for _, b := range buffers[:i] {
				alive := a.first <= b.last && b.first <= a.last
				if alive && a.offset < b.offset+b.size && b.offset < a.offset+a.size {
					t.Fatalf("%+v and %+v overlap", *a, *b)
				}
			}
		}
	}
}

// fullest is the largest sum of buffers that are in use at a time.
func fullest(buffers []*buffer, times int) (most int) {
	for time := range times {
		n := 0
		for _, b := range buffers {
			if b.first <= time && time <= b.last {
				n += b.size
			}
		}
		most = max(most, n)
	}
	return most
}

// Memory is used again: a chain takes as much as two neighbours, and a gap takes the buffer
// that fits it best.
func TestPlaceUsesMemoryAgain(t *testing.T) {
	var chain []*buffer
	for i := range 20 {
		chain = append(chain, &buffer{size: 64, first: i, last: i + 1})
	}
	if total := place(chain); total != 128 {
		t.Errorf("a chain takes %d floats, want 128", total)
	}
	gaps := []*buffer{
		{size: 64, first: 0, last: 1}, {size: 16, first: 0, last: 9}, {size: 32, first: 0, last: 1}, {size: 16, first: 0, last: 9},
		{size: 32, first: 2, last: 9}, {size: 64, first: 2, last: 9},
	}
	if total := place(gaps); total != 128 || gaps[4].offset != gaps[2].offset || gaps[5].offset != gaps[0].offset {
		t.Errorf("%d floats, gaps of 64 and 32 at %d and %d taken by 32 at %d and 64 at %d",
			total, gaps[0].offset, gaps[2].offset, gaps[4].offset, gaps[5].offset)
	}
}

// Packed maps with a border share memory with maps of the same layout, one after the other, and
// with nothing else.
func TestBordersHaveMemoryOfTheirOwn(t *testing.T) {
	wide, narrow := op.NewPacked(16, 4, 4, 1), op.NewPacked(16, 2, 2, 1)
	var buffers []*buffer
	for i, layout := range []op.Planes{wide, {}, wide, wide, narrow, {}, wide, narrow} {
		size := roundUp(max(wide.Size(), layout.Size()))
		buffers = append(buffers, &buffer{size: size, first: i, last: i + 1, bordered: layout})
	}
	if total, want := placeBordered(buffers), 4*buffers[0].size; total != want {
		t.Errorf("%d floats, want %d for two wide maps, a narrow one and the others", total, want)
	}
	for i, a := range buffers {
		for k, b := range buffers[:i] {
			same := a.bordered == b.bordered
			if apart := a.offset >= b.offset+b.size || b.offset >= a.offset+a.size; !apart && (!same || a.offset != b.offset || k == i-1) {
				t.Errorf("buffers %d and %d share memory: %+v, %+v", k, i, *b, *a)
			}
		}
	}
}

// Training holds a value of every layer until the backward pass. Planning that for a very deep
// network takes a moment, not the square of its depth.
func TestPlaceTakesManyBuffers(t *testing.T) {
	const n = 200_000
	buffers := make([]*buffer, 0, 2*n)
	for i := range n {
		buffers = append(buffers, &buffer{size: 64, first: i, last: 2*n - i})
		buffers = append(buffers, &buffer{size: 32, first: 2*n - i, last: 2*n - i + 1})
	}
	start := time.Now()
	if total := place(buffers); total > 64*n+64 {
		t.Errorf("%d floats, want at most %d", total, 64*n+64)
	}
	if took := time.Since(start); took > 20*time.Second {
		t.Errorf("it took %v", took)
	}
}
