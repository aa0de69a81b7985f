package bench

import (
	"fmt"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/nn/internal/kernel"
	"github.com/gonn-toolkit/gonn/nn/loss"
)

// stepCases are what a training step does besides layers: the block's samples, the loss,
// and the update of as many parameters as the study's dense layer has.
func stepCases() (cases []kernelCase) {
	digits := nn.Shape{1, 28, 28}
	cases = append(cases, kernelCase{
		name: "bytes to block", shape: digits.String(), elements: digits.Size() * nn.Lanes,
		prepare: func() func() {
			block := nn.NewBlock(digits)
			var x [nn.Lanes][]byte
			var inverted [nn.Lanes]bool
			for l := range x {
				x[l], inverted[l] = make([]byte, digits.Size()), l%2 == 1
			}
			return func() { block.SetBytes(x, inverted) }
		},
	})
	for _, classes := range []int{10, 1000} {
		shape := nn.Shape{classes}
		cases = append(cases, kernelCase{
			name: "cross-entropy", shape: shape.String(), elements: classes * nn.Lanes,
			prepare: func() func() {
				out, dout, labels := blockOf(shape), nn.NewBlock(shape), make([]int, nn.Lanes)
				return func() { loss.CrossEntropy{}.Block(out, loss.ClassTargets(labels...), dout, 1) }
			},
		})
	}
	cases = append(cases, normCases()...)
	const params = 2592 * 10
	update := func(name string, step func(w, g, m, v []float32)) {
		cases = append(cases, kernelCase{
			name: name, shape: fmt.Sprintf("%d parameters", params), elements: params,
			prepare: func() func() {
				w, g, m, v := numbers(params), numbers(params), make([]float32, params), make([]float32, params)
				return func() { step(w, g, m, v) }
			},
		})
	}
	const rate = 1e-6 // nothing grows, however long it is measured
	update("adam", func(w, g, m, v []float32) {
		kernel.Adam(w, g, m, v, kernel.AdamRates{OneMinus1: 0.1, OneMinus2: 0.001, Rate: rate, Scale: 1, Eps: 1e-8})
	})
	update("sgd", func(w, g, _, _ []float32) { kernel.SGD(w, g, rate) })
	update("sgd momentum", func(w, g, m, _ []float32) {
		kernel.SGDPyTorch(w, g, m, kernel.SGDRates{Rate: rate, Momentum: 0.9})
	})
	return cases
}

// normCases are the loops of a batch normalisation, on a channel of a 32×32 map.
func normCases() (cases []kernelCase) {
	shape := nn.Shape{1, 32, 32}
	n := shape.Size() * nn.Lanes
	for _, loop := range []struct {
		name string
		run  func(y, x, dy []float32)
	}{
		{"norm moments", func(_, x, _ []float32) { kernel.Moments(x, nn.Lanes) }},
		{"norm forward", func(y, x, _ []float32) { kernel.Affine(y, x, 0.1, 1.1, 0.2) }},
		{"norm sum, product", func(_, x, dy []float32) { kernel.SumProduct(dy, x, 0.1) }},
		{"norm backward", func(y, x, dy []float32) {
			kernel.NormGrad(y, dy, x, kernel.NormRates{Mean: 0.1, Scale: 1.1, Slope: 0.1})
		}},
		{"norm, relu forward", func(y, x, _ []float32) { kernel.NormRelu.Forward(y, x, kernel.NormAct{Mean: 0.1, Scale: 1.1}) }},
		{"norm, relu sum, product", func(_, x, dy []float32) { kernel.NormRelu.Sums(dy, x, kernel.NormAct{Mean: 0.1, Scale: 1.1}) }},
		{"norm, relu backward", func(y, x, dy []float32) {
			kernel.NormRelu.Backward(y, dy, x, kernel.NormAct{Mean: 0.1, Scale: 1.1}, kernel.NormRates{Scale: 1.1, Slope: 0.1})
		}},
	} {
		cases = append(cases, kernelCase{
			name: loop.name, shape: shape.String(), elements: n,
			prepare: func() func() {
				y, x, dy := make([]float32, n), numbers(n), numbers(n)
				return func() { loop.run(y, x, dy) }
			},
		})
	}
	return cases
}
