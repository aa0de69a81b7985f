//go:build !race

package kernel

import "testing"

// With the race detector sync.Pool drops what it is given now and then, on purpose.

func TestSoftmaxMakesNoGarbage(t *testing.T) {
	x := make([]float32, 70*Lanes)
	eachBackend(t, "softmax", func(t *testing.T) {
		allocs := testing.AllocsPerRun(20, func() {
			SoftmaxExp(nil, x)
			SoftmaxExp(x, x)
			ScaleLanes(x, [Lanes]float32{1})
		})
		if allocs > 0 {
			t.Errorf("%g allocations", allocs)
		}
	})
}
