package kernel

import "slices"

// formulaRows are the formulas, of any length, and of a normalised input.
func formulaRows() (rows []kernelRow) {
	for i, row := range formulas {
		f, normed, heldBy := Formula(i), NormFormula(i), "TestFormulasEqualTheirGoLoops"
		if slices.Contains(exactFormulas, row.name) {
			heldBy = ""
		}
		param := func(m *memory) []float32 {
			if !row.param {
				return nil
			}
			return m.inOf(formulaArgs[row.name][:1])
		}
		add := func(method, heldBy string, run func(m *memory)) {
			rows = append(rows, kernelRow{method + " " + row.name, 10, heldBy, run})
		}
		add("Formula.Forward", heldBy, func(m *memory) {
			n := 1 + m.rng.IntN(70)
			f.Forward(m.out(n), m.in(n), param(m))
		})
		add("Formula.Backward", heldBy, func(m *memory) {
			n := 1 + m.rng.IntN(70)
			f.Backward(m.out(n), m.in(n), m.in(n), param(m), nil)
		})
		add("NormFormula.Forward", "TestNormFormulasAreTheTwo", func(m *memory) {
			n := (1 + m.rng.IntN(70)) * Lanes
			normed.Forward(m.out(n), m.in(n), param(m), normalised)
		})
		add("NormFormula.Backward", "TestNormFormulasAreTheTwo", func(m *memory) {
			n := (1 + m.rng.IntN(70)) * Lanes
			normed.Backward(m.out(n), m.in(n), m.in(n), param(m), normalised)
		})
		add("NormFormula.Both", "TestNormFormulasAreTheTwo", func(m *memory) {
			n := (1 + m.rng.IntN(70)) * Lanes
			normed.Both(m.out(n), m.out(n), m.in(n), param(m), normalised)
		})
		if row.backwardKeras == nil {
			continue
		}
		add("Formula.BackwardKeras", heldBy, func(m *memory) {
			n := 1 + m.rng.IntN(70)
			f.BackwardKeras(m.out(n), m.in(n), m.in(n), param(m), nil)
		})
		add("NormFormula.BackwardKeras", "TestNormFormulasAreTheTwo", func(m *memory) {
			n := (1 + m.rng.IntN(70)) * Lanes
			normed.BackwardKeras(m.out(n), m.in(n), m.in(n), param(m), normalised)
		})
	}
	return rows
}
