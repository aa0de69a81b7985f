package kernel

import "unsafe"

func fakeNorms() *normKernels {
	relu, slope, flat := fakeNormAct(normReluGo), fakeNormAct(normSlopeGo), fakeNormAct(normFlatGo)
	return &normKernels{
		affine: func(a *normArgs) { affineGo(a.all(a.y), a.all(a.x), a.rate(0), a.rate(1), a.rate(2)) },
		grad: func(a *normArgs) {
			normGradGo(a.all(a.y), a.all(a.dy), a.all(a.x), NormRates{a.rate(0), a.rate(1), a.rate(2), a.rate(3)})
		},
		sums:     func(a *normArgs) { a.sum(0, laneSumsGo(a.all(a.x))) },
		moments:  func(a *normArgs) { a.twoSums(laneMomentsGo(a.all(a.x), a.rate(0))) },
		products: func(a *normArgs) { a.twoSums(laneProductsGo(a.all(a.dy), a.all(a.x), a.rate(0))) },

		chain: func(a *normArgs) {
			a.twoSums(chainProductsGo(a.all(a.y), a.all(a.dy), a.all(a.x), a.rate(0)))
		},

		reluForward: relu.forward, reluSums: relu.sums, reluGrad: relu.grad,
		slopeForward: slope.forward, slopeSums: slope.sums, slopeGrad: slope.grad,
		flatSums: flat.sums, flatGrad: flat.grad,
	}
}

type fakeActLoops struct{ forward, sums, grad func(*normArgs) }

func fakeNormAct(f normAct) fakeActLoops {
	return fakeActLoops{
		forward: func(a *normArgs) {
			width := int(a.pixels) * Lanes
			expectCount(a.pixels*a.rows, actPixels, a)
			for r := range a.rows {
				y := floatsAt(a.y, r*(a.pixels*pixelBytes+a.yR), width)
				f.forward(y, floatsAt(a.x, r*a.pixels*pixelBytes, width), a.act(), rows{})
			}
		},
		sums: func(a *normArgs) { a.twoSums(f.sums(a.all(a.dy), a.all(a.x), a.act())) },
		grad: func(a *normArgs) {
			r := NormRates{Mean: a.rate(0), Scale: a.rate(4), Slope: a.rate(5), Shift: a.rate(6)}
			a.sum(0, f.grad(a.all(a.y), a.all(a.dy), a.all(a.x), a.act(), r))
		},
	}
}

func (a *normArgs) act() NormAct { return NormAct{a.rate(0), a.rate(1), a.rate(2), a.rate(3)} }

// all are the floats of all pixels from p on.
func (a *normArgs) all(p unsafe.Pointer) []float32 {
	expectCount(a.pixels, actPixels, a)
	return floatsAt(p, 0, int(a.pixels)*Lanes)
}

func (a *normArgs) rate(i int) float32 { return floatsAt(a.rates, 0, i+1)[i] }

// sum writes sum i.
func (a *normArgs) sum(i int, lanes [Lanes]float32) {
	copy(floatsAt(a.sums, uintptr(i)*pixelBytes, Lanes), lanes[:])
}

func (a *normArgs) twoSums(first, second [Lanes]float32) {
	a.sum(0, first)
	a.sum(1, second)
}
