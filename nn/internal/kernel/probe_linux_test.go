package kernel

import "testing"

// The probes touch only what is theirs.
func TestProbesStayInTheirMemory(t *testing.T) {
	eachBackend(t, "", func(t *testing.T) {
		p := active.prober
		for name, run := range map[string]func(y, x, w []float32, rounds int){"peak": p.peak, "tile": p.tile} {
			for seed, place := range placements() {
				err := guard(place, uint64(seed), func(m *memory) {
					run(m.out(p.sums*p.floats), m.in(p.pixels()), m.in(probeWeights), 3)
				})
				if err != nil {
					t.Errorf("%s, %s: %v", name, place.name, err)
				}
			}
		}
	})
}
