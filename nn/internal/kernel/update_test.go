package kernel

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"
)

// Adding and updating are single rounded operations: every backend gives the bits of
// the Go loop.
func TestUpdatesEqualTheGoLoopsToTheBit(t *testing.T) {
	rng := rand.New(rand.NewPCG(15, 16))
	rates := AdamRates{0.1, 0.001, 0.01, 0.9, 1e-8}
	for _, n := range []int{0, 1, 7, 8, 9, 15, 16, 17, 31, 33, 1000, updateFloatsAtLeast + 21} {
		w, g, m, v := random(rng, n), random(rng, n), random(rng, n), random(rng, n)
		for i := range v {
			v[i] = float32(math.Abs(float64(v[i])))
			if i%5 == 0 { // a parameter that has never had a gradient
				g[i], m[i], v[i] = 0, 0, 0
			}
		}
		sum := slices.Clone(w)
		addGo(sum, g)
		w2, m2, v2 := slices.Clone(w), slices.Clone(m), slices.Clone(v)
		adamGo(w2, g, m2, v2, rates)
		eachBackend(t, fmt.Sprint(n), func(t *testing.T) {
			y := slices.Clone(w)
			Add(y, g)
			if !slices.Equal(y, sum) {
				t.Error("Add differs")
			}
			w, m, v := slices.Clone(w), slices.Clone(m), slices.Clone(v)
			Adam(w, g, m, v, rates)
			if !slices.Equal(w, w2) || !slices.Equal(m, m2) || !slices.Equal(v, v2) {
				t.Error("Adam differs")
			}
		})
	}
}

// updateFloatsAtLeast is more than one call of a kernel takes.
const updateFloatsAtLeast = 1 << 15
