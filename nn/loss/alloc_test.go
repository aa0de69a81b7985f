//go:build !race

package loss_test

import (
	"testing"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/nn/layer"
	"github.com/gonn-toolkit/gonn/nn/loss"
	"github.com/gonn-toolkit/gonn/nn/op"
)

// With the race detector sync.Pool drops what it is given now and then, on purpose.

func TestCrossEntropyAndSoftmaxMakeNoGarbage(t *testing.T) {
	shape := nn.Shape{100}
	bound, err := layer.Softmax{}.Bind([]nn.Shape{shape})
	if err != nil {
		t.Fatal(err)
	}
	x, y, labels := []nn.Block{nn.NewBlock(shape)}, nn.NewBlock(shape), make([]int, nn.Lanes)
	if n := testing.AllocsPerRun(20, func() {
		loss.CrossEntropy{}.Block(x[0], loss.ClassTargets(labels...), y, 1)
		bound.Forward(&op.Call{X: x, Y: y})
	}); n > 0 {
		t.Errorf("%g allocations", n)
	}
}

// The other losses make none either, in a whole step.
func TestLossesMakeNoGarbage(t *testing.T) {
	net := build(t, nn.Shape{4}, layer.Dense{Out: 10})
	data := randomSamples(t, 40, 10, nn.Shape{4})
	idx := upTo(40)
	for _, loss := range []nn.Loss{
		loss.MSE{}, loss.BCE{Semantics: nn.Keras}, loss.Huber{Delta: 0.5}, loss.BCELogits{PosWeight: weightsOfTen},
		loss.CrossEntropy{Smoothing: 0.1, Weights: weightsOfTen},
		loss.ClassWeighted{Loss: loss.BCELogits{}, Weights: weightsOfTen},
	} {
		s := nn.NewStepper(net, loss, 1)
		step(t, s, data, idx)
		if n := testing.AllocsPerRun(20, func() { step(t, s, data, idx) }); n > 2 {
			t.Errorf("%s: %g allocations a step, want at most 2", loss.Name(), n)
		}
	}
}
