//go:build !race

package nn_test

import (
	"testing"

	"github.com/gonn-toolkit/gonn/nn"
)

// With the race detector sync.Pool drops what it is given now and then, on purpose.

func TestCrossEntropyAndSoftmaxMakeNoGarbage(t *testing.T) {
	shape := nn.Shape{100}
	op, err := nn.Softmax{}.Bind([]nn.Shape{shape})
	if err != nil {
		t.Fatal(err)
	}
	x, y, labels := []nn.Block{nn.NewBlock(shape)}, nn.NewBlock(shape), make([]int, nn.Lanes)
	if n := testing.AllocsPerRun(20, func() {
		nn.CrossEntropy{}.Block(x[0], labels, y, 1)
		op.Forward(nil, x, y)
	}); n > 0 {
		t.Errorf("%g allocations", n)
	}
}
