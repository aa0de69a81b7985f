package kernel

import "slices"

func fakeNormFormulas() map[string]formulaKernels {
	list := map[string]formulaKernels{}
	for i, row := range goNormFormulas() {
		name := "swish"
		if i < len(formulas) {
			name = formulas[i].name
		}
		k := formulaKernels{forward: fakeNormForward(row.forward), backward: fakeNormBackward(row.backward), both: fakeNormBoth(row)}
		if row.backwardKeras != nil {
			k.backwardKeras = fakeNormBackward(row.backwardKeras)
		}
		list[name] = k
	}
	return list
}

func fakeNormForward(f func(y, x, a []float32, n NormAct)) func(*actArgs) {
	return func(a *actArgs) {
		a.eachPixel(0, func(_ uintptr, y, x, _ []float32) {
			param, n := a.normed()
			f(y, x, param, n)
		})
	}
}

func fakeNormBackward(f func(dz, dy, x, a []float32, n NormAct)) func(*actArgs) {
	return func(a *actArgs) {
		a.eachPixel(0, func(p uintptr, y, x, _ []float32) {
			param, n := a.normed()
			f(y, floatsAt(a.dy, p*pixelBytes, Lanes), x, param, n)
		})
	}
}

func fakeNormBoth(f normFormula) func(*actArgs) {
	return func(a *actArgs) {
		a.eachPixel(0, func(p uintptr, y, x, _ []float32) {
			param, n := a.normed()
			d := floatsAt(a.dy, p*pixelBytes, Lanes)
			f.backward(d, slices.Repeat(one, Lanes), x, param, n)
			f.forward(y, x, param, n)
		})
	}
}

// normed are the parameter and the numbers behind it.
func (a *actArgs) normed() ([]float32, NormAct) {
	expect(a.aS == 0, a)
	v := floatsAt(a.a, 0, 4)
	return v[:1], NormAct{Mean: v[1], Scale: v[2], Shift: v[3]}
}
