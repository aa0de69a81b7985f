package kernel

import "math/rand/v2"

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
	{"ConvSingle", 20, func(m *memory) {
		s := randomSingle(m.rng)
		s.YPlane = s.N // every float of y is written
		ConvSingle(m.out(s.Writes()), m.in(s.Reads()), m.in(s.Out*s.In/s.Groups*s.KH*s.KW), m.in(s.Out), s)
	}},
	{"DenseSingle", 20, func(m *memory) {
		in, out := 1+m.rng.IntN(70), 1+m.rng.IntN(11)
		DenseSingle(m.out(out), m.in(in), m.in(in*out), m.in(out))
	}},
	{"Add", 20, func(m *memory) {
		n := 1 + m.rng.IntN(70)
		Add(m.inOut(n), m.in(n))
	}},
	{"Adam", 20, func(m *memory) {
		n := 1 + m.rng.IntN(70)
		v := m.inOut(n)
		for i := range v {
			v[i] *= v[i]
		}
		Adam(m.inOut(n), m.in(n), m.inOut(n), v, AdamRates{0.1, 0.001, 0.01, 0.9, 1e-8})
	}},
	{"SGD", 20, func(m *memory) {
		n := 1 + m.rng.IntN(70)
		SGD(m.inOut(n), m.in(n), 0.01)
	}},
	{"SGDPyTorch", 20, func(m *memory) {
		n := 1 + m.rng.IntN(70)
		SGDPyTorch(m.inOut(n), m.in(n), m.inOut(n), SGDRates{0.01, 0.9, m.rng.IntN(2) == 0})
	}},
	{"SGDKeras", 20, func(m *memory) {
		n := 1 + m.rng.IntN(70)
		SGDKeras(m.inOut(n), m.in(n), m.inOut(n), SGDRates{0.01, 0.9, m.rng.IntN(2) == 0})
	}},
	{"FromBytes", 20, func(m *memory) {
		n := 1 + m.rng.IntN(70)
		var x [Lanes][]byte
		for l := range x {
			x[l] = m.inBytes(n)
		}
		FromBytes(m.out(n*Lanes), x, [Lanes]bool{3: true, 15: true})
	}},
	{"Transpose", 20, func(m *memory) {
		rows, cols := 1+m.rng.IntN(40), 1+m.rng.IntN(40)
		Transpose(m.out(rows*cols), m.in(rows*cols), rows, cols)
	}},
	{"CopyRows", 20, func(m *memory) {
		rows, width := 1+m.rng.IntN(20), 1+m.rng.IntN(40)
		pitch := width + m.rng.IntN(20)
		CopyRows(m.out(rows*width), m.in((rows-1)*pitch+width), rows, width, pitch)
	}},
	{"Affine", 20, func(m *memory) {
		n := (1 + m.rng.IntN(70)) * Lanes
		Affine(m.out(n), m.in(n), 0.3, 1.5, -0.1)
	}},
	{"NormGrad", 20, func(m *memory) {
		n := (1 + m.rng.IntN(70)) * Lanes
		NormGrad(m.out(n), m.in(n), m.in(n), NormRates{0.3, 1.5, -0.1, 0.2})
	}},
	{"sums of lanes", 20, func(m *memory) {
		x, dy := m.in((1+m.rng.IntN(70))*Lanes), []float32(nil)
		dy = m.in(len(x))
		to := m.out(4) // for the test to look at
		mean, squares := Moments(x, 7)
		to[0], to[1] = float32(mean), float32(squares)
		sum, product := SumProduct(dy, x, 0.5)
		to[2], to[3] = float32(sum), float32(product)
	}},
	{"NormFunc", 60, func(m *memory) {
		f := []NormFunc{NormRelu, NormSlope, NormSlopeFlat}[m.rng.IntN(3)]
		x, dy := m.in((1+m.rng.IntN(70))*Lanes), []float32(nil)
		dy = m.in(len(x))
		n := NormAct{0.1, 1.2, -0.3, 0.25}
		f.Forward(m.out(len(x)), x, n)
		to := m.out(3) // for the test to look at
		sum, product := f.Sums(dy, x, n)
		slope := f.Backward(m.out(len(x)), dy, x, n, NormRates{0.1, 0.8, 0.02, 0.01})
		to[0], to[1], to[2] = float32(sum), float32(product), float32(slope)
	}},
	{"normalised input of a convolution", 60, func(m *memory) {
		c := randomConv(m.rng)
		for c.weights.dense() {
			c = randomConv(m.rng)
		}
		in := NormInput{Func: []NormFunc{NormRelu, NormSlope}[m.rng.IntN(2)]}
		for range c.In {
			in.Channels = append(in.Channels, NormAct{0.1, 1.2, -0.3, 0.25})
		}
		x, w := m.in(c.inputs()), m.in(c.numWeights())
		ConvForwardNorm(m.out(c.outputs()), x, w, m.in(c.Out), c, &in)
		ConvWeightGradNorm(m.inOut(len(w)), m.inOut(c.Out), m.in(c.outputs()), x, c, &in)
	}},
	{"pools", 60, func(m *memory) {
		p, pads := randomPool(m.rng)
		x, dy := m.in(p.C*p.H*p.W*Lanes), m.in(p.C*p.OH*p.OW*Lanes)
		y := m.out(len(dy))
		MaxPoolForward(y, x, p)
		MaxPoolBackward(m.out(len(x)), dy, x, y, p)
		AveragePoolBackward(m.out(len(x)), dy, p, &pads)
	}},
	{"SoftmaxExp", 20, func(m *memory) {
		n := (1 + m.rng.IntN(70)) * Lanes
		var y []float32
		if m.rng.IntN(3) > 0 {
			y = m.out(n)
		}
		_, rest := SoftmaxExp(y, m.in(n))
		for l, to := 0, m.out(Lanes); l < Lanes; l++ { // for the test to look at
			to[l] = float32(rest[l])
		}
	}},
	{"ScaleLanes", 20, func(m *memory) {
		ScaleLanes(m.inOut((1+m.rng.IntN(70))*Lanes), [Lanes]float32(random(m.rng, Lanes)))
	}},
	{"ConvPacked", 30, func(m *memory) {
		p := randomPacked(m.rng)
		p.packTightly()
		b, add := m.in(p.Blocks()*Lanes), []float32(nil)
		if m.rng.IntN(2) == 0 {
			add = m.in(p.Writes())
		}
		ConvPacked(m.out(p.Writes()), m.in(p.Reads()), m.in(p.Weights()), b, add, &p.PackedConv, Range{0, p.OH}, Range{0, p.Blocks()})
	}},
	{"DepthwisePacked", 30, func(m *memory) {
		p := randomDepthwise(m.rng)
		p.packTightly()
		DepthwisePacked(m.out(p.Writes()), m.in(p.DepthwiseReads()), m.in(p.DepthwiseWeights()), m.in(p.Blocks()*Lanes), &p.PackedConv, Range{0, p.OH}, Range{0, p.Blocks()})
	}},
	{"MaxPoolPacked", 20, func(m *memory) {
		p := randomPackedPool(m.rng)
		MaxPoolPacked(m.out(p.Writes(p.C)), m.in(p.Reads(p.C)), p, Range{0, p.OH}, Range{0, p.C})
	}},
	{"AveragePoolPacked", 20, func(m *memory) {
		p := randomPackedPool(m.rng)
		AveragePoolPacked(m.out(p.Writes(p.C)), m.in(p.Reads(p.C)), p, nil, Range{0, p.OH}, Range{0, p.C})
	}},
	{"PackMaps", 20, func(m *memory) {
		p := PackedMaps{C: 1 + m.rng.IntN(40), H: 1 + m.rng.IntN(9), W: 1 + m.rng.IntN(20), Border: m.rng.IntN(2)}
		PackMaps(p.cleared(m.out(p.Size())), m.in(p.C*p.H*p.W), p.H*p.W, &p, Range{0, p.Blocks()})
	}},
	{"UnpackMaps", 20, func(m *memory) {
		p := PackedMaps{C: 1 + m.rng.IntN(40), H: 1 + m.rng.IntN(9), W: 1 + m.rng.IntN(20), Border: 0}
		UnpackMaps(m.out(p.C*p.H*p.W), m.in(p.Size()), p.H*p.W, &p, Range{0, p.Blocks()})
	}},
}

// packTightly leaves nothing between the rows and the blocks of the output, so that every float is
// written.
func (p *packedCase) packTightly() {
	p.YRow = p.OW * Lanes
	p.YBlock = p.OH * p.YRow
}

func randomPackedPool(rng *rand.Rand) *PackedPool {
	p, _ := randomPool(rng)
	return &PackedPool{p, p.W * Lanes, p.H * p.W * Lanes, p.OW * Lanes, p.OH * p.OW * Lanes}
}
