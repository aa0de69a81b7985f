package activation

import "github.com/gonn-toolkit/gonn/nn/internal/kernel"

// forward64 gives the loop y = f(x; a) of a function that is computed in float64, so that
// it is right to the last bit of float32. a is the fixed parameter, 0 if there is none.
func forward64(f func(x, a float64) float64) func(y, x, a []float32) {
	return kernel.Forward64(f)
}

// backward64 gives the loop dx = dy·d(x; a) for the derivative d of such a function.
func backward64(d func(x, a float64) float64) func(dx, dy, x, a, da []float32) {
	loop := kernel.Backward64(d)
	return func(dx, dy, x, a, _ []float32) { loop(dx, dy, x, a) }
}
