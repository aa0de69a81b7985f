package layer_test

import (
	"testing"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/nn/nntest"
)

// The layer of the example, as nntest checks those of the package.
func TestTheCustomLayerOfTheExample(t *testing.T) {
	for _, in := range []nn.Shape{{3, 2, 4}, {5}} {
		nntest.Layer(t, nntest.Case{Layer: LayerScale{}, In: []nn.Shape{in}, Formula: func(w, x [][]float64) []float64 {
			y := make([]float64, in.Size())
			for i, v := range x[0] {
				y[i] = w[0][i/(in.Size()/in[0])] * v
			}
			return y
		}})
	}
}
