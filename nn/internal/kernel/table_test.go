package kernel

import "strings"

// A kernelRow runs an exported kernel on random slices of m. The tests of memory, of the race
// detector and of bits go through all rows.
type kernelRow struct {
	name   string // of the exported function or method; behind a blank, what the row is about
	rounds int
	heldBy string // the test that holds the results to their definition; "": they have the Go loop's bits
	run    func(m *memory)
}

// kernel is the exported function or method.
func (k kernelRow) kernel() string {
	name, _, _ := strings.Cut(k.name, " ")
	return name
}

// kernelTable has a row for each exported kernel, at least.
var kernelTable []kernelRow

func init() {
	for _, rows := range [][]kernelRow{
		convRows, denseRows, updateRows, moveRows, joinRows, normRows, poolRows, softmaxKernelRows, packedRows, fastRows,
		actRows(), formulaRows(),
	} {
		kernelTable = append(kernelTable, rows...)
	}
}

// kernelsOfTable are the exported kernels that have a row.
func kernelsOfTable() map[string]bool {
	names := map[string]bool{}
	for _, k := range kernelTable {
		names[k.kernel()] = true
	}
	return names
}

// heldByConv is the test of what is computed like a convolution.
const heldByConv = "TestConvEqualsPlainLoopsOnRandomGeometry"

var convRows = []kernelRow{
	{"ConvForward", 30, heldByConv, func(m *memory) {
		c := randomConv(m.rng)
		b := m.in(c.Out)
		if m.rng.IntN(3) == 0 {
			b = nil
		}
		ConvForward(m.out(c.outputs()), m.in(c.inputs()), m.in(c.numWeights()), b, c)
	}},
	{"ConvInputGrad", 30, heldByConv, func(m *memory) {
		c := randomConv(m.rng)
		ConvInputGrad(m.out(c.inputs()), m.in(c.outputs()), m.in(c.numWeights()), c)
	}},
	{"ConvAddInputGrad", 30, heldByConv, func(m *memory) {
		c := randomConv(m.rng)
		ConvAddInputGrad(m.inOut(c.inputs()), m.in(c.outputs()), m.in(c.numWeights()), c)
	}},
	{"ConvWeightGrad", 30, heldByConv, func(m *memory) {
		c := randomConv(m.rng)
		ConvWeightGrad(m.inOut(c.numWeights()), m.inOut(c.Out), m.in(c.outputs()), m.in(c.inputs()), c)
	}},
	{"ConvTransposeForward", 10, heldByConv, func(m *memory) {
		c := randomConv(m.rng)
		ConvTransposeForward(m.out(c.inputs()), m.in(c.outputs()), m.in(c.numWeights()), m.in(c.In), c)
	}},
	{"ConvTransposeInputGrad", 10, heldByConv, func(m *memory) {
		c := randomConv(m.rng)
		ConvTransposeInputGrad(m.out(c.outputs()), m.in(c.inputs()), m.in(c.numWeights()), c)
	}},
	{"ConvTransposeWeightGrad", 10, heldByConv, func(m *memory) {
		c := randomConv(m.rng)
		ConvTransposeWeightGrad(m.inOut(c.numWeights()), m.in(c.inputs()), m.in(c.outputs()), c)
	}},
	{"ConvForwardNorm", 30, "TestConvOfNormalisedInput", func(m *memory) {
		c, in := normalisedConv(m.rng)
		ConvForwardNorm(m.out(c.outputs()), m.in(c.inputs()), m.in(c.numWeights()), m.in(c.Out), c, in)
	}},
	{"ConvWeightGradNorm", 30, "TestConvOfNormalisedInput", func(m *memory) {
		c, in := normalisedConv(m.rng)
		ConvWeightGradNorm(m.inOut(c.numWeights()), m.inOut(c.Out), m.in(c.outputs()), m.in(c.inputs()), c, in)
	}},
	{"ConvSingle", 20, "TestConvSingleEqualsPlainLoops", func(m *memory) {
		s := randomSingle(m.rng)
		s.YPlane = s.N // every float of y is written
		ConvSingle(m.out(s.Writes()), m.in(s.Reads()), m.in(s.Out*s.In/s.Groups*s.KH*s.KW), m.in(s.Out), s)
	}},
}

var denseRows = []kernelRow{
	{"DenseForward", 20, "TestDenseEqualsPlainLoopsOnRandomSizes", func(m *memory) {
		d := randomDense(m.rng)
		DenseForward(m.out(d.Out*Lanes), m.in(d.In*Lanes), m.in(d.In*d.Out), m.in(d.Out), d)
	}},
	{"DenseInputGrad", 20, "TestDenseEqualsPlainLoopsOnRandomSizes", func(m *memory) {
		d := randomDense(m.rng)
		DenseInputGrad(m.out(d.In*Lanes), m.in(d.Out*Lanes), m.in(d.In*d.Out), d)
	}},
	{"DenseWeightGrad", 20, "TestDenseEqualsPlainLoopsOnRandomSizes", func(m *memory) {
		d := randomDense(m.rng)
		DenseWeightGrad(m.inOut(d.In*d.Out), m.inOut(d.Out), m.in(d.Out*Lanes), m.in(d.In*Lanes), d)
	}},
	{"DenseSingle", 20, "TestDenseSingleEqualsPlainLoops", func(m *memory) {
		in, out := 1+m.rng.IntN(70), 1+m.rng.IntN(11)
		DenseSingle(m.out(out), m.in(in), m.in(in*out), m.in(out))
	}},
	{"DenseTransposedSingle", 20, "", func(m *memory) {
		in, out := 1+m.rng.IntN(20), 1+m.rng.IntN(30)
		pitch := out + m.rng.IntN(4)
		DenseTransposedSingle(m.out(out), m.in(in), m.in((in-1)*pitch+out), pitch)
	}},
}
