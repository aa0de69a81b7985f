package kernel

// kernelTable lists all kernels for the tests of memory. A run takes its slices from m.
var kernelTable = []struct {
	name   string
	rounds int
	run    func(m *memory)
}{
	{"ConvForward", 30, func(m *memory) {
		c := randomConv(m.rng)
		b := m.in(c.Out)
		if m.rng.IntN(3) == 0 {
			b = nil
		}
		ConvForward(m.out(c.outputs()), m.in(c.inputs()), m.in(c.numWeights()), b, c)
	}},
	{"ConvInputGrad", 30, func(m *memory) {
		c := randomConv(m.rng)
		ConvInputGrad(m.out(c.inputs()), m.in(c.outputs()), m.in(c.numWeights()), c)
	}},
	{"ConvWeightGrad", 30, func(m *memory) {
		c := randomConv(m.rng)
		ConvWeightGrad(m.inOut(c.numWeights()), m.inOut(c.Out), m.in(c.outputs()), m.in(c.inputs()), c)
	}},
	{"DenseForward", 20, func(m *memory) {
		d := NewDense(1+m.rng.IntN(40), 1+m.rng.IntN(14))
		DenseForward(m.out(d.Out*Lanes), m.in(d.In*Lanes), m.in(d.In*d.Out), m.in(d.Out), d)
	}},
	{"DenseInputGrad", 20, func(m *memory) {
		d := NewDense(1+m.rng.IntN(40), 1+m.rng.IntN(14))
		DenseInputGrad(m.out(d.In*Lanes), m.in(d.Out*Lanes), m.in(d.In*d.Out), d)
	}},
	{"DenseWeightGrad", 20, func(m *memory) {
		d := NewDense(1+m.rng.IntN(40), 1+m.rng.IntN(14))
		DenseWeightGrad(m.inOut(d.In*d.Out), m.inOut(d.Out), m.in(d.Out*Lanes), m.in(d.In*Lanes), d)
	}},
}

func (c *Conv) inputs() int     { return c.In * c.H * c.W * Lanes }
func (c *Conv) outputs() int    { return c.Out * c.OH * c.OW * Lanes }
func (c *Conv) numWeights() int { return c.Out * c.In / c.Groups * c.KH * c.KW }
