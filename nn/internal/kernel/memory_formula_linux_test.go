package kernel

// The formulas join the tests of memory, of any length.
func init() {
	for i, row := range formulas {
		f := Formula(i)
		param := func(m *memory) (a []float32) {
			if row.param {
				a = m.in(1)
				a[0] = formulaArgs[row.name][0]
				m.slices[len(m.slices)-1].was[0] = a[0]
			}
			return a
		}
		k := kernelTable[0]
		k.name, k.rounds = row.name+" forward", 10
		k.run = func(m *memory) {
			n := 1 + m.rng.IntN(70)
			f.Forward(m.out(n), m.in(n), param(m))
		}
		kernelTable = append(kernelTable, k)
		derivatives := []func(dx, dy, x, a, da []float32){f.Backward}
		if row.backwardKeras != nil {
			derivatives = append(derivatives, f.BackwardKeras)
		}
		k.name = row.name + " backward"
		k.run = func(m *memory) {
			n := 1 + m.rng.IntN(70)
			derivatives[m.rng.IntN(len(derivatives))](m.out(n), m.in(n), m.in(n), param(m), nil)
		}
		kernelTable = append(kernelTable, k)
		k.name = row.name + " of a normalised input"
		k.run = func(m *memory) {
			size, n := (1+m.rng.IntN(70))*Lanes, NormAct{0.1, 1.2, -0.3, 0}
			x, a := m.in(size), param(m)
			NormFormula(i).Forward(m.out(size), x, a, n)
			NormFormula(i).Backward(m.out(size), m.in(size), x, a, n)
		}
		kernelTable = append(kernelTable, k)
	}
}
