package kernel

import (
	"math"
	"testing"
)

// A probe computes what its comment says, so the operations that it counts were done.
func TestProbesComputeTheirSums(t *testing.T) {
	eachBackend(t, "", func(t *testing.T) {
		p := active.prober
		const rounds = 5
		vectors := p.sums / 4
		_, x, _ := p.operands()
		w := []float32{1, 2, 3, 4, 5, 6, 7, 8}
		y := garbage(p.sums * p.floats)
		p.peak(y, x, w, rounds)
		for i, got := range y {
			want := rounds * float64(x[i%p.floats]) * (1 + 2)
			if !near(got, want) {
				t.Fatalf("peak: y[%d] = %v, want %v", i, got, want)
			}
		}
		y = garbage(p.sums * p.floats)
		p.tile(y, x, w, rounds)
		for i, got := range y {
			l, v, o := i%p.floats, i/p.floats%vectors, i/p.floats/vectors
			want := 0.0
			for k := range 2 {
				want += rounds * float64(w[4*k+o]) * float64(x[(k+v)*p.floats+l])
			}
			if !near(got, want) {
				t.Fatalf("tile: y[%d] = %v, want %v", i, got, want)
			}
		}
	})
}

func near(got float32, want float64) bool { return math.Abs(float64(got)-want) <= 1e-5*math.Abs(want) }

// The count of operations is that of the loop: two multiply-adds a round and sum, of
// two operations each.
func TestProbesCountTheirOperations(t *testing.T) {
	for _, c := range []struct{ sums, floats, rounds, want int }{{8, 1, 1, 32}, {12, 8, 10, 3840}, {24, 16, 3, 4608}} {
		if got := (&prober{sums: c.sums, floats: c.floats}).flops(c.rounds); got != c.want {
			t.Errorf("%+v: %d operations", c, got)
		}
	}
	eachBackend(t, "", func(t *testing.T) {
		for _, which := range []Probe{Peak, Tile} {
			if flops := Prober(which)(); flops <= 0 || flops%32 != 0 {
				t.Errorf("probe %d: %d operations", which, flops)
			}
		}
	})
}
