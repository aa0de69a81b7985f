package kernel

import (
	"fmt"
	"math/rand/v2"
	"testing"
)

// BenchmarkSoftmax measures a whole softmax of 16 samples.
func BenchmarkSoftmax(b *testing.B) {
	for _, k := range []int{10, 1000} {
		for _, backend := range realBackends() {
			b.Run(fmt.Sprintf("%d/%s", k, backend), func(b *testing.B) {
				restore, err := Use(backend)
				if err != nil {
					b.Fatal(err)
				}
				defer restore()
				x := random(rand.New(rand.NewPCG(1, 2)), k*Lanes)
				y := make([]float32, len(x))
				for b.Loop() {
					_, rest := SoftmaxExp(y, x)
					var by [Lanes]float32
					for l, r := range rest {
						by[l] = float32(1 / (1 + r))
					}
					ScaleLanes(y, by)
				}
				b.ReportMetric(float64(len(x))*float64(b.N)/b.Elapsed().Seconds()/1e6, "Mvalues/s")
			})
		}
	}
}
