package kernel

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"
)

// actCase is a function with its definition, which is what the Go loops round.
type actCase struct {
	name     string
	args     []float32 // values of the parameter to try; none: it has no parameter
	forward  func(y, x, a []float32)
	backward func(dx, dy, x, a, da []float32)
	value    func(x, a float64) float64
	// grad gives the derivative, the larger of the two terms that are added if it has
	// zeros, else 0, and the derivative by the parameter.
	grad func(x, a float64) (dx, term, da float64)
}

var betas = []float32{1, 0, 0.5, -2, 10, 0.1, 1e-20, -1e10}

var expCases = []actCase{
	{"exp", nil, func(y, x, _ []float32) { Exp(y, x) }, nil, func(x, _ float64) float64 { return math.Exp(x) }, nil},
	{"sigmoid", nil, FormulaOf("sigmoid").Forward, FormulaOf("sigmoid").Backward, sigmoid,
		func(x, _ float64) (dx, term, da float64) { return sigmoidGrad(x, 0), 0, 0 }},
	{"tanh", nil, FormulaOf("tanh").Forward, FormulaOf("tanh").Backward, tanh,
		func(x, _ float64) (dx, term, da float64) { return tanhGrad(x, 0), 0, 0 }},
	{"swish", betas, SwishForward, SwishBackward, swish,
		func(x, b float64) (dx, term, da float64) {
			dx, da = swishGrad(x, b)
			s := sigmoid(b*x, 0)
			return dx, max(s, math.Abs(dx-s)), da
		}},
	{"mish", nil, FormulaOf("mish").Forward, FormulaOf("mish").Backward, mish,
		func(x, _ float64) (dx, term, da float64) {
			dx = mishGrad(x, 0)
			t := math.Tanh(math.Log1p(math.Exp(min(x, mishLinear))))
			return dx, max(t, math.Abs(dx-t)), 0
		}},
}

// The bounds of exponentials on every backend, in units in the last place of float32:
// of values, and of derivatives.
const (
	maxValueULP = 3.25
	maxGradULP  = 4
)

// everyFloat has all exponents with both signs, and many numbers of the size that
// exponentials are interesting for.
func everyFloat() []float32 {
	rng := rand.New(rand.NewPCG(7, 8))
	var x []float32
	for exp := range uint32(255) {
		for k := range uint32(8) {
			bits := exp<<23 | []uint32{0, 1<<23 - 1, rng.Uint32N(1 << 23)}[min(k, 2)]
			x = append(x, math.Float32frombits(bits), math.Float32frombits(1<<31|bits))
		}
	}
	for range some(100000) {
		x = append(x, float32(rng.NormFloat64()*3), float32(rng.Float64()*240-120))
	}
	// Where earlier forms of mish' were 4.1 to 5 ulp off, which random values seldom hit.
	x = append(x, 0.56158584, 0.61745507, 0.5523593, 0.57190496, 0.5463944, -6.569798)
	for len(x)%Lanes != 3 { // and a last pixel that is not whole
		x = append(x, rng.Float32())
	}
	return x
}

// ulp is the distance from one float32 of want's size to the next.
func ulp(want float64) float64 {
	_, exp := math.Frexp(want)
	return math.Ldexp(1, max(exp-24, -149))
}

// distance is how far a result is from the exact one, in units in the last place.
func distance(got float32, want float64) float64 {
	if rounded := float32(want); math.IsNaN(want) || math.IsInf(float64(rounded), 0) {
		if got == rounded || (got != got && want != want) {
			return 0
		}
		return math.Inf(1)
	}
	if got != got {
		return math.Inf(1)
	}
	return math.Abs(float64(got)-want) / ulp(want)
}

// eachArg calls f with the parameter as a kernel takes it, and as a number.
func (c actCase) eachArg(f func(a []float32, v float64)) {
	if c.args == nil {
		f(nil, 0)
	}
	for _, v := range c.args {
		f([]float32{v}, float64(v))
	}
}

func TestExponentialsAreAccurate(t *testing.T) {
	xs := everyFloat()
	ones, y := make([]float32, len(xs)), make([]float32, len(xs))
	for i := range ones {
		ones[i] = 1
	}
	for _, c := range expCases {
		eachBackend(t, c.name, func(t *testing.T) {
			value, grad, param := 0.0, 0.0, 0.0
			c.eachArg(func(a []float32, v float64) {
				c.forward(y, xs, a)
				for i, x := range xs {
					want := c.value(float64(x), v)
					d := distance(y[i], want)
					if value = max(value, d); d > maxValueULP {
						t.Fatalf("f(%g; %g) = %g, want %g: %.2f ulp off", x, v, y[i], want, d)
					}
				}
				if c.backward == nil {
					return
				}
				c.backward(y, ones, xs, a, nil)
				for i, x := range xs {
					dx, term, _ := c.grad(float64(x), v)
					d := distance(y[i], dx)
					if near := math.Abs(float64(y[i])-dx) / term * (1 << 24); term > 0 && near < d {
						d = near
					}
					if grad = max(grad, d); d > maxGradULP {
						t.Fatalf("f'(%g; %g) = %g, want %g: %.2f ulp off", x, v, y[i], dx, d)
					}
				}
				if a == nil {
					return
				}
				for i := 0; i < len(xs); i += 7 {
					da := []float32{0}
					c.backward(nil, ones[i:i+1], xs[i:i+1], a, da)
					_, _, want := c.grad(float64(xs[i]), v)
					d := distance(da[0], want)
					if param = max(param, d); d > maxGradULP {
						t.Fatalf("df/da(%g; %g) = %g, want %g: %.2f ulp off", xs[i], v, da[0], want, d)
					}
				}
			})
			t.Logf("ulp: values %.2f, derivatives %.2f, of the parameter %.2f", value, grad, param)
		})
	}
}

func TestExponentialsAtInfinityAndNaN(t *testing.T) {
	xs := []float32{inf, -inf, float32(math.NaN()), 0, float32(math.Copysign(0, -1))}
	for _, c := range expCases {
		eachBackend(t, c.name, func(t *testing.T) {
			c.eachArg(func(a []float32, v float64) {
				for _, x := range xs {
					y, da := []float32{7}, []float32{0}
					c.forward(y, []float32{x}, a)
					if want := c.value(float64(x), v); distance(y[0], want) > 1 {
						t.Errorf("f(%g; %g) = %g, want %g", x, v, y[0], want)
					}
					if c.backward == nil {
						continue
					}
					c.backward(y, []float32{1}, []float32{x}, a, da[:len(a)])
					dx, _, want := c.grad(float64(x), v)
					if distance(y[0], dx) > 1 {
						t.Errorf("f'(%g; %g) = %g, want %g", x, v, y[0], dx)
					}
					if a != nil && distance(da[0], want) > 1 {
						t.Errorf("df/da(%g; %g) = %g, want %g", x, v, da[0], want)
					}
				}
			})
		})
	}
}

var kinkCases = []struct {
	name string
	of   func(o *acts) *act
}{
	{"slope", func(o *acts) *act { return &o.slope }},
	{"slopeFlat", func(o *acts) *act { return &o.slopeFlat }},
}

var inf = float32(math.Inf(1))

var special = []float32{0, float32(math.Copysign(0, -1)), inf, -inf, float32(math.NaN()), 1e-45, -1e-45, -1, 1}

// specialPairs are all pairs of special values, and random ones.
func specialPairs(rng *rand.Rand) (x, dy []float32) {
	for _, v := range special {
		for _, g := range special {
			x, dy = append(x, v), append(dy, g)
		}
	}
	return append(x, random(rng, 700)...), append(dy, random(rng, 700)...)
}

func sameBits(t *testing.T, what string, got, want []float32) {
	t.Helper()
	for i, v := range got {
		if math.Float32bits(v) != math.Float32bits(want[i]) && (v == v || want[i] == want[i]) {
			t.Fatalf("%s[%d] = %g, want %g", what, i, v, want[i])
		}
	}
}

func TestKinksEqualTheGoLoopsBitForBit(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 9))
	x, dy := specialPairs(rng)
	for _, c := range kinkCases {
		eachBackend(t, c.name, func(t *testing.T) {
			each := random(rng, (len(x)+Lanes-1)/Lanes)
			copy(each, special)
			for _, a := range [][]float32{{-0.5}, {0}, {inf}, {float32(math.NaN())}, each} {
				got, want := make([]float32, len(x)), make([]float32, len(x))
				c.of(&active.acts).runForward(got, x, a)
				c.of(&goActs).forward(want, x, a)
				sameBits(t, fmt.Sprintf("f(%.3g)", a), got, want)
				c.of(&active.acts).runBackward(got, dy, x, a, nil)
				c.of(&goActs).backward(want, dy, x, a, nil)
				sameBits(t, fmt.Sprintf("f'(%.3g)", a), got, want)
				c.of(&active.acts).runBackward(got, dy, x, a, make([]float32, len(a)))
				sameBits(t, fmt.Sprintf("f'(%.3g) with da", a), got, want)
			}
		})
	}
}

// withParam are the functions whose parameter can be learned, and their derivative by it.
var withParam = []struct {
	name     string
	forward  func(y, x, a []float32)
	backward func(dx, dy, x, a, da []float32)
	da       func(x, a float64) float64
	error    float64 // of da itself, in ulp
}{
	{"slope", SlopeForward, SlopeBackward, func(x, _ float64) float64 { return min(x, 0) }, 0},
	{"slopeFlat", SlopeForward, SlopeFlatBackward, func(x, _ float64) float64 { return min(x, 0) }, 0},
	{"swish", SwishForward, SwishBackward, func(x, b float64) float64 { _, db := swishGrad(x, b); return db }, maxGradULP},
}

// One parameter a pixel gives what as many calls with one parameter give; sums are within
// the bound of any order; nothing is written that is not wanted; in place is the same.
func TestParametersOfPixels(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 4))
	for _, c := range withParam {
		eachBackend(t, c.name, func(t *testing.T) {
			for _, pixels := range []int{1, 2, 3, 22, 1500} {
				n := pixels * Lanes
				x, dy, a := random(rng, n), random(rng, n), random(rng, pixels)
				y, dx, da, start := make([]float32, n), make([]float32, n), random(rng, pixels), make([]float32, pixels)
				copy(start, da)
				c.forward(y, x, a)
				c.backward(dx, dy, x, a, da)
				for p := range pixels {
					i, j := p*Lanes, (p+1)*Lanes
					want := make([]float32, Lanes)
					c.forward(want, x[i:j], a[p:p+1])
					sameBits(t, "y", y[i:j], want)
					c.backward(want, dy[i:j], x[i:j], a[p:p+1], nil)
					sameBits(t, "dx", dx[i:j], want)
					checkParamGrad(t, da[p], start[p], dy[i:j], x[i:j], a[p], c.da, c.error)
				}
				one, only := []float32{0.25}, []float32{0.25}
				c.backward(dx, dy, x, a[:1], one)
				checkParamGrad(t, one[0], 0.25, dy, x, a[0], c.da, c.error)
				c.backward(nil, dy, x, a[:1], only)
				if only[0] != one[0] {
					t.Fatalf("da = %g without dx, %g with it", only[0], one[0])
				}
				inPlace := slices.Clone(dy)
				c.backward(inPlace, inPlace, x, a[:1], nil)
				sameBits(t, "dx in place of dy", inPlace, dx)
				c.backward(nil, dy, x, a[:1], nil)
			}
		})
	}
}

// One parameter a value gives what as many calls with one value give.
func TestParametersOfValues(t *testing.T) {
	rng := rand.New(rand.NewPCG(6, 7))
	special := []float32{0, float32(math.Copysign(0, -1)), inf, -inf, float32(math.NaN()), 1e-45, -1e-45, math.MaxFloat32, -math.MaxFloat32}
	for _, c := range withParam {
		eachBackend(t, c.name, func(t *testing.T) {
			for _, n := range []int{2, 15, 16, 17, 22, 35, actPixelsAndMore} {
				x, a, y := random(rng, n), random(rng, n), make([]float32, n)
				for i := 0; i < n; i += 3 {
					x[i] = special[rng.IntN(len(special))]
				}
				c.forward(y, x, a)
				for i := range y {
					var one [1]float32
					c.forward(one[:], x[i:i+1], a[i:i+1])
					sameBits(t, fmt.Sprintf("f(%g; %g)", x[i], a[i]), y[i:i+1], one[:])
				}
			}
		})
	}
}

// Swish with a β of one, for which there are kernels, gives the bits of the others.
func TestSwishOfOneGivesTheSameBits(t *testing.T) {
	rng := rand.New(rand.NewPCG(71, 72))
	const n = 40 * Lanes
	x, dy, ones := random(rng, n), random(rng, n), make([]float32, n/Lanes)
	for i := range x {
		x[i] *= []float32{1, 20, 200, 1e-3, 1e-40}[i%5]
	}
	copy(x, []float32{0, float32(math.Copysign(0, -1)), float32(math.Inf(1)), float32(math.Inf(-1)), float32(math.NaN()), math.MaxFloat32, -math.MaxFloat32})
	for i := range ones {
		ones[i] = 1
	}
	eachBackend(t, "", func(t *testing.T) {
		var y, dx [2][]float32
		for i, a := range [][]float32{{1}, ones} {
			y[i], dx[i] = garbage(n), garbage(n)
			SwishForward(y[i], x, a)
			SwishBackward(dx[i], dy, x, a, nil)
		}
		for i := range x {
			if !sameFloat(y[0][i], y[1][i]) || !sameFloat(dx[0][i], dx[1][i]) {
				t.Errorf("at %g: %g and %g, derivatives %g and %g", x[i], y[0][i], y[1][i], dx[0][i], dx[1][i])
			}
		}
		SwishBackward(nil, dy, x, []float32{1}, nil) // nothing is wanted
	})
}

// sameFloat: the same bits, or both NaN.
func sameFloat(a, b float32) bool {
	return math.Float32bits(a) == math.Float32bits(b) || a != a && b != b
}

// actPixelsAndMore is more than one call of a kernel takes.
const actPixelsAndMore = 17000

// checkParamGrad holds start + Σ dy·∂f/∂a, within n·2⁻²⁴·Σ|dy·∂f/∂a| and what the terms
// themselves are off.
func checkParamGrad(t *testing.T, got, start float32, dy, x []float32, a float32, da func(x, a float64) float64, ulps float64) {
	t.Helper()
	want, weight := float64(start), math.Abs(float64(start))
	for i, v := range x {
		p := float64(dy[i]) * da(float64(v), float64(a))
		want, weight = want+p, weight+math.Abs(p)
	}
	bound := (float64(len(x)) + 1 + 2*ulps) * weight / (1 << 24)
	if d := math.Abs(float64(got) - want); !(d <= bound) {
		t.Fatalf("da = %g, want %g ± %.1e", got, want, bound)
	}
}

func TestActivationsInPlaceAndOfAnyLength(t *testing.T) {
	rng := rand.New(rand.NewPCG(5, 5))
	for _, c := range expCases {
		eachBackend(t, c.name, func(t *testing.T) {
			a := c.args[:min(len(c.args), 1)]
			for n := range 40 {
				x := random(rng, n)
				y := make([]float32, n)
				c.forward(y, x, a)
				for i := range y {
					var one [1]float32
					c.forward(one[:], x[i:i+1], a)
					sameBits(t, "y alone", one[:], y[i:i+1])
				}
				if c.backward != nil {
					dy := random(rng, n)
					dx := make([]float32, n)
					c.backward(dx, dy, x, a, nil)
					c.backward(dy, dy, x, a, nil)
					sameBits(t, "dx in place of dy", dy, dx)
				}
				c.forward(x, x, a)
				sameBits(t, "y in place of x", x, y)
			}
		})
	}
}
