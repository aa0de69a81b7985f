package kernel

import (
	"math"
	"math/rand/v2"
)

func randomDense(rng *rand.Rand) *Dense { return NewDense(1+rng.IntN(40), 1+rng.IntN(14)) }

// randomRates are those of gradient descent with momentum, in both forms.
func randomRates(rng *rand.Rand) SGDRates { return SGDRates{0.01, 0.9, rng.IntN(2) == 0} }

var updateRows = []kernelRow{
	{"Add", 20, "", func(m *memory) {
		n := 1 + m.rng.IntN(70)
		Add(m.inOut(n), m.in(n))
	}},
	{"Adam", 20, "", func(m *memory) {
		n := 1 + m.rng.IntN(70)
		v := m.values(n)
		for i := range v {
			v[i] = float32(math.Abs(float64(v[i])))
		}
		Adam(m.inOut(n), m.in(n), m.inOut(n), m.inOutOf(v), AdamRates{0.1, 0.001, 0.01, 0.9, 1e-8})
	}},
	{"SGD", 20, "", func(m *memory) {
		n := 1 + m.rng.IntN(70)
		SGD(m.inOut(n), m.in(n), 0.01)
	}},
	{"SGDPyTorch", 20, "", func(m *memory) {
		n := 1 + m.rng.IntN(70)
		SGDPyTorch(m.inOut(n), m.in(n), m.inOut(n), randomRates(m.rng))
	}},
	{"SGDKeras", 20, "", func(m *memory) {
		n := 1 + m.rng.IntN(70)
		SGDKeras(m.inOut(n), m.in(n), m.inOut(n), randomRates(m.rng))
	}},
}

var moveRows = []kernelRow{
	{"FromBytes", 20, "", func(m *memory) {
		n := 1 + m.rng.IntN(70)
		var x [Lanes][]byte
		for l := range x {
			x[l] = m.inBytes(n)
		}
		FromBytes(m.out(n*Lanes), x, [Lanes]bool{3: true, 15: true})
	}},
	{"Transpose", 20, "", func(m *memory) {
		rows, cols := 1+m.rng.IntN(40), 1+m.rng.IntN(40)
		Transpose(m.out(rows*cols), m.in(rows*cols), rows, cols)
	}},
	{"CopyRows", 20, "", func(m *memory) {
		rows, width := 1+m.rng.IntN(20), 1+m.rng.IntN(40)
		pitch := width + m.rng.IntN(20)
		CopyRows(m.out(rows*width), m.in((rows-1)*pitch+width), rows, width, pitch)
	}},
	{"PackMaps", 20, "", func(m *memory) {
		p := PackedMaps{C: 1 + m.rng.IntN(40), H: 1 + m.rng.IntN(9), W: 1 + m.rng.IntN(20), Border: m.rng.IntN(2)}
		to := m.inOutOf(p.cleared(garbage(p.Size())))
		PackMaps(to[:len(to):len(to)], m.in(p.C*p.H*p.W), p.H*p.W, &p, Range{0, p.Blocks()})
	}},
	{"UnpackMaps", 20, "", func(m *memory) {
		p := PackedMaps{C: 1 + m.rng.IntN(40), H: 1 + m.rng.IntN(9), W: 1 + m.rng.IntN(20), Border: 0}
		UnpackMaps(m.out(p.C*p.H*p.W), m.in(p.Size()), p.H*p.W, &p, Range{0, p.Blocks()})
	}},
	{"Hash", 20, "TestHashTellsNumbersApart", func(m *memory) { m.result(float64(Hash([][]float32{m.in(1 + m.rng.IntN(40)), m.in(5)}))) }},
}

// The joins are loops in Go on every backend.
var joinRows = []kernelRow{
	{"AddMaps", 10, "", func(m *memory) {
		n, area := randomArea(m.rng)
		AddMaps(m.out(n*area*Lanes), m.in(n*area*Lanes), m.in(n*Lanes), area)
	}},
	{"MulMaps", 10, "", func(m *memory) {
		n, area := randomArea(m.rng)
		MulMaps(m.out(n*area*Lanes), m.in(n*area*Lanes), m.in(n*Lanes), area)
	}},
	{"SumMaps", 10, "", func(m *memory) {
		n, area := randomArea(m.rng)
		SumMaps(m.out(n*Lanes), m.in(n*area*Lanes), area)
	}},
	{"SumProducts", 10, "", func(m *memory) {
		n, area := randomArea(m.rng)
		SumProducts(m.out(n*Lanes), m.in(n*area*Lanes), m.in(n*area*Lanes), area)
	}},
	{"ChannelSums", 10, "", func(m *memory) {
		n, area := randomArea(m.rng)
		ChannelSums(m.inOut(n), m.in(n*area*Lanes), area, 0, n)
	}},
}

func randomArea(rng *rand.Rand) (n, area int) { return 1 + rng.IntN(9), 1 + rng.IntN(9) }
