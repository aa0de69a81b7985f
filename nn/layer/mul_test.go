package layer_test

import (
	"testing"

	"github.com/gonn-toolkit/gonn/nn/layer"
	"github.com/gonn-toolkit/gonn/nn/nntest"
	"github.com/gonn-toolkit/gonn/nn/op"
)

func TestMul(t *testing.T) {
	for _, in := range [][]op.Shape{
		{{2, 3, 4}, {2, 3, 4}},
		{{5}, {5}},
		{{3, 2, 3}, {3, 1, 1}},
		{{3, 1, 1}, {3, 2, 3}},
		{{2, 1, 1}, {2, 1, 1}},
	} {
		n := max(in[0].Size(), in[1].Size())
		nntest.Layer(t, nntest.Case{Layer: layer.Mul{}, In: in, Formula: func(_, x [][]float64) []float64 {
			y := make([]float64, n)
			for i := range y {
				y[i] = x[0][meets(i, n, len(x[0]))] * x[1][meets(i, n, len(x[1]))]
			}
			return y
		}})
	}
	nntest.Refuses(t, layer.Mul{}, []op.Shape{{2}}, "got 1 inputs", "need 2")
	nntest.Refuses(t, layer.Mul{}, []op.Shape{{2}, {2}, {2}}, "got 3 inputs", "need 2")
	nntest.Refuses(t, layer.Mul{}, []op.Shape{{2, 3, 4}, {3, 1, 1}}, "got inputs (2, 3, 4) and (3, 1, 1)")
}
