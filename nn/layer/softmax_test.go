package layer_test

import (
	"math"
	"testing"

	"github.com/gonn-toolkit/gonn/nn/layer"
	"github.com/gonn-toolkit/gonn/nn/nntest"
	"github.com/gonn-toolkit/gonn/nn/op"
)

func TestSoftmax(t *testing.T) {
	for _, in := range []op.Shape{{1}, {2}, {10}, {100}, {3, 2, 3}, {4, 1, 1}, {1, 2, 2}} {
		nntest.Layer(t, nntest.Case{Layer: layer.Softmax{}, In: []op.Shape{in}, Formula: channelSums(in, func(z, sum float64) float64 {
			return math.Exp(z) / sum
		})})
	}
	nntest.Refuses(t, layer.Softmax{}, []op.Shape{{3, 4}}, "got input (3, 4)", "need a vector (N) or a map")
	nntest.Refuses(t, layer.Softmax{}, []op.Shape{{3}, {3}}, "got 2 inputs", "need 1")
}
