//go:build !race

package kernel

import (
	"math/rand/v2"
	"testing"
)

// Calls over packed maps take no memory from the heap.
func TestPackedCallsDoNotAllocate(t *testing.T) {
	rng := rand.New(rand.NewPCG(61, 62))
	p := newPackedCase(PackedConv{In: 20, Out: 20, OH: 6, OW: 6, KH: 3, KW: 3, StrideH: 1, StrideW: 1, DilationH: 1, DilationW: 1}, false, 6, 6, 1, 1)
	x, y, w := p.maps.fill(rng), make([]float32, p.out.size()), make([]float32, p.Weights())
	halve := Pool{H: 6, W: 6, OH: 3, OW: 3, KH: 2, KW: 2, StrideH: 2, StrideW: 2, DilationH: 1, DilationW: 1}.Plan()
	m, out := p.maps.maps(), PackedMaps{C: 20, H: 3, W: 3}
	pool := &PackedPool{halve, m.Row(), m.Block(), out.Row(), out.Block()}
	rows, blocks, planes := Range{0, 6}, Range{0, 2}, make([]float32, 20*36)
	eachBackend(t, "", func(t *testing.T) {
		for name, call := range map[string]func(){
			"ConvPacked":        func() { ConvPacked(y[m.At(0, 0):], x, w, nil, nil, &p.PackedConv, rows, blocks) },
			"DepthwisePacked":   func() { DepthwisePacked(y[m.At(0, 0):], x, w, nil, &p.PackedConv, rows, blocks) },
			"MaxPoolPacked":     func() { MaxPoolPacked(y, x[m.At(0, 0):], pool, Range{0, 3}, blocks) },
			"AveragePoolPacked": func() { AveragePoolPacked(y, x[m.At(0, 0):], pool, nil, Range{0, 3}, blocks) },
			"PackMaps":          func() { PackMaps(y, planes, 36, &m, blocks) },
			"UnpackMaps":        func() { UnpackMaps(planes, x, 36, &m, blocks) },
		} {
			if n := testing.AllocsPerRun(20, call); n > 0 {
				t.Errorf("%s: %g allocations a call", name, n)
			}
		}
	})
}
