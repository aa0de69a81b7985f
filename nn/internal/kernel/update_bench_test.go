package kernel

import (
	"math/rand/v2"
	"testing"
)

// benchUpdate measures a step on as many parameters as the study's dense layer has.
func benchUpdate(b *testing.B, step func(w, g, m, v []float32)) {
	const params = 25920
	for _, backend := range realBackends() {
		b.Run(backend, func(b *testing.B) {
			restore, err := Use(backend)
			if err != nil {
				b.Fatal(err)
			}
			defer restore()
			rng := rand.New(rand.NewPCG(1, 2))
			w, g, m, v := random(rng, params), random(rng, params), make([]float32, params), make([]float32, params)
			for b.Loop() {
				step(w, g, m, v)
			}
			b.ReportMetric(float64(params)*float64(b.N)/b.Elapsed().Seconds()/1e6, "Mparams/s")
		})
	}
}

func BenchmarkAdam(b *testing.B) {
	rates := AdamRates{0.1, 0.001, 1e-6, 0.9, 1e-8}
	benchUpdate(b, func(w, g, m, v []float32) { Adam(w, g, m, v, rates) })
}

func BenchmarkSGD(b *testing.B) {
	benchUpdate(b, func(w, g, _, _ []float32) { SGD(w, g, 1e-6) })
}

func BenchmarkSGDPyTorch(b *testing.B) {
	benchUpdate(b, func(w, g, m, _ []float32) { SGDPyTorch(w, g, m, SGDRates{1e-6, 0.9, true}) })
}

func BenchmarkSGDKeras(b *testing.B) {
	benchUpdate(b, func(w, g, m, _ []float32) { SGDKeras(w, g, m, SGDRates{1e-6, 0.9, true}) })
}
