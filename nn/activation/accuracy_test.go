package activation_test

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/gonn-toolkit/gonn/nn/activation"
)

// maxULP and maxGradULP bound the error of activations and of their derivatives, in
// units in the last place of float32 (of the smallest normal one below it, where they
// are 2⁻¹⁴⁹). A correctly rounded result is within 0.5. The Go loops compute in float64
// and are; the vector kernels, which compute in float32, measure 3.4 (gelu) and 3.6
// (gelu-tanh') on three million values each between 2⁻¹⁴ and 128. Swish' with other β than
// those of these tests comes closer to the bound: 3.95.
//
// Where a derivative crosses 0 it is the difference of two terms, and its error cannot
// be small on its own scale: there maxGradULP counts in 2⁻²⁴ of the larger term.
const (
	maxULP     = 3.5
	maxGradULP = 4
)

// allFloats samples every exponent of float32 with both signs: the two ends of
// each binade and random mantissas between, from the denormals to the largest; and many
// numbers where exponentials are neither 0 nor 1.
func allFloats() []float32 {
	rng := rand.New(rand.NewPCG(5, 6))
	var x []float32
	for exp := range uint32(255) {
		for k := range uint32(24) {
			mantissa := rng.Uint32N(1 << 23)
			switch k {
			case 0:
				mantissa = 0
			case 1:
				mantissa = 1<<23 - 1
			}
			bits := exp<<23 | mantissa
			x = append(x, math.Float32frombits(bits), math.Float32frombits(1<<31|bits))
		}
	}
	for range 30000 {
		x = append(x, float32(rng.NormFloat64()*3), float32(rng.Float64()*240-120))
	}
	return x
}

// ulps is the distance of a float32 from the exact value.
func ulps(got float32, want float64) float64 {
	if math.IsNaN(want) || math.IsInf(float64(float32(want)), 0) || got != got {
		if float64(got) == float64(float32(want)) || (got != got && math.IsNaN(want)) {
			return 0
		}
		return math.Inf(1)
	}
	_, exp := math.Frexp(want) // |want| in [½, 1)·2^exp
	return math.Abs(float64(got)-want) / math.Ldexp(1, max(exp-24, -149))
}

// accuracy holds a list of results against the exact values.
type accuracy struct {
	worst float64
	at    float32
}

func (a *accuracy) add(x, got float32, want float64) {
	if u := ulps(got, want); u > a.worst {
		*a = accuracy{u, x}
	}
}

// addNear also takes what is near on the scale of the larger term of a sum.
func (a *accuracy) addNear(x, got float32, want, term float64) {
	u := ulps(got, want)
	if near := math.Abs(float64(got)-want) / term * (1 << 24); term > 0 && near < u {
		u = near
	}
	if u > a.worst {
		*a = accuracy{u, x}
	}
}

func (a *accuracy) check(t *testing.T, what string, arg float32, bound float64) {
	t.Helper()
	if a.worst > bound {
		t.Errorf("%s with parameter %g: %.3g ulp off at x = %g, want at most %g", what, arg, a.worst, a.at, bound)
	}
}

// argOf is a parameter as the loops take it.
func argOf(act *activation.Func, a float32) []float32 {
	if act.Arg == activation.NoArg {
		return nil
	}
	return []float32{a}
}

func TestActivationsAreAccurateOverAllOfFloat32(t *testing.T) {
	xs := allFloats()
	ones := make([]float32, len(xs))
	for i := range ones {
		ones[i] = 1
	}
	for _, act := range activation.Funcs {
		t.Run(act.Name, func(t *testing.T) {
			f := actFormulas[act.Name]
			var worst, worstSlope, worstParam float64
			for _, a := range f.args {
				y, dx := make([]float32, len(xs)), make([]float32, len(xs))
				act.Forward(y, xs, argOf(act, a))
				act.Backward(dx, ones, xs, argOf(act, a), nil)
				var value, slope, param accuracy
				for i, x := range xs {
					value.add(x, y[i], f.f(float64(x), float64(a)))
					term := 0.0
					if f.term != nil {
						term = f.term(float64(x), float64(a))
					}
					slope.addNear(x, dx[i], f.dx(float64(x), float64(a)), term)
					if d := float64(dx[i]); math.IsNaN(d) || math.IsInf(d, 0) {
						t.Fatalf("f'(%g; %g) = %g, want it finite", x, a, d)
					}
					if f.da != nil && i%5 == 0 {
						da := []float32{0}
						act.Backward(nil, ones[:1], xs[i:i+1], []float32{a}, da)
						param.add(x, da[0], f.da(float64(x), float64(a)))
					}
				}
				value.check(t, "f", a, maxULP)
				slope.check(t, "f'", a, maxGradULP)
				param.check(t, "∂f/∂a", a, maxGradULP)
				worst, worstSlope, worstParam = max(worst, value.worst), max(worstSlope, slope.worst), max(worstParam, param.worst)
			}
			t.Logf("at most %.2f ulp off, f' %.2f, ∂f/∂a %.2f", worst, worstSlope, worstParam)
		})
	}
}

func TestActivationsAtInfinityAndNaN(t *testing.T) {
	for _, act := range activation.Funcs {
		for _, a := range actFormulas[act.Name].args {
			for _, x := range []float64{math.Inf(1), math.Inf(-1), math.NaN()} {
				y := []float32{7}
				act.Forward(y, []float32{float32(x)}, argOf(act, a))
				want := x
				if x == x {
					want = actFormulas[act.Name].f(x, float64(a))
				}
				if ulps(y[0], float64(float32(want))) != 0 {
					t.Errorf("%s(%g; %g) = %g, want %g", act.Name, x, a, y[0], want)
				}
			}
		}
	}
}
