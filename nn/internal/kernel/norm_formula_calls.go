package kernel

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
		if k.both != nil {
			f.both = func(y, d, x, a []float32, n NormAct) { runNormed(k.both, y, d, x, a, n) }
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
