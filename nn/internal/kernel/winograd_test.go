package kernel

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"
)

// randomFast draws a convolution that ConvFast takes.
func randomFast(rng *rand.Rand) *Conv {
	for {
		c := Conv{
			In: 1 + rng.IntN(12), Out: 1 + rng.IntN(12), H: 1 + rng.IntN(9), W: 1 + rng.IntN(9),
			KH: 3, KW: 3, PadTop: rng.IntN(3), PadLeft: rng.IntN(3),
		}.withDefaults()
		switch rng.IntN(8) {
		case 0: // several chunks of tiles
			c.W = 12 + rng.IntN(40)
		case 1: // blocks of channels
			c.Out = fastOuts + 1 + rng.IntN(9)
		case 2: // several calls of a stage
			c.In, c.H, c.W = 180, 2, 9
		}
		c.OH, c.OW = c.H+c.PadTop-2+rng.IntN(3), c.W+c.PadLeft-2+rng.IntN(3)
		if min(c.OH, c.OW) >= 1 {
			return c.Plan()
		}
	}
}

// fastBound bounds the error of ConvFast, in units of 2⁻²⁴ times the rms of its results. It grows as
// the root of the number of terms.
func fastBound(terms int) float64 { return 40 * math.Sqrt(float64(terms)) }

func TestConvFastEqualsPlainLoops(t *testing.T) {
	rng := rand.New(rand.NewPCG(31, 32))
	for i := range 40 {
		c := randomFast(rng)
		x, dy := random(rng, c.inputs()), random(rng, c.outputs())
		w, b, add := random(rng, c.numWeights()), random(rng, c.Out), random(rng, c.outputs())
		if i%4 == 0 {
			b = nil
		}
		if i%3 == 0 {
			add = nil
		}
		y, dx := fastReference(c, x, dy, w, b)
		for i, v := range add {
			y[i] += float64(v)
		}
		relu := i%2 == 0
		if relu {
			for i, v := range y {
				y[i] = max(v, 0)
			}
		}
		eachBackend(t, fmt.Sprintf("%d: %d→%d channels, %d×%d to %d×%d", i, c.In, c.Out, c.H, c.W, c.OH, c.OW), func(t *testing.T) {
			f := c.fast()
			f.Relu = relu
			checkFast(t, "y", f, y, x, w, b, add, 9*c.In)
			checkFast(t, "dx", c.fastInputGrad(), dx, dy, w, nil, nil, 9*c.Out)
		})
	}
}

// fastReference computes both directions in float64.
func fastReference(c *Conv, x, dy, w, b []float32) (y, dx []float64) {
	y, dx = make([]float64, c.outputs()), make([]float64, c.inputs())
	if b != nil {
		for i := range y {
			y[i] = float64(b[i/(c.OH*c.OW*Lanes)])
		}
	}
	c.eachProduct(func(o, i, k int) {
		weight := float64(w[k])
		for l := range Lanes {
			y[o*Lanes+l] += weight * float64(x[i*Lanes+l])
			dx[i*Lanes+l] += weight * float64(dy[o*Lanes+l])
		}
	})
	return y, dx
}

func checkFast(t *testing.T, what string, f *FastConv, want []float64, x, w, b, add []float32, terms int) {
	t.Helper()
	u, y := make([]float32, f.Weights()), make([]float32, len(want))
	for i := range y {
		y[i] = float32(math.NaN())
	}
	FastWeights(u, w, nil, f)
	ConvFast(y, x, u, b, add, f)
	worst := errorOf(y, want).worst * (1 << 24)
	if !(worst <= fastBound(terms)) {
		t.Errorf("%s is off by %.0f units of its rms, with a bound of %.0f", what, worst, fastBound(terms))
	}
}

// The output may be what is added to, and weights may have scales.
func TestConvFastInPlaceWithScales(t *testing.T) {
	rng := rand.New(rand.NewPCG(35, 36))
	for range 10 {
		c := randomFast(rng)
		x, w, scale, add := random(rng, c.inputs()), random(rng, c.numWeights()), random(rng, c.Out), random(rng, c.outputs())
		scaled := slices.Clone(w)
		for i := range scaled {
			scaled[i] *= scale[i/(9*c.In)]
		}
		eachBackend(t, "", func(t *testing.T) {
			f := c.fast()
			u, v := make([]float32, f.Weights()), make([]float32, f.Weights())
			FastWeights(u, w, scale, f)
			FastWeights(v, scaled, nil, f)
			want, y := make([]float32, c.outputs()), slices.Clone(add)
			ConvFast(want, x, v, nil, add, f)
			ConvFast(y, x, u, nil, y, f)
			exact := make([]float64, len(want))
			for i, v := range want {
				exact[i] = float64(v)
			}
			if worst := errorOf(y, exact).worst * (1 << 24); !(worst <= fastBound(9*c.In)) {
				t.Errorf("off by %.0f units", worst)
			}
		})
	}
}

// errors are relative to the rms of what is right.
type errors struct{ rms, worst float64 }

func errorOf(got []float32, want []float64) errors {
	var sum, squares, worst float64
	for i, v := range got {
		d := math.Abs(float64(v) - want[i])
		if !(d <= worst) { // NaN too
			worst = d
		}
		sum += d * d
		squares += want[i] * want[i]
	}
	return errors{math.Sqrt(sum / squares), worst / math.Sqrt(squares/float64(len(want)))}
}

// The points are chosen so that errors stay near those of plain sums: on what ReLU leaves, and
// on gradients of any sign.
func TestConvFastIsNearlyAsExactAsPlainSums(t *testing.T) {
	rng := rand.New(rand.NewPCG(37, 38))
	for _, channels := range []int{16, 48} {
		shape := square(channels, channels, 6, 3, 1)
		c := shape.Plan()
		x, dy, w := random(rng, c.inputs()), random(rng, c.outputs()), random(rng, c.numWeights())
		for i, v := range x {
			x[i] = max(v, 0)
		}
		exactY, exactDX := fastReference(c, x, dy, w, nil)
		f, back := c.fast(), c.fastInputGrad()
		eachBackend(t, fmt.Sprint(channels), func(t *testing.T) {
			u, y, dx := make([]float32, f.Weights()), make([]float32, len(exactY)), make([]float32, len(exactDX))
			ConvForward(y, x, w, nil, c)
			ConvInputGrad(dx, dy, w, c)
			plainY, plainDX := errorOf(y, exactY), errorOf(dx, exactDX)
			FastWeights(u, w, nil, f)
			ConvFast(y, x, u, nil, nil, f)
			FastWeights(u, w, nil, back)
			ConvFast(dx, dy, u, nil, nil, back)
			for what, e := range map[string][2]errors{"y": {errorOf(y, exactY), plainY}, "dx": {errorOf(dx, exactDX), plainDX}} {
				fast, plain := e[0], e[1]
				t.Logf("%s: %.1e rms, at most %.1e; of plain sums %.1e and %.1e", what, fast.rms, fast.worst, plain.rms, plain.worst)
				if !(fast.rms <= 5*plain.rms) || !(fast.worst <= 6*plain.worst) {
					t.Errorf("%s is off by %.1e rms and at most %.1e, plain sums by %.1e and %.1e", what, fast.rms, fast.worst, plain.rms, plain.worst)
				}
			}
		})
	}
}

func TestConvFastPartsGiveTheBitsOfTheWhole(t *testing.T) {
	rng := rand.New(rand.NewPCG(33, 34))
	for i := range 20 {
		c := randomFast(rng)
		x, w, b := random(rng, c.inputs()), random(rng, c.numWeights()), random(rng, c.Out)
		eachBackend(t, fmt.Sprint(i), func(t *testing.T) {
			f := c.fast()
			u := make([]float32, f.Weights())
			FastWeights(u, w, nil, f)
			whole := make([]float32, c.outputs())
			ConvFast(whole, x, u, b, nil, f)
			for _, n := range []int{2, 3, 8} {
				y := make([]float32, c.outputs())
				for i := range y {
					y[i] = float32(math.NaN())
				}
				for i := range n {
					ConvFast(y, x, u, b, nil, f.Part(i, n))
				}
				if !slices.Equal(y, whole) {
					t.Fatalf("%d shares give other bits", n)
				}
			}
		})
	}
}

// The algorithm is not for other convolutions.
func TestFastConvIsFor3x3Alone(t *testing.T) {
	plain := square(16, 16, 8, 3, 1)
	if plain.Plan().Fast() == nil || plain.Plan().FastInputGrad() == nil {
		t.Error("no plan for 3×3")
	}
	for name, change := range map[string]func(c *Conv){
		"kernel":   func(c *Conv) { c.KW, c.PadLeft = 5, 2 },
		"stride":   func(c *Conv) { c.StrideH, c.OH = 2, 4 },
		"dilation": func(c *Conv) { c.DilationW, c.PadLeft = 2, 2 },
		"groups":   func(c *Conv) { c.Groups = 2 },
		"channels": func(c *Conv) { c.In = 3 },
		"padding":  func(c *Conv) { c.PadTop, c.OH = 3, 10 },
	} {
		c := plain
		change(&c)
		if c.Plan().Fast() != nil || c.Plan().FastInputGrad() != nil {
			t.Errorf("a plan in spite of %s", name)
		}
	}
}
