package kernel

import (
	"math/rand/v2"
	"slices"
	"testing"
)

// Weights of four channels are interleaved for rows that follow one another, as those of a forward
// pass, and for rows apart, as those of a backward pass.
func TestInterleave(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 1))
	kernels := map[string]func(*transposeArgs){"Go": nil, "fake": fakeInterleave}
	for _, s := range detectISAs() {
		kernels[s.name] = s.interleave
	}
	for name, kernel := range kernels {
		for _, c := range []struct{ n, cols, apart int }{
			{1, 1, 0}, {1, 9, 0}, {5, 9, 0}, {7, 1, 0}, {16, 9, 3}, {3, 25, 1}, {40, 1, 2}, {2, 8, 5}, {3000, 9, 0}, {1100, 8, 1},
		} {
			fromT := c.cols + c.apart
			fromRow := c.n*fromT + 5
			from := random(rng, 4*fromRow)
			got, want := garbage(4*c.n*c.cols), make([]float32, 4*c.n*c.cols)
			for i := range want {
				at, r := i/4, i%4
				want[i] = from[at/c.cols*fromT+r*fromRow+at%c.cols]
			}
			interleaveBy(kernel)(got, from, c.n, c.cols, fromT, fromRow)
			if !slices.Equal(got, want) {
				t.Errorf("%s: %+v: other order", name, c)
			}
		}
	}
}
