package nn_test

import (
	"slices"
	"testing"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/nn/nntest"
)

func TestReshape(t *testing.T) {
	for _, c := range []struct {
		to      [3]int
		in, out nn.Shape
	}{
		{[3]int{2, 3, 4}, nn.Shape{24}, nn.Shape{2, 3, 4}},
		{[3]int{6, 1, 1}, nn.Shape{6}, nn.Shape{6, 1, 1}},
		{[3]int{3, 2, 4}, nn.Shape{2, 3, 4}, nn.Shape{3, 2, 4}},
		{[3]int{4, 3}, nn.Shape{2, 3, 2}, nn.Shape{4, 3}},
		{[3]int{5, 7, 1}, nn.Shape{7, 5, 1}, nn.Shape{5, 7, 1}},
	} {
		l := nn.Reshape{Shape: c.to}
		checkShape(t, l, c.in, c.out)
		nntest.Layer(t, nntest.Case{Layer: l, In: []nn.Shape{c.in}, Formula: func(_, x [][]float64) []float64 {
			return slices.Clone(x[0])
		}})
	}
	in := []nn.Shape{{2, 3, 4}}
	nntest.Refuses(t, nn.Reshape{Shape: [3]int{12, 2}}, []nn.Shape{{2}, {2}}, "got 2 inputs", "need 1")
	nntest.Refuses(t, nn.Reshape{Shape: [3]int{5, 5, 1}}, in, "Shape is [5 5 1]", "(2, 3, 4) has 24 elements")
	nntest.Refuses(t, nn.Reshape{}, in, "Shape [0 0 0]", "below 1")
	nntest.Refuses(t, nn.Reshape{Shape: [3]int{24}}, in, "Shape [24 0 0]", "two or three sizes")
	nntest.Refuses(t, nn.Reshape{Shape: [3]int{-1, 3, 4}}, in, "below 1")
	nntest.Refuses(t, nn.Reshape{Shape: [3]int{1 << 20, 1 << 20, 1 << 24}}, in, "more than")
}
