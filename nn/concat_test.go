package nn_test

import (
	"slices"
	"testing"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/nn/nntest"
)

func TestConcat(t *testing.T) {
	for _, c := range []struct {
		in  []nn.Shape
		out nn.Shape
	}{
		{[]nn.Shape{{2, 3, 4}, {1, 3, 4}}, nn.Shape{3, 3, 4}},
		{[]nn.Shape{{3}, {1}, {4}}, nn.Shape{8}},
		{[]nn.Shape{{2, 3, 1}}, nn.Shape{2, 3, 1}},
		{[]nn.Shape{{2, 1, 1}, {2, 1, 1}, {5, 1, 1}, {1, 1, 1}}, nn.Shape{10, 1, 1}},
	} {
		op, err := nn.Concat{}.Bind(c.in)
		if err != nil || !op.Shape().Equal(c.out) {
			t.Fatalf("%v and error %v, want %v", op, err, c.out)
		}
		nntest.Layer(t, nntest.Case{Layer: nn.Concat{}, In: c.in, Formula: func(_, x [][]float64) []float64 {
			return slices.Concat(x...)
		}})
	}
	nntest.Refuses(t, nn.Concat{}, nil, "got no inputs")
	nntest.Refuses(t, nn.Concat{}, []nn.Shape{{2, 3, 4}, {2, 4, 3}}, "(2, 3, 4) and (2, 4, 3)", "differ in more than their first axis")
	nntest.Refuses(t, nn.Concat{}, []nn.Shape{{2, 3, 4}, {2}}, "(2, 3, 4) and (2)")
}
