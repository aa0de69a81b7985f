package kernel

// The probes measure what the machine can do: multiply-adds on registers alone, and the
// same with the loads of a convolution's innermost loop. A kernel slower than the first but
// as fast as the second waits for its loads. What slows both down lies outside the kernel.

// prober is the pair of probes of one instruction set. A round is two multiply-adds on
// each of the sums.
type prober struct {
	sums, floats int // floats in each
	peak, tile   func(y, x, w []float32, rounds int)
}

// Probe names one of the two.
type Probe int

const (
	Peak Probe = iota // registers alone
	Tile              // with the loads of a tile of a convolution
)

// Prober returns a function that runs a probe of the backend in use for some tens of
// microseconds and returns the number of floating-point operations that it took. The
// function is for one goroutine.
func Prober(which Probe) func() (flops int) {
	p := active.prober
	run := p.peak
	if which == Tile {
		run = p.tile
	}
	y, x, w := p.operands()
	// 3,000 rounds of 24 multiply-adds, at two a clock, are 36,000 clocks.
	const vectorRounds = 3000
	rounds := vectorRounds
	if p.floats == 1 {
		rounds /= 2 // scalars take longer
	}
	return func() int {
		run(y, x, w, rounds)
		return p.flops(rounds)
	}
}

func (p *prober) flops(rounds int) int { return 2 * 2 * p.sums * p.floats * rounds }

// probeWeights are those of two taps.
const probeWeights = 8

// pixels are the floats that two taps read: a tile's vectors and one more.
func (p *prober) pixels() int { return (p.sums/4 + 1) * p.floats }

// operands are small numbers whose products cancel.
func (p *prober) operands() (y, x, w []float32) {
	y, x = make([]float32, p.sums*p.floats), make([]float32, p.pixels())
	for i := range x {
		x[i] = 1 / float32(i+3)
	}
	return y, x, []float32{0.75, -0.75, 0.5, -0.5, -0.75, 0.75, -0.5, 0.5}
}

// goProber has as many sums as stay in registers.
var goProber = prober{8, 1, peakGo, tileGo}

func peakGo(y, x, w []float32, rounds int) {
	var s0, s1, s2, s3, s4, s5, s6, s7 float32
	x0, w0, w1 := x[0], w[0], w[1]
	for range rounds {
		s0 += x0 * w0
		s1 += x0 * w0
		s2 += x0 * w0
		s3 += x0 * w0
		s4 += x0 * w0
		s5 += x0 * w0
		s6 += x0 * w0
		s7 += x0 * w0
		s0 += x0 * w1
		s1 += x0 * w1
		s2 += x0 * w1
		s3 += x0 * w1
		s4 += x0 * w1
		s5 += x0 * w1
		s6 += x0 * w1
		s7 += x0 * w1
	}
	copy(y, []float32{s0, s1, s2, s3, s4, s5, s6, s7})
}

// tileGo is 4 channels × 2 pixels.
func tileGo(y, x, w []float32, rounds int) {
	var s0, s1, s2, s3, s4, s5, s6, s7 float32
	px, pw := (*[3]float32)(x), (*[8]float32)(w)
	for range rounds {
		s0 += pw[0] * px[0]
		s1 += pw[0] * px[1]
		s2 += pw[1] * px[0]
		s3 += pw[1] * px[1]
		s4 += pw[2] * px[0]
		s5 += pw[2] * px[1]
		s6 += pw[3] * px[0]
		s7 += pw[3] * px[1]
		s0 += pw[4] * px[1]
		s1 += pw[4] * px[2]
		s2 += pw[5] * px[1]
		s3 += pw[5] * px[2]
		s4 += pw[6] * px[1]
		s5 += pw[6] * px[2]
		s6 += pw[7] * px[1]
		s7 += pw[7] * px[2]
	}
	copy(y, []float32{s0, s1, s2, s3, s4, s5, s6, s7})
}
