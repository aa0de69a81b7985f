package nn_test

import (
	"slices"
	"testing"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/nn/nntest"
)

func TestFlatten(t *testing.T) {
	for _, in := range []nn.Shape{{2, 3, 4}, {5}, {1, 1, 1}, {2, 2}} {
		nntest.Layer(t, nntest.Case{Layer: nn.Flatten{}, In: []nn.Shape{in}, Formula: func(_, x [][]float64) []float64 {
			return slices.Clone(x[0])
		}})
	}
	nntest.Refuses(t, nn.Flatten{}, []nn.Shape{{2}, {2}}, "got 2 inputs", "need 1")
}
