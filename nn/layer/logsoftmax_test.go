package layer_test

import (
	"math"
	"testing"

	"github.com/gonn-toolkit/gonn/nn/layer"
	"github.com/gonn-toolkit/gonn/nn/nntest"
	"github.com/gonn-toolkit/gonn/nn/op"
)

// channelSums gives f the logit and the Σ e^z of its pixel.
func channelSums(in op.Shape, f func(z, sum float64) float64) func(_, x [][]float64) []float64 {
	pixels := in[1:].Size()
	return func(_, x [][]float64) []float64 {
		sums, y := make([]float64, pixels), make([]float64, len(x[0]))
		for i, z := range x[0] {
			sums[i%pixels] += math.Exp(z)
		}
		for i, z := range x[0] {
			y[i] = f(z, sums[i%pixels])
		}
		return y
	}
}

func TestLogSoftmax(t *testing.T) {
	for _, in := range []op.Shape{{1}, {2}, {10}, {100}, {3, 2, 3}, {4, 1, 1}, {1, 2, 2}} {
		nntest.Layer(t, nntest.Case{Layer: layer.LogSoftmax{}, In: []op.Shape{in}, Formula: channelSums(in, func(z, sum float64) float64 {
			return z - math.Log(sum)
		})})
	}
	nntest.Refuses(t, layer.LogSoftmax{}, []op.Shape{{3, 4}}, "got input (3, 4)", "need a vector (N) or a map")
	nntest.Refuses(t, layer.LogSoftmax{}, []op.Shape{{3}, {3}}, "got 2 inputs", "need 1")
}

// Where a probability is 0 in float32 its logarithm is a number; where it is nearly 1,
// its logarithm is what is missing, not 0.
func TestLogSoftmaxFarFromZero(t *testing.T) {
	for _, in := range []op.Shape{{2}, {2, 1, 2}} {
		z := []float32{200, -300}
		tail := []float32{20, 0}
		if len(in) == 3 {
			z, tail = []float32{200, 200, -300, -300}, []float32{20, 20, 0, 0}
		}
		y, _ := runOnce(t, layer.LogSoftmax{}, in, z, make([]float32, len(z)))
		if y[0] != 0 || y[len(y)-1] != -500 {
			t.Errorf("%v: y is %v, want 0 and −500", in, y)
		}
		want := float32(-math.Log1p(math.Exp(-20)))
		if y, _ := runOnce(t, layer.LogSoftmax{}, in, tail, make([]float32, len(z))); y[0] != want {
			t.Errorf("%v: y is %v, want %v first", in, y, want)
		}
	}
}
