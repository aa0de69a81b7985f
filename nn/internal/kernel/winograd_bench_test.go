package kernel

import (
	"math/rand/v2"
	"testing"
)

// fastConvs are the 3×3 layers of the presets resnet20 and vgg8.
var fastConvs = []struct {
	name string
	Conv
}{
	{"16at32", square(16, 16, 32, 3, 1)},
	{"32at16", square(32, 32, 16, 3, 1)},
	{"64at8", square(64, 64, 8, 3, 1)},
	{"32at32", square(32, 32, 32, 3, 1)},
	{"32to64at16", square(32, 64, 16, 3, 1)},
	{"64at16", square(64, 64, 16, 3, 1)},
	{"64to128at8", square(64, 128, 8, 3, 1)},
	{"128at8", square(128, 128, 8, 3, 1)},
}

// BenchmarkConvFast runs each convolution plainly and fast, forward and back. The speed is that of the
// plain sum's operations.
func BenchmarkConvFast(b *testing.B) {
	for _, bench := range fastConvs {
		c := bench.Plan()
		products := 0
		c.eachProduct(func(y, x, w int) { products++ })
		run := func(name string, prepare func(x, y, w, bias []float32) func()) {
			eachBackendBench(b, bench.name+"/"+name, 2*Lanes*products, func(rng *rand.Rand) func() {
				return prepare(alignedRandom(rng, c.inputs()), alignedRandom(rng, c.outputs()), random(rng, c.numWeights()), random(rng, c.Out))
			})
		}
		transformed := func(f *FastConv, w []float32) []float32 {
			u := Aligned(f.Weights())
			FastWeights(u, w, nil, f)
			return u
		}
		run("plain", func(x, y, w, bias []float32) func() {
			return func() { ConvForward(y, x, w, bias, c) }
		})
		run("fast", func(x, y, w, bias []float32) func() {
			f := c.Fast()
			u := transformed(f, w)
			return func() { ConvFast(y, x, u, bias, nil, f) }
		})
		run("plainInputGrad", func(x, y, w, _ []float32) func() {
			return func() { ConvInputGrad(x, y, w, c) }
		})
		run("fastInputGrad", func(x, y, w, _ []float32) func() {
			f := c.FastInputGrad()
			u := transformed(f, w)
			return func() { ConvFast(x, y, u, nil, nil, f) }
		})
	}
}

func alignedRandom(rng *rand.Rand, n int) []float32 {
	v := Aligned(n)
	copy(v, random(rng, n))
	return v
}

// BenchmarkFastWeights counts one operation a transformed weight.
func BenchmarkFastWeights(b *testing.B) {
	c := square(64, 64, 8, 3, 1)
	f := c.Plan().Fast()
	u, w := make([]float32, f.Weights()), random(rand.New(rand.NewPCG(1, 2)), c.numWeights())
	for b.Loop() {
		FastWeights(u, w, nil, f)
	}
	b.ReportMetric(float64(len(u))*float64(b.N)/b.Elapsed().Seconds()/1e9, "weights/ns")
}
