package kernel

// The elementwise functions join the tests of memory: of any length, with no parameter,
// one, one a pixel or, forward, one a value, with and without each gradient.
func init() {
	for _, f := range []struct {
		name     string
		forward  func(y, x, a []float32)
		backward func(dx, dy, x, a, da []float32)
		param    bool
	}{
		{"Slope", SlopeForward, SlopeBackward, true},
		{"SlopeFlat", SlopeForward, SlopeFlatBackward, true},
		{"Swish", SwishForward, SwishBackward, true},
	} {
		params := func(m *memory, n int) int {
			switch {
			case !f.param:
				return 0
			case m.rng.IntN(2) == 0:
				return 1
			}
			return (n + Lanes - 1) / Lanes
		}
		row := kernelTable[0]
		row.name, row.rounds = f.name+"Forward", 20
		row.run = func(m *memory) {
			n := 1 + m.rng.IntN(70)
			var a []float32
			if p := params(m, n); p > 0 {
				if m.rng.IntN(3) == 0 && (f.name == "Slope" || f.name == "Swish") {
					p = n
				}
				a = m.in(p)
			}
			f.forward(m.out(n), m.in(n), a)
		}
		kernelTable = append(kernelTable, row)
		row.name = f.name + "Backward"
		row.run = func(m *memory) {
			n := 1 + m.rng.IntN(70)
			var dx, a, da []float32
			wanted := m.rng.IntN(3)
			if wanted != 1 || !f.param {
				dx = m.out(n)
			}
			if p := params(m, n); p > 0 {
				a = m.in(p)
				if wanted > 0 {
					da = m.inOut(p)
				}
			}
			f.backward(dx, m.in(n), m.in(n), a, da)
		}
		kernelTable = append(kernelTable, row)
	}
	row := kernelTable[0]
	row.name, row.rounds = "Exp", 20
	row.run = func(m *memory) {
		n := 1 + m.rng.IntN(70)
		Exp(m.out(n), m.in(n))
	}
	kernelTable = append(kernelTable, row)
}
