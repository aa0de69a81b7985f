package activation_test

import (
	"math"
	"testing"

	"github.com/gonn-toolkit/gonn/nn/activation"
	"github.com/gonn-toolkit/gonn/nn/op"
)

// actFormula is what an activation is in float64, written from its definition and
// with care for cancellation and overflow. Each file x_test.go registers one, and
// the tests of layer_test.go hold the layer against it.
type actFormula struct {
	args []float32                  // values of the parameter to try
	f    func(x, a float64) float64 // at ±∞ the value that the layer must give
	dx   func(x, a float64) float64 // ∂f/∂x of PyTorch
	da   func(x, a float64) float64 // ∂f/∂a of a learned parameter, else nil
	kink func(x, a float64) float64 // ∂f/∂x of Keras where it is another one, else nil
	term func(x, a float64) float64 // the larger term of ∂f/∂x where that crosses 0, else nil
	at   func(a float64) []float64  // where else than at 0 a kink may be, else nil
}

var actFormulas = map[string]actFormula{}

// formula registers an activation's definition under its name.
func formula(name string, f actFormula) bool {
	if f.args == nil {
		f.args = []float32{0}
	}
	actFormulas[name] = f
	return true
}

// derivative is ∂f/∂x in a framework.
func (f actFormula) derivative(s op.Semantics) func(x, a float64) float64 {
	if s == op.Keras && f.kink != nil {
		return f.kink
	}
	return f.dx
}

func TestEveryActivationHasAFormula(t *testing.T) {
	for _, a := range activation.Funcs {
		f, ok := actFormulas[a.Name]
		if !ok {
			t.Errorf("%s: no formula; register one in a test file of its own", a.Name)
		}
		if (f.da != nil) != (a.Arg == activation.Learned) {
			t.Errorf("%s: a formula needs ∂f/∂a exactly if the parameter is learned", a.Name)
		}
	}
	if len(actFormulas) != len(activation.Funcs) {
		t.Errorf("%d formulas for %d activations", len(actFormulas), len(activation.Funcs))
	}
}

// The derivatives of the formulas are checked against differences, so that one that is wrong
// on both sides does not pass.
func TestFormulasHaveTheDerivativesTheySay(t *testing.T) {
	const h = 1e-5
	derivatives, worst := 0, 0.0
	for name, f := range actFormulas {
		for _, arg := range f.args {
			a := float64(arg)
			for x := -8.03; x < 8; x += 0.1 { // never at a kink
				slope := (f.f(x+h, a) - f.f(x-h, a)) / (2 * h)
				d := f.dx(x, a)
				if math.Abs(d-slope) > 1e-8*(1+math.Abs(a*a)) {
					t.Errorf("%s: f'(%g; %g) = %g, differences give %g", name, x, a, d, slope)
				}
				derivatives++
				worst = max(worst, math.Abs(d-slope)/(1+math.Abs(a*a)))
				if f.kink != nil && f.kink(x, a) != f.dx(x, a) {
					t.Errorf("%s: the frameworks' derivatives differ at %g, away from the kink", name, x)
				}
				if f.da == nil {
					continue
				}
				slope = (f.f(x, a+h) - f.f(x, a-h)) / (2 * h)
				if d := f.da(x, a); math.Abs(d-slope) > 1e-7*(1+math.Abs(x*x)) {
					t.Errorf("%s: ∂f/∂a(%g; %g) = %g, differences give %g", name, x, a, d, slope)
				}
			}
		}
	}
	t.Logf("promise T9: %d derivatives of %d activations are within %.1e of finite differences in float64, allowed 1e-8", derivatives, len(actFormulas), worst)
}
