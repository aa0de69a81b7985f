package layer_test

import (
	"testing"

	"github.com/gonn-toolkit/gonn/nn/layer"
	"github.com/gonn-toolkit/gonn/nn/nntest"
	"github.com/gonn-toolkit/gonn/nn/op"
)

// meets is the element of an input of so many that element i of n joins.
func meets(i, n, input int) int { return i / (n / input) }

func TestAdd(t *testing.T) {
	for _, in := range [][]op.Shape{
		{{2, 3, 4}, {2, 3, 4}},
		{{5}, {5}},
		{{2, 1, 1}, {2, 1, 1}, {2, 1, 1}},
		{{3, 2, 3}, {3, 1, 1}},
		{{3, 1, 1}, {3, 2, 3}},
		{{2, 3, 1}, {2, 3, 1}, {2, 1, 1}, {2, 3, 1}},
	} {
		n := 0
		for _, s := range in {
			n = max(n, s.Size())
		}
		nntest.Layer(t, nntest.Case{Layer: layer.Add{}, In: in, Formula: func(_, x [][]float64) []float64 {
			y := make([]float64, n)
			for i := range y {
				for _, v := range x {
					y[i] += v[meets(i, n, len(v))]
				}
			}
			return y
		}})
	}
	nntest.Refuses(t, layer.Add{}, []op.Shape{{2, 3, 4}}, "got 1 inputs", "at least 2")
	nntest.Refuses(t, layer.Add{}, []op.Shape{{2, 3, 4}, {2, 4, 3}}, "got inputs (2, 3, 4) and (2, 4, 3)", "(C, 1, 1)")
	nntest.Refuses(t, layer.Add{}, []op.Shape{{2, 3, 4}, {1, 1, 1}}, "got inputs (2, 3, 4) and (1, 1, 1)")
	nntest.Refuses(t, layer.Add{}, []op.Shape{{2}, {2, 3, 4}}, "got inputs (2, 3, 4) and (2)")
	nntest.Refuses(t, layer.Add{}, []op.Shape{{4}, {1}}, "got inputs (4) and (1)")
}
