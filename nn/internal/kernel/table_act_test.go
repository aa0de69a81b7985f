package kernel

// actRows are the functions with a parameter: of any length, with one parameter, one a pixel or,
// forward, one a value, with and without each gradient.
func actRows() (rows []kernelRow) {
	for _, f := range []struct {
		name     string
		forward  func(y, x, a []float32)
		backward func(dx, dy, x, a, da []float32)
		heldBy   string // of values
		each     bool   // one parameter a value
	}{
		{"Slope", SlopeForward, SlopeBackward, "", true},
		{"SlopeFlat", SlopeForward, SlopeFlatBackward, "", false},
		{"Swish", SwishForward, SwishBackward, "TestExponentialsAreAccurate", true},
	} {
		params := func(m *memory, n int) int {
			if m.rng.IntN(2) == 0 {
				return 1
			}
			return (n + Lanes - 1) / Lanes
		}
		if f.name != "SlopeFlat" { // whose values are those of Slope
			rows = append(rows, kernelRow{f.name + "Forward", 20, f.heldBy, func(m *memory) {
				n := 1 + m.rng.IntN(70)
				p := params(m, n)
				if f.each && m.rng.IntN(3) == 0 {
					p = n
				}
				f.forward(m.out(n), m.in(n), m.in(p))
			}})
		}
		gradient := func(m *memory, withDX, withDA bool) {
			n := 1 + m.rng.IntN(70)
			var dx, da []float32
			if withDX {
				dx = m.out(n)
			}
			p := params(m, n)
			if withDA {
				da = m.inOut(p)
			}
			f.backward(dx, m.in(n), m.in(n), m.in(p), da)
		}
		rows = append(rows,
			kernelRow{f.name + "Backward", 20, f.heldBy, func(m *memory) { gradient(m, true, false) }},
			kernelRow{f.name + "Backward of the parameter", 20, "TestParametersOfPixels", func(m *memory) { gradient(m, m.rng.IntN(2) == 0, true) }})
	}
	return append(rows, kernelRow{"Exp", 20, "TestExponentialsAreAccurate", func(m *memory) {
		n := 1 + m.rng.IntN(70)
		Exp(m.out(n), m.in(n))
	}})
}
