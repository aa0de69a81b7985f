package layer_test

import (
	"slices"
	"testing"

	"github.com/gonn-toolkit/gonn/nn/layer"
	"github.com/gonn-toolkit/gonn/nn/nntest"
	"github.com/gonn-toolkit/gonn/nn/op"
)

func TestFlatten(t *testing.T) {
	for _, in := range []op.Shape{{2, 3, 4}, {5}, {1, 1, 1}, {2, 2}, {32, 1, 1}} {
		nntest.Layer(t, nntest.Case{Layer: layer.Flatten{}, In: []op.Shape{in}, Formula: func(_, x [][]float64) []float64 {
			return slices.Clone(x[0])
		}})
	}
	nntest.Refuses(t, layer.Flatten{}, []op.Shape{{2}, {2}}, "got 2 inputs", "need 1")
}
