package kernel

import (
	"fmt"
	"math/rand/v2"
	"testing"
)

// farValues are arguments whose exponentials underflow, or whose squares do. An operation
// that gives or takes a denormal number costs more than a hundred cycles: where a function's
// value is none, no operation on the way to it should.
var farValues = []float32{-1000, -120, -95, -20, -1e-20, 1e-20, 20, 95, 120, 1000}

// BenchmarkFar measures functions of equal values, each far from or very near to 0.
func BenchmarkFar(b *testing.B) {
	x, one := make([]float32, 100*Lanes), []float32{1}
	dy := random(rand.New(rand.NewPCG(1, 2)), len(x))
	for _, v := range farValues {
		for i := range x {
			x[i] = v
		}
		bench := func(name string, forward func(y, x, a []float32), backward func(dx, dy, x, a, da []float32)) {
			b.Run(fmt.Sprintf("%s/%g/forward", name, v), func(b *testing.B) {
				benchActAt(b, x, dy, one, func(y, _, x, a []float32) { forward(y, x, a) })
			})
			b.Run(fmt.Sprintf("%s/%g/backward", name, v), func(b *testing.B) {
				benchActAt(b, x, dy, one, func(y, dy, x, a []float32) { backward(y, dy, x, a, nil) })
			})
		}
		for i, row := range formulas {
			f := Formula(i)
			bench(row.name, f.Forward, f.Backward)
		}
		bench("swish", SwishForward, SwishBackward)
		bench("swish-learned", SwishForward, func(dx, dy, x, _, _ []float32) {
			SwishBackward(dx, dy, x, []float32{0.75}, []float32{0})
		})
	}
}
