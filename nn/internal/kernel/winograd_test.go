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
			In: 8 + rng.IntN(9), Out: 8 + rng.IntN(9), H: 2 + rng.IntN(12), W: 2 + rng.IntN(12),
			PadTop: rng.IntN(3), PadLeft: rng.IntN(3),
		}.withDefaults()
		c.KH, c.KW = 3, 3
		if rng.IntN(8) == 0 { // several chunks of tiles, blocks of channels
			c.In, c.Out, c.W = 8+rng.IntN(60), 32+rng.IntN(10), 12+rng.IntN(40)
		}
		c.OH, c.OW = c.H+c.PadTop-2+rng.IntN(3), c.W+c.PadLeft-2+rng.IntN(3)
		if min(c.OH, c.OW) >= 3 {
			return c.Plan()
		}
	}
}

// fastBound bounds the error of ConvFast, in units of the rms of its results times 2⁻²⁴: it grows as
// the root of the number of terms.
func fastBound(terms int) float64 { return 40 * math.Sqrt(float64(terms)) }

func TestConvFastEqualsPlainLoops(t *testing.T) {
	rng := rand.New(rand.NewPCG(31, 32))
	for i := range 60 {
		c := randomFast(rng)
		x, dy := random(rng, c.inputs()), random(rng, c.outputs())
		w, b := random(rng, c.numWeights()), random(rng, c.Out)
		if i%4 == 0 {
			b = nil
		}
		y, dx := fastReference(c, x, dy, w, b)
		eachBackend(t, fmt.Sprintf("%d: %d→%d channels, %d×%d by %d×%d", i, c.In, c.Out, c.H, c.W, c.PadTop, c.PadLeft), func(t *testing.T) {
			checkFast(t, "y", c.Fast(), y, x, w, b, 9*c.In)
			if f := c.FastInputGrad(); f != nil {
				checkFast(t, "dx", f, dx, dy, w, nil, 9*c.Out)
			}
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

func checkFast(t *testing.T, what string, f *FastConv, want []float64, x, w, b []float32, terms int) {
	t.Helper()
	u, y := make([]float32, f.Weights()), make([]float32, len(want))
	for i := range y {
		y[i] = float32(math.NaN())
	}
	FastWeights(u, w, f)
	ConvFast(y, x, u, b, f)
	if worst := fastError(y, want).worst * (1 << 24); !(worst <= fastBound(terms)) {
		t.Fatalf("%s is off by %.0f units of its rms, with a bound of %.0f", what, worst, fastBound(terms))
	}
}

// errors are relative to the rms of what is right.
type errors struct{ rms, worst float64 }

func fastError(got []float32, want []float64) errors {
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

func TestConvFastPartsGiveTheBitsOfTheWhole(t *testing.T) {
	rng := rand.New(rand.NewPCG(33, 34))
	for i := range 20 {
		c := randomFast(rng)
		x, w, b := random(rng, c.inputs()), random(rng, c.numWeights()), random(rng, c.Out)
		eachBackend(t, fmt.Sprint(i), func(t *testing.T) {
			f := c.Fast()
			u := make([]float32, f.Weights())
			FastWeights(u, w, f)
			whole := make([]float32, c.outputs())
			ConvFast(whole, x, u, b, f)
			for _, n := range []int{2, 3, 8} {
				y := make([]float32, c.outputs())
				for i := range y {
					y[i] = float32(math.NaN())
				}
				for i := range n {
					ConvFast(y, x, u, b, f.Part(i, n))
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
