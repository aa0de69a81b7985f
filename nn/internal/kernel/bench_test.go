package kernel

import (
	"fmt"
	"math/rand/v2"
	"testing"
)

// square is a convolution with square maps and kernel.
func square(in, out, side, size, pad int) Conv {
	o := side + 2*pad - size + 1
	return Conv{
		In: in, Out: out, H: side, W: side, OH: o, OW: o, KH: size, KW: size,
		StrideH: 1, StrideW: 1, DilationH: 1, DilationW: 1, PadTop: pad, PadLeft: pad, Groups: 1,
	}
}

// benchConvs are the study's and some of other networks.
var benchConvs = []struct {
	name string
	Conv
}{
	{"study1", square(1, 8, 28, 7, 0)},
	{"study2", square(8, 8, 22, 5, 0)},
	{"3x3x16", square(16, 16, 32, 3, 1)},
	{"3x3x64", square(64, 64, 16, 3, 1)},
	{"3x3x256", square(256, 256, 8, 3, 1)},
	{"1x1x16", square(16, 16, 32, 1, 0)},
	{"1x1x64", square(64, 64, 16, 1, 0)},
	{"1x1x256", square(256, 256, 8, 1, 0)},
}

// benchConv runs one direction of every convolution on every backend.
func benchConv(b *testing.B, run func(x, y, w, bias []float32, c *Conv)) {
	for _, bench := range benchConvs {
		c := bench.Plan()
		products := 0
		c.eachProduct(func(y, x, w int) { products++ })
		eachBackendBench(b, bench.name, 2*Lanes*products, func(rng *rand.Rand) func() {
			x, y := random(rng, c.In*c.H*c.W*Lanes), random(rng, c.Out*c.OH*c.OW*Lanes)
			w, bias := random(rng, c.Out*c.In*c.KH*c.KW), random(rng, c.Out)
			return func() { run(x, y, w, bias, c) }
		})
	}
}

// eachBackendBench reports the speed of a call of so many FLOPs.
func eachBackendBench(b *testing.B, name string, flops int, prepare func(rng *rand.Rand) func()) {
	for _, backend := range realBackends() {
		b.Run(fmt.Sprintf("%s/%s", name, backend), func(b *testing.B) {
			restore, err := Use(backend)
			if err != nil {
				b.Fatal(err)
			}
			defer restore()
			call := prepare(rand.New(rand.NewPCG(1, 2)))
			for b.Loop() {
				call()
			}
			b.ReportMetric(float64(flops)*float64(b.N)/b.Elapsed().Seconds()/1e9, "GFLOP/s")
		})
	}
}

func BenchmarkConvForward(b *testing.B) {
	benchConv(b, func(x, y, w, bias []float32, c *Conv) { ConvForward(y, x, w, bias, c) })
}

func BenchmarkConvInputGrad(b *testing.B) {
	benchConv(b, func(x, y, w, _ []float32, c *Conv) { ConvInputGrad(x, y, w, c) })
}

func BenchmarkConvWeightGrad(b *testing.B) {
	benchConv(b, func(x, y, w, bias []float32, c *Conv) { ConvWeightGrad(w, bias, y, x, c) })
}

// benchDense runs one direction of the study's dense layer on every backend.
func benchDense(b *testing.B, run func(x, y, w, bias []float32, d *Dense)) {
	d := NewDense(2592, 10)
	eachBackendBench(b, "study", 2*Lanes*d.In*d.Out, func(rng *rand.Rand) func() {
		x, y, w, bias := random(rng, d.In*Lanes), random(rng, d.Out*Lanes), random(rng, d.In*d.Out), random(rng, d.Out)
		return func() { run(x, y, w, bias, d) }
	})
}

func BenchmarkDenseForward(b *testing.B) {
	benchDense(b, func(x, y, w, bias []float32, d *Dense) { DenseForward(y, x, w, bias, d) })
}

func BenchmarkDenseInputGrad(b *testing.B) {
	benchDense(b, func(x, y, w, _ []float32, d *Dense) { DenseInputGrad(x, y, w, d) })
}

func BenchmarkDenseWeightGrad(b *testing.B) {
	benchDense(b, func(x, y, w, bias []float32, d *Dense) { DenseWeightGrad(w, bias, y, x, d) })
}

// The probes are what the others are held against.
func BenchmarkPeak(b *testing.B) { benchProbe(b, Peak) }

func BenchmarkTile(b *testing.B) { benchProbe(b, Tile) }

func benchProbe(b *testing.B, which Probe) {
	for _, backend := range realBackends() {
		b.Run(backend, func(b *testing.B) {
			restore, err := Use(backend)
			if err != nil {
				b.Fatal(err)
			}
			defer restore()
			run, flops := Prober(which), 0
			for b.Loop() {
				flops += run()
			}
			b.ReportMetric(float64(flops)/b.Elapsed().Seconds()/1e9, "GFLOP/s")
		})
	}
}
