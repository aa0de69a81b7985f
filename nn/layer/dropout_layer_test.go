package layer_test

import (
	"testing"

	"github.com/gonn-toolkit/gonn/nn/layer"
	"github.com/gonn-toolkit/gonn/nn/nntest"
	"github.com/gonn-toolkit/gonn/nn/op"
)

func TestDropoutAnswersWithItsInput(t *testing.T) {
	for _, in := range []op.Shape{{2, 3, 4}, {5}} {
		nntest.Layer(t, nntest.Case{
			Layer: layer.Dropout{Rate: 0.3}, In: []op.Shape{in},
			Formula: func(_, x [][]float64) []float64 { return append([]float64(nil), x[0]...) },
		})
	}
	for _, rate := range []float32{-0.1, 1, 2} {
		nntest.Refuses(t, layer.Dropout{Rate: rate}, []op.Shape{{3}}, "rate is", "from 0 to below 1")
	}
}
