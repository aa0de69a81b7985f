package kernel

var packedRows = []kernelRow{
	{"ConvPacked", 30, "TestConvPackedEqualsPlainLoops", func(m *memory) {
		p := randomPacked(m.rng)
		p.packTightly()
		b, add := m.in(p.Blocks()*Lanes), []float32(nil)
		if m.rng.IntN(2) == 0 {
			add = m.in(p.Writes())
		}
		ConvPacked(m.out(p.Writes()), m.in(p.Reads()), m.in(p.Weights()), b, add, &p.PackedConv, Range{0, p.OH}, Range{0, p.Blocks()})
	}},
	{"DepthwisePacked", 30, "TestDepthwisePackedEqualsPlainLoops", func(m *memory) {
		p := randomDepthwise(m.rng)
		p.packTightly()
		DepthwisePacked(m.out(p.Writes()), m.in(p.DepthwiseReads()), m.in(p.DepthwiseWeights()), m.in(p.Blocks()*Lanes), &p.PackedConv,
			Range{0, p.OH}, Range{0, p.Blocks()})
	}},
	{"PackedConv.Pack", 10, "", func(m *memory) {
		p := randomPacked(m.rng)
		p.Pack(m.out(p.Weights()), m.in(p.Out*p.In*p.KH*p.KW), m.in(p.Out))
	}},
	{"PackedConv.PackDepthwise", 10, "", func(m *memory) {
		p := randomDepthwise(m.rng)
		p.PackDepthwise(m.out(p.DepthwiseWeights()), m.in(p.Out*p.KH*p.KW), m.in(p.Out))
	}},
}

// packTightly leaves nothing between the rows and the blocks of the output, so that every float is
// written.
func (p *packedCase) packTightly() {
	p.YRow = p.OW * Lanes
	p.YBlock = p.OH * p.YRow
}

// fastRows are of fast convolutions.
var fastRows = []kernelRow{
	{"ConvFast", 15, "TestConvFastEqualsPlainLoops", func(m *memory) {
		c := randomFast(m.rng)
		f := c.fast()
		if m.rng.IntN(2) == 0 {
			f = c.fastInputGrad()
		}
		f.Relu = m.rng.IntN(2) == 0
		size := f.c.outputs()
		var b, add []float32
		switch which := m.rng.IntN(3); {
		case which > 0:
			b = m.in(f.c.Out)
			fallthrough
		case which != 1:
			add = m.in(size)
		}
		ConvFast(m.out(size), m.in(f.c.inputs()), m.in(f.Weights()), b, add, f)
	}},
	{"FastWeights", 10, "", func(m *memory) {
		c := randomFast(m.rng)
		f := c.fast()
		FastWeights(m.out(f.Weights()), m.in(c.numWeights()), m.in(c.Out), f)
	}},
}
