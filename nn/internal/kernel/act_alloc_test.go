//go:build !race

package kernel

import "testing"

// With the race detector sync.Pool drops what it is given now and then, on purpose.

func TestActivationsMakeNoGarbage(t *testing.T) {
	x, a, da := make([]float32, 64*Lanes), make([]float32, 64), make([]float32, 64)
	mish := FormulaOf("mish")
	eachBackend(t, "slope and mish", func(t *testing.T) {
		allocs := testing.AllocsPerRun(20, func() {
			SlopeForward(x, x, a)
			SlopeBackward(x, x, x, a, da)
			SlopeBackward(nil, x, x, a, da)
			mish.Forward(x, x, nil)
			mish.Backward(x, x, x, nil, nil)
		})
		if allocs > 0 {
			t.Errorf("%g allocations", allocs)
		}
	})
}
