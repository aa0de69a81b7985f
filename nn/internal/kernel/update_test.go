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
	for _, n := range updateSizes {
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

func TestSGDEqualsTheGoLoopsToTheBit(t *testing.T) {
	rng := rand.New(rand.NewPCG(17, 18))
	for _, n := range updateSizes {
		w, g, m := random(rng, n), random(rng, n), random(rng, n)
		plain := slices.Clone(w)
		sgdGo(plain, g, 0.01)
		eachBackend(t, fmt.Sprint(n), func(t *testing.T) {
			w := slices.Clone(w)
			SGD(w, g, 0.01)
			if !slices.Equal(w, plain) {
				t.Error("SGD differs")
			}
		})
		for _, nesterov := range []bool{false, true} {
			rates := SGDRates{0.01, 0.9, nesterov}
			for _, f := range []struct {
				name     string
				run, ref func(w, g, m []float32, c SGDRates)
			}{{"SGDPyTorch", SGDPyTorch, sgdPyTorchGo}, {"SGDKeras", SGDKeras, sgdKerasGo}} {
				w2, m2 := slices.Clone(w), slices.Clone(m)
				f.ref(w2, g, m2, rates)
				eachBackend(t, fmt.Sprint(f.name, n, nesterov), func(t *testing.T) {
					w, m := slices.Clone(w), slices.Clone(m)
					f.run(w, g, m, rates)
					if !slices.Equal(w, w2) || !slices.Equal(m, m2) {
						t.Error("differs")
					}
				})
			}
		}
	}
}

// updateSizes: the last is more than one call of a kernel takes.
var updateSizes = []int{0, 1, 7, 8, 9, 15, 16, 17, 31, 33, 1000, 1<<15 + 21}
