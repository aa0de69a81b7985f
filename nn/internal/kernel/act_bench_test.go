package kernel

import (
	"fmt"
	"math/rand/v2"
	"testing"
)

// benchAct measures a function on a map of the study, which fits the second-level cache.
func benchAct(b *testing.B, f func(y, dy, x, a []float32)) {
	const pixels = 8 * 22 * 22
	rng := rand.New(rand.NewPCG(1, 2))
	x := random(rng, pixels*Lanes)
	benchActAt(b, x, random(rng, len(x)), random(rng, pixels), f)
}

// benchActAt measures a function of whole pixels x with gradients dy and parameters a.
func benchActAt(b *testing.B, x, dy, a []float32, f func(y, dy, x, a []float32)) {
	for _, backend := range realBackends() {
		b.Run(backend, func(b *testing.B) {
			restore, err := Use(backend)
			if err != nil {
				b.Fatal(err)
			}
			defer restore()
			y := make([]float32, len(x))
			b.SetBytes(int64(4 * len(x)))
			for b.Loop() {
				f(y, dy, x, a)
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(len(x))/float64(b.N), "ns/value")
		})
	}
}

// benchBoth measures a function and its derivative with as many parameters as named.
func benchBoth(b *testing.B, forward func(y, x, a []float32), backward func(dx, dy, x, a, da []float32), params ...string) {
	if params == nil {
		params = []string{"none"}
	}
	for _, p := range params {
		n := map[string]int{"none": 0, "fixed": 1, "one": 1, "pixel": 8 * 22 * 22}[p]
		b.Run(fmt.Sprintf("forward/%s", p), func(b *testing.B) {
			benchAct(b, func(y, _, x, a []float32) { forward(y, x, a[:n]) })
		})
		b.Run(fmt.Sprintf("backward/%s", p), func(b *testing.B) {
			var da []float32
			if p == "one" || p == "pixel" {
				da = make([]float32, n)
			}
			benchAct(b, func(y, dy, x, a []float32) { backward(y, dy, x, a[:n], da) })
		})
	}
}

func BenchmarkSlope(b *testing.B) {
	benchBoth(b, SlopeForward, SlopeBackward, "fixed", "one", "pixel")
}

func BenchmarkSwish(b *testing.B) {
	benchBoth(b, SwishForward, SwishBackward, "fixed", "one", "pixel")
}

func BenchmarkExp(b *testing.B) {
	benchAct(b, func(y, _, x, _ []float32) { Exp(y, x) })
}

func BenchmarkFormula(b *testing.B) {
	for i, row := range formulas {
		f := Formula(i)
		b.Run(row.name+"/forward", func(b *testing.B) {
			benchAct(b, func(y, _, x, a []float32) { f.Forward(y, x, a[:1]) })
		})
		b.Run(row.name+"/backward", func(b *testing.B) {
			benchAct(b, func(y, dy, x, a []float32) { f.Backward(y, dy, x, a[:1], nil) })
		})
	}
}
