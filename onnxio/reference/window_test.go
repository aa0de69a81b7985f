package reference

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
)

// TestWalk compares the pairs of outputs and taps that walk visits with those that their
// positions say, for windows of one to three axes.
func TestWalk(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	upTo := func(n, low, high int) []int {
		v := make([]int, n)
		for i := range v {
			v[i] = low + r.IntN(high-low+1)
		}
		return v
	}
	for range 300 {
		n := 1 + r.IntN(3)
		w := &window{in: upTo(n, 1, 5), kernel: upTo(n, 1, 4), stride: upTo(n, 1, 3), dilation: upTo(n, 1, 3), pad: upTo(n, -1, 3), out: upTo(n, 1, 4)}
		var got, want []string
		w.walk(func(tap, o, i, count int) {
			for j := range count {
				got = append(got, fmt.Sprint(o+j, tap, i+j*w.stride[n-1]))
			}
		})
		for o := range product(w.out) {
			for tap := range product(w.kernel) {
				if i, ok := w.input(tap, o); ok {
					want = append(want, fmt.Sprint(o, tap, i))
				}
			}
		}
		last := map[string]int{} // the last tap of an output
		for _, pair := range got {
			var o string
			var tap int
			fmt.Sscan(pair, &o, &tap)
			if tap < last[o] {
				t.Fatalf("%+v: tap %d of output %s comes after tap %d", *w, tap, o, last[o])
			}
			last[o] = tap
		}
		slices.Sort(got)
		slices.Sort(want)
		if !slices.Equal(got, want) {
			t.Fatalf("%+v: visited %v, want %v", *w, got, want)
		}
	}
}

// input is the index of the input at which a tap meets an output, if there is one.
func (w *window) input(tap, o int) (int, bool) {
	at := 0
	for axis, size := range w.in {
		p := w.place(axis, tap, o)
		if p < 0 || p >= size {
			return 0, false
		}
		at = at*size + p
	}
	return at, true
}
