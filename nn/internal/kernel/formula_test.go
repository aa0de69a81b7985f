package kernel

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"
)

// formulaArgs are values of the parameters to try.
var formulaArgs = map[string][]float32{
	"elu":              {1, 0.5, 0, -0.5, 3, 1e10, 1e20, 1e-25},
	"celu":             {1, 0.5, 3, 1e3, 1e-3, 1e20, 1e-20},
	"softplus":         {1, 0.5, 2, 10, 0.3, 1e-3, 1e3},
	"hardsigmoid":      {1. / 6, 0.2, 0.5, 2},
	"relu6":            {6, 1, 2.5},
	"thresholded-relu": {1, 0, -0.5, 2},
}

// eachFormula calls f on each backend with each formula and its parameters.
func eachFormula(t *testing.T, f func(t *testing.T, row int, a []float32)) {
	for i, row := range formulas {
		eachBackend(t, row.name, func(t *testing.T) {
			if !row.param {
				f(t, i, nil)
				return
			}
			for _, a := range formulaArgs[row.name] {
				f(t, i, []float32{a})
			}
		})
	}
}

func TestEveryFormulaWithAParameterIsTriedWithSome(t *testing.T) {
	for _, row := range formulas {
		if row.param != (len(formulaArgs[row.name]) > 0) {
			t.Errorf("%s: %d parameters to try", row.name, len(formulaArgs[row.name]))
		}
	}
}

// The Go loops are rounded once; maxFormulaULP is what a vector kernel may be away from them.
const maxFormulaULP = 4

// derivativeZero is a derivative's zero, near which it is the difference of two terms of this
// size: there its error is counted in 2⁻²⁴ of that.
var derivativeZero = map[string]struct{ at, term float64 }{
	"gelu":      {-0.7518, 0.22},
	"gelu-tanh": {-0.7525, 0.22},
	"mish":      {-1.1924, 0.26},
}

func TestFormulasEqualTheirGoLoops(t *testing.T) {
	xs := everyFloat()
	xs = xs[:min(50003, len(xs))]
	for i, v := range []float64{math.Inf(1), math.Inf(-1), math.NaN(), 0, math.Copysign(0, -1), 3, -3, 6, 1, -1} {
		xs[i*31] = float32(v)
	}
	dy, got, want := make([]float32, len(xs)), make([]float32, len(xs)), make([]float32, len(xs))
	for i := range dy {
		dy[i] = []float32{1, 1, -1, 0.25, -8}[i%5] // powers of two, whose product is exact
	}
	eachFormula(t, func(t *testing.T, row int, a []float32) {
		f, worst := formulas[row], [3]float64{}
		check := func(k int, what string) {
			t.Helper()
			zero := derivativeZero[f.name]
			for i, x := range xs {
				d := distance(got[i], float64(want[i]))
				if tiny := math.Abs(float64(want[i])) < 0x1p-120; k > 0 && tiny {
					d /= max(1, math.Abs(float64(dy[i]))) // the derivative is rounded as a denormal number
				}
				if k > 0 && math.Abs(float64(x)-zero.at) < 0.5 {
					near := math.Abs(float64(got[i])-float64(want[i])) / math.Abs(float64(dy[i])) / zero.term * (1 << 24)
					if near < d {
						d = near
					}
				}
				worst[k] = max(worst[k], d)
				signs := k > 0 || math.Signbit(float64(got[i])) == math.Signbit(float64(want[i])) || x != x || math.IsInf(float64(x), 0)
				if d > maxFormulaULP || !signs {
					t.Fatalf("%s(%g; %g) = %g, the Go loop gives %g: %.2f ulp off", what, x, a, got[i], want[i], d)
				}
			}
		}
		Formula(row).Forward(got, xs, a)
		f.forward(want, xs, a)
		check(0, "f")
		Formula(row).Backward(got, dy, xs, a, nil)
		f.backward(want, dy, xs, a)
		check(1, "f'")
		if f.backwardKeras != nil {
			Formula(row).BackwardKeras(got, dy, xs, a, nil)
			f.backwardKeras(want, dy, xs, a)
			check(2, "Keras's f'")
		}
		t.Logf("%g: at most %.2f ulp off", a, worst)
	})
}

// exactFormulas only choose between numbers.
var exactFormulas = []string{"relu", "relu6", "thresholded-relu"}

func TestFormulasThatChooseEqualTheirGoLoopsBitForBit(t *testing.T) {
	x, dy := specialPairs(rand.New(rand.NewPCG(1, 9)))
	got, want := make([]float32, len(x)), make([]float32, len(x))
	eachFormula(t, func(t *testing.T, row int, a []float32) {
		f := formulas[row]
		if !slices.Contains(exactFormulas, f.name) {
			return
		}
		Formula(row).Forward(got, x, a)
		f.forward(want, x, a)
		sameBits(t, "f", got, want)
		Formula(row).Backward(got, dy, x, a, nil)
		f.backward(want, dy, x, a)
		sameBits(t, "f'", got, want)
		if f.backwardKeras != nil {
			Formula(row).BackwardKeras(got, dy, x, a, nil)
			f.backwardKeras(want, dy, x, a)
			sameBits(t, "Keras's f'", got, want)
		}
	})
}

// In place and of any length is the same.
func TestFormulasInPlaceAndOfAnyLength(t *testing.T) {
	rng := rand.New(rand.NewPCG(15, 5))
	eachFormula(t, func(t *testing.T, row int, a []float32) {
		f := Formula(row)
		derivatives := []func(dx, dy, x, a, da []float32){f.Backward}
		if formulas[row].backwardKeras != nil {
			derivatives = append(derivatives, f.BackwardKeras)
		}
		for n := range 40 {
			x, dy := random(rng, n), random(rng, n)
			y, dx := make([]float32, n), make([]float32, n)
			f.Forward(y, x, a)
			for _, derivative := range derivatives {
				derivative(dx, dy, x, a, nil)
				derivative(nil, dy, x, a, nil) // nothing is wanted
				for i := range y {
					var one [1]float32
					f.Forward(one[:], x[i:i+1], a)
					sameBits(t, "y alone", one[:], y[i:i+1])
					derivative(one[:], dy[i:i+1], x[i:i+1], a, nil)
					sameBits(t, "dx alone", one[:], dx[i:i+1])
				}
				inPlace := slices.Clone(dy)
				derivative(inPlace, inPlace, x, a, nil)
				sameBits(t, "dx in place of dy", inPlace, dx)
			}
			f.Forward(x, x, a)
			sameBits(t, "y in place of x", x, y)
		}
	})
}

// Instruction sets have kernels for all formulas, and for nothing else.
func TestInstructionSetsHaveAllFormulas(t *testing.T) {
	for _, s := range append(detectISAs(), fakeISAs[:2]...) {
		for _, row := range formulas {
			k := s.formulas[row.name]
			if k.forward == nil || k.backward == nil || (k.backwardKeras == nil) != (row.backwardKeras == nil) {
				t.Errorf("%s: kernels of %s are missing", s.name, row.name)
			}
		}
		if len(s.formulas) != len(formulas) {
			t.Errorf("%s has kernels for %d formulas of %d", s.name, len(s.formulas), len(formulas))
		}
	}
}

func TestUnknownFormulaPanics(t *testing.T) {
	defer func() {
		if recover() == nil {
			t.Error("no panic")
		}
	}()
	FormulaOf("reul")
}
