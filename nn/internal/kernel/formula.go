package kernel

import "fmt"

// A formula is an elementwise function f(x; a) with at most one parameter, which is fixed.
// forward writes y = f(x; a), where y may be x; backward writes dx = dy·∂f/∂x, where dx may
// be dy; backwardKeras is backward with Keras's derivative at a kink, or nil if that is the
// same. a has one value, or is empty if there is no parameter.
type formula struct {
	forward                 func(y, x, a []float32)
	backward, backwardKeras func(dx, dy, x, a []float32)
}

// Formula is the place of a row of formulas.
type Formula int

// FormulaOf finds a row of formulas by its name.
func FormulaOf(name string) Formula {
	for i, row := range formulas {
		if row.name == name {
			return Formula(i)
		}
	}
	panic(fmt.Sprintf("no formula %q", name))
}

// Forward writes y = f(x; a). y may be x.
func (f Formula) Forward(y, x, a []float32) {
	y = y[:len(x)]
	reads(x, a)
	writes(y)
	active.formulas[f].forward(y, x, a)
}

// Backward writes dx = dy·∂f/∂x, unless dx is nil. dx may be dy. There is no gradient of the
// parameter: da is not looked at.
func (f Formula) Backward(dx, dy, x, a, da []float32) {
	backward(active.formulas[f].backward, dx, dy, x, a)
}

// BackwardKeras is Backward with Keras's derivative at a kink.
func (f Formula) BackwardKeras(dx, dy, x, a, da []float32) {
	backward(active.formulas[f].backwardKeras, dx, dy, x, a)
}

func backward(f func(dx, dy, x, a []float32), dx, dy, x, a []float32) {
	if dx == nil {
		return
	}
	dx, dy = dx[:len(x)], dy[:len(x)]
	reads(dy, x, a)
	writes(dx)
	f(dx, dy, x, a)
}
