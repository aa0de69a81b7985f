package kernel

// formulaKernels are the kernels of a formula: for each of the pixels' 16 floats,
type formulaKernels struct {
	forward       func(*actArgs) // y = f(x; a)
	backward      func(*actArgs) // y = dy·∂f/∂x
	backwardKeras func(*actArgs) // likewise; nil if it is the same
	both          func(*actArgs) // y = f(x; a), dy = ∂f/∂x; nil if it saves little
}

// formulasBy gives the formulas of a backend, those without kernels as Go loops.
func formulasBy(kernels map[string]formulaKernels) []formula {
	list := goFormulas()
	for i, row := range formulas {
		k, f := kernels[row.name], &list[i]
		if k.forward != nil {
			f.forward = forwardBy(k.forward)
		}
		if k.backward != nil {
			f.backward = gradBy(k.backward)
		}
		if k.backwardKeras != nil {
			f.backwardKeras = gradBy(k.backwardKeras)
		}
	}
	return list
}

// gradBy makes a derivative of a kernel.
func gradBy(kernel func(*actArgs)) func(dx, dy, x, a []float32) {
	return func(dx, dy, x, a []float32) { runAct(kernel, dx, dy, x, a, nil) }
}
