package nn_test

import (
	"math"
	"testing"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/nn/nntest"
)

func TestSoftmax(t *testing.T) {
	for _, in := range []nn.Shape{{1}, {2}, {10}, {100}, {3, 2, 3}, {4, 1, 1}, {1, 2, 2}} {
		nntest.Layer(t, nntest.Case{Layer: nn.Softmax{}, In: []nn.Shape{in}, Formula: channelSums(in, func(z, sum float64) float64 {
			return math.Exp(z) / sum
		})})
	}
	nntest.Refuses(t, nn.Softmax{}, []nn.Shape{{3, 4}}, "got input (3, 4)", "need a vector (N) or a map")
	nntest.Refuses(t, nn.Softmax{}, []nn.Shape{{3}, {3}}, "got 2 inputs", "need 1")
}

func TestLogitsTakesAFinalSoftmaxAway(t *testing.T) {
	net := build(t, nn.Shape{4}, nn.Dense{Out: 3}, nn.Softmax{})
	randomize(net, 1)
	logits := net.Logits()
	if n := len(logits.Nodes()); n != 1 || logits.Nodes()[0].Name != "dense" {
		t.Fatalf("%d layers, want dense alone", n)
	}
	x := randomTensor(2, 5, 4)
	p, z := forward(t, net, x), forward(t, logits, x)
	for i := range 5 {
		softmaxOf(z.Sample(i))
	}
	near(t, "softmax of the logits", p.Data, z.Data, 1e-7)
	logits.Params()[0].Data[0] = 99
	if net.Params()[0].Data[0] == 99 {
		t.Error("the network without Softmax shares values with the one it came from")
	}
	if again := logits.Logits(); again != logits {
		t.Error("a network without Softmax is not returned as it is")
	}
}

func softmaxOf(z []float32) {
	var sum float64
	for _, v := range z {
		sum += math.Exp(float64(v))
	}
	for k, v := range z {
		z[k] = float32(math.Exp(float64(v)) / sum)
	}
}
