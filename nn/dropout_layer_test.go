package nn_test

import (
	"testing"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/nn/nntest"
)

func TestDropoutAnswersWithItsInput(t *testing.T) {
	for _, in := range []nn.Shape{{2, 3, 4}, {5}} {
		nntest.Layer(t, nntest.Case{
			Layer: nn.Dropout{Rate: 0.3}, In: []nn.Shape{in},
			Formula: func(_, x [][]float64) []float64 { return append([]float64(nil), x[0]...) },
		})
	}
	for _, rate := range []float32{-0.1, 1, 2} {
		nntest.Refuses(t, nn.Dropout{Rate: rate}, []nn.Shape{{3}}, "rate is", "from 0 to below 1")
	}
}
