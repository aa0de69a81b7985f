package layer_test

import (
	"slices"
	"testing"

	"github.com/gonn-toolkit/gonn/nn/layer"
	"github.com/gonn-toolkit/gonn/nn/nntest"
	"github.com/gonn-toolkit/gonn/nn/op"
)

func TestConcat(t *testing.T) {
	for _, c := range []struct {
		in  []op.Shape
		out op.Shape
	}{
		{[]op.Shape{{2, 3, 4}, {1, 3, 4}}, op.Shape{3, 3, 4}},
		{[]op.Shape{{3}, {1}, {4}}, op.Shape{8}},
		{[]op.Shape{{2, 3, 1}}, op.Shape{2, 3, 1}},
		{[]op.Shape{{2, 1, 1}, {2, 1, 1}, {5, 1, 1}, {1, 1, 1}}, op.Shape{10, 1, 1}},
	} {
		op, err := layer.Concat{}.Bind(c.in)
		if err != nil || !op.Shape().Equal(c.out) {
			t.Fatalf("%v and error %v, want %v", op, err, c.out)
		}
		nntest.Layer(t, nntest.Case{Layer: layer.Concat{}, In: c.in, Formula: func(_, x [][]float64) []float64 {
			return slices.Concat(x...)
		}})
	}
	nntest.Refuses(t, layer.Concat{}, nil, "got no inputs")
	nntest.Refuses(t, layer.Concat{}, []op.Shape{{2, 3, 4}, {2, 4, 3}}, "(2, 3, 4) and (2, 4, 3)", "differ in more than their first axis")
	nntest.Refuses(t, layer.Concat{}, []op.Shape{{2, 3, 4}, {2}}, "(2, 3, 4) and (2)")
}
