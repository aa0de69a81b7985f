package kernel

import "math/rand/v2"

// normalised are the numbers of a normalisation and of the slope behind it.
var normalised = NormAct{0.1, 1.2, -0.3, 0.25}

// normalisedConv is one that reads its input through a normalisation and an activation.
func normalisedConv(rng *rand.Rand) (*Conv, *NormInput) {
	c := randomConv(rng)
	for c.weights.dense() {
		c = randomConv(rng)
	}
	in := &NormInput{Func: []NormFunc{NormRelu, NormSlope}[rng.IntN(2)]}
	for range c.In {
		in.Channels = append(in.Channels, normalised)
	}
	return c, in
}

func randomNormFunc(rng *rand.Rand) NormFunc {
	return []NormFunc{NormRelu, NormSlope, NormSlopeFlat}[rng.IntN(3)]
}

var normRows = []kernelRow{
	{"Affine", 20, "", func(m *memory) {
		n := (1 + m.rng.IntN(70)) * Lanes
		Affine(m.out(n), m.in(n), 0.3, 1.5, -0.1)
	}},
	{"NormGrad", 20, "", func(m *memory) {
		n := (1 + m.rng.IntN(70)) * Lanes
		NormGrad(m.out(n), m.in(n), m.in(n), NormRates{0.3, 1.5, -0.1, 0.2})
	}},
	{"Moments", 20, "TestMomentsAreAccurate", func(m *memory) { m.result(Moments(m.in((1+m.rng.IntN(70))*Lanes), 7)) }},
	{"SumProduct", 20, "TestNormLoopsEqualTheirDefinitions", func(m *memory) {
		n := (1 + m.rng.IntN(70)) * Lanes
		m.result(SumProduct(m.in(n), m.in(n), 0.5))
	}},
	{"ChainProduct", 20, "TestNormLoopsEqualTheirDefinitions", func(m *memory) {
		n := (1 + m.rng.IntN(70)) * Lanes
		m.result(ChainProduct(m.inOut(n), m.in(n), m.in(n), 0.5))
	}},
	{"NormFunc.Forward", 40, "", func(m *memory) {
		n := (1 + m.rng.IntN(70)) * Lanes
		randomNormFunc(m.rng).Forward(m.out(n), m.in(n), normalised)
	}},
	{"NormFunc.Sums", 40, "TestNormFuncsEqualTheirDefinitions", func(m *memory) {
		n := (1 + m.rng.IntN(70)) * Lanes
		m.result(randomNormFunc(m.rng).Sums(m.in(n), m.in(n), normalised))
	}},
	{"NormFunc.Backward", 40, "", func(m *memory) {
		n := (1 + m.rng.IntN(70)) * Lanes
		slope := randomNormFunc(m.rng).Backward(m.out(n), m.in(n), m.in(n), normalised, NormRates{0.1, 0.8, 0.02, 0.01})
		m.result(slope)
	}},
}

var poolRows = []kernelRow{
	{"MaxPoolForward", 30, "", func(m *memory) {
		p, _ := randomPool(m.rng)
		MaxPoolForward(m.out(p.outputs()), m.in(p.inputs()), p)
	}},
	{"MaxPoolBackward", 30, "", func(m *memory) { maxPoolGrad(m, MaxPoolBackward) }},
	{"MaxPoolBackwardShared", 10, "", func(m *memory) { maxPoolGrad(m, MaxPoolBackwardShared) }},
	{"MaxPoolPlane", 10, "", func(m *memory) {
		p, _ := randomPool(m.rng)
		MaxPoolPlane(m.out(p.OH*p.OW), m.in(p.H*p.W), p)
	}},
	{"AveragePoolForward", 30, "", func(m *memory) {
		p, pads := randomPool(m.rng)
		AveragePoolForward(m.out(p.outputs()), m.in(p.inputs()), p, &pads)
	}},
	{"AveragePoolBackward", 30, "", func(m *memory) {
		p, pads := randomPool(m.rng)
		AveragePoolBackward(m.out(p.inputs()), m.in(p.outputs()), p, &pads)
	}},
	{"AveragePoolPlane", 10, "", func(m *memory) {
		p, pads := randomPool(m.rng)
		AveragePoolPlane(m.out(p.OH*p.OW), m.in(p.H*p.W), p, &pads)
	}},
	{"MaxPoolPacked", 20, "", func(m *memory) {
		p := randomPackedPool(m.rng)
		MaxPoolPacked(m.out(p.Writes(p.C)), m.in(p.Reads(p.C)), p, Range{0, p.OH}, Range{0, p.C})
	}},
	{"AveragePoolPacked", 20, "", func(m *memory) {
		p := randomPackedPool(m.rng)
		AveragePoolPacked(m.out(p.Writes(p.C)), m.in(p.Reads(p.C)), p, nil, Range{0, p.OH}, Range{0, p.C})
	}},
}

func (p *Pool) inputs() int  { return p.C * p.H * p.W * Lanes }
func (p *Pool) outputs() int { return p.C * p.OH * p.OW * Lanes }

// maxPoolGrad runs a derivative of a maximum on what the maximum gave.
func maxPoolGrad(m *memory, backward func(dx, dy, x, y []float32, p *Pool)) {
	p, _ := randomPool(m.rng)
	x, y := m.values(p.inputs()), make([]float32, p.outputs())
	MaxPoolForward(y, x, p)
	backward(m.out(len(x)), m.in(len(y)), m.inOf(x), m.inOf(y), p)
}

func randomPackedPool(rng *rand.Rand) *PackedPool {
	p, _ := randomPool(rng)
	return &PackedPool{p, p.W * Lanes, p.H * p.W * Lanes, p.OW * Lanes, p.OH * p.OW * Lanes}
}

var softmaxKernelRows = []kernelRow{
	{"SoftmaxExp", 20, "TestSoftmaxExpIsAccurate", func(m *memory) {
		n := (1 + m.rng.IntN(70)) * Lanes
		var y []float32
		if m.rng.IntN(3) > 0 {
			y = m.out(n)
		}
		_, rest := SoftmaxExp(y, m.in(n))
		m.result(rest[:]...)
	}},
	{"SoftmaxColumn", 10, "TestSoftmaxColumnIsSoftmaxExp", func(m *memory) {
		k, pixels := 1+m.rng.IntN(9), 1+m.rng.IntN(3)
		_, rest := SoftmaxColumn(m.in(k*pixels*Lanes), pixels, m.rng.IntN(pixels))
		m.result(rest[:]...)
	}},
	{"ScaleLanes", 20, "", func(m *memory) {
		ScaleLanes(m.inOut((1+m.rng.IntN(70))*Lanes), [Lanes]float32(random(m.rng, Lanes)))
	}},
}
