package kernel

import "sync"

// normFormula is an elementwise function of a normalised input, as formula otherwise: of
// z = (x − n.Mean)·n.Scale + n.Shift, each operation rounded, for x.
type normFormula struct {
	forward                 func(y, x, a []float32, n NormAct)
	backward, backwardKeras func(dz, dy, x, a []float32, n NormAct)
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

// goNormFormulas are the Go loops of all rows.
func goNormFormulas() (list []normFormula) {
	for _, f := range append(goFormulas(), formula{
		forward:  func(y, x, _ []float32) { swishForwardGo(y, x, one) },
		backward: func(dx, dy, x, _ []float32) { swishBackwardGo(dx, dy, x, one, nil) },
	}) {
		row := normFormula{
			forward: func(y, x, a []float32, n NormAct) {
				affineGo(y, x, n.Mean, n.Scale, n.Shift)
				f.forward(y, y, a)
			},
			backward: normBackwardGo(f.backward),
		}
		if f.backwardKeras != nil {
			row.backwardKeras = normBackwardGo(f.backwardKeras)
		}
		list = append(list, row)
	}
	return list
}

// one is β of swish.
var one = []float32{1}

// normChunkPool has memory for normalised values.
var normChunkPool = sync.Pool{New: func() any { return new([normChunk]float32) }}

func normBackwardGo(f func(dx, dy, x, a []float32)) func(dz, dy, x, a []float32, n NormAct) {
	return func(dz, dy, x, a []float32, n NormAct) {
		chunk := normChunkPool.Get().(*[normChunk]float32)
		defer normChunkPool.Put(chunk)
		for len(x) > 0 {
			k := min(normChunk, len(x))
			affineGo(chunk[:k], x[:k], n.Mean, n.Scale, n.Shift)
			f(dz[:k], dy[:k], chunk[:k], a)
			dz, dy, x = dz[k:], dy[k:], x[k:]
		}
	}
}

// normFormulasBy gives the rows of a backend, those without kernels as Go loops.
func normFormulasBy(kernels map[string]formulaKernels) []normFormula {
	list := goNormFormulas()
	for i := range list {
		name := "swish"
		if i < len(formulas) {
			name = formulas[i].name
		}
		k, f := kernels[name], &list[i]
		if k.forward != nil {
			f.forward = func(y, x, a []float32, n NormAct) { runNormed(k.forward, y, nil, x, a, n) }
		}
		if k.backward != nil {
			f.backward = normGradBy(k.backward)
		}
		if k.backwardKeras != nil {
			f.backwardKeras = normGradBy(k.backwardKeras)
		}
	}
	return list
}

func normGradBy(kernel func(*actArgs)) func(dz, dy, x, a []float32, n NormAct) {
	return func(dz, dy, x, a []float32, n NormAct) { runNormed(kernel, dz, dy, x, a, n) }
}

// runNormed is runAct for a kernel that normalises x: the numbers for that follow the parameter.
func runNormed(kernel func(*actArgs), y, dy, x, a []float32, n NormAct) {
	c := newNormCall(0, n.Mean, n.Scale, n.Shift)
	defer normPool.Put(c)
	copy(c.rates[:1], a)
	runAct(kernel, y, dy, x, c.rates[:1], nil)
}
