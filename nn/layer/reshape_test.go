package layer_test

import (
	"slices"
	"testing"

	"github.com/gonn-toolkit/gonn/nn/layer"
	"github.com/gonn-toolkit/gonn/nn/nntest"
	"github.com/gonn-toolkit/gonn/nn/op"
)

func TestReshape(t *testing.T) {
	for _, c := range []struct {
		to      [3]int
		in, out op.Shape
	}{
		{[3]int{2, 3, 4}, op.Shape{24}, op.Shape{2, 3, 4}},
		{[3]int{6, 1, 1}, op.Shape{6}, op.Shape{6, 1, 1}},
		{[3]int{3, 2, 4}, op.Shape{2, 3, 4}, op.Shape{3, 2, 4}},
		{[3]int{4, 3}, op.Shape{2, 3, 2}, op.Shape{4, 3}},
		{[3]int{5, 7, 1}, op.Shape{7, 5, 1}, op.Shape{5, 7, 1}},
	} {
		l := layer.Reshape{Shape: c.to}
		checkShape(t, l, c.in, c.out)
		nntest.Layer(t, nntest.Case{Layer: l, In: []op.Shape{c.in}, Formula: func(_, x [][]float64) []float64 {
			return slices.Clone(x[0])
		}})
	}
	in := []op.Shape{{2, 3, 4}}
	nntest.Refuses(t, layer.Reshape{Shape: [3]int{12, 2}}, []op.Shape{{2}, {2}}, "got 2 inputs", "need 1")
	nntest.Refuses(t, layer.Reshape{Shape: [3]int{5, 5, 1}}, in, "Shape is [5 5 1]", "(2, 3, 4) has 24 elements")
	nntest.Refuses(t, layer.Reshape{}, in, "Shape [0 0 0]", "below 1")
	nntest.Refuses(t, layer.Reshape{Shape: [3]int{24}}, in, "Shape [24 0 0]", "two or three sizes")
	nntest.Refuses(t, layer.Reshape{Shape: [3]int{-1, 3, 4}}, in, "below 1")
	nntest.Refuses(t, layer.Reshape{Shape: [3]int{1 << 20, 1 << 20, 1 << 24}}, in, "more than")
}
