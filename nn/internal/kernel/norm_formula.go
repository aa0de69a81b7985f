package kernel

// normFormula is an elementwise function of a normalised input, as formula otherwise: of
// z = (x − n.Mean)·n.Scale + n.Shift, each operation rounded, for x.
type normFormula struct {
	forward                 func(y, x, a []float32, n NormAct)
	backward, backwardKeras func(dz, dy, x, a []float32, n NormAct)
	// y = f(z), d = ∂f/∂z; nil where it and keeping d cost as much as forward and backward.
	both func(y, d, x, a []float32, n NormAct)
}

// NormFormula is the place of a row of the table of normFormulas: those of formulas, and then
// swish, with β = 1.
type NormFormula int

// NormFormulaOf finds the loops of a formula, or of swish, that normalise its input.
func NormFormulaOf(name string) NormFormula {
	if name == "swish" {
		return NormFormula(len(formulas))
	}
	return NormFormula(FormulaOf(name))
}

// Forward writes y = f(z; a), z = (x − n.Mean)·n.Scale + n.Shift. y may be x.
func (f NormFormula) Forward(y, x, a []float32, n NormAct) {
	y = y[:len(x)]
	reads(x, a)
	writes(y)
	active.normFormulas[f].forward(y, x, a, n)
}

// Backward writes dz = dy·∂f/∂z. dz may be dy.
func (f NormFormula) Backward(dz, dy, x, a []float32, n NormAct) {
	f.run(active.normFormulas[f].backward, dz, dy, x, a, n)
}

// HasBoth reports whether Both and keeping the derivative take less time than Forward and Backward.
func (f NormFormula) HasBoth() bool { return active.normFormulas[f].both != nil }

// Both writes y = f(z; a), as Forward, and the derivative d = ∂f/∂z. y may be x.
func (f NormFormula) Both(y, d, x, a []float32, n NormAct) {
	y, d = y[:len(x)], d[:len(x)]
	reads(x, a)
	writes(y)
	writes(d)
	if both := active.normFormulas[f].both; both != nil {
		both(y, d, x, a, n)
		return
	}
	fill(d, 1)
	active.normFormulas[f].backward(d, d, x, a, n)
	active.normFormulas[f].forward(y, x, a, n)
}

// BackwardKeras is Backward with Keras's derivative at a kink.
func (f NormFormula) BackwardKeras(dz, dy, x, a []float32, n NormAct) {
	f.run(active.normFormulas[f].backwardKeras, dz, dy, x, a, n)
}

func (f NormFormula) run(backward func(dz, dy, x, a []float32, n NormAct), dz, dy, x, a []float32, n NormAct) {
	dz, dy = dz[:len(x)], dy[:len(x)]
	reads(dy, x, a)
	writes(dz)
	backward(dz, dy, x, a, n)
}
