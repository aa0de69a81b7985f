package nn_test

import (
	"slices"
	"testing"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/nn/activation"
	"github.com/gonn-toolkit/gonn/nn/layer"
	"github.com/gonn-toolkit/gonn/nn/loss"
)

// Inference changes no parameter, and no running statistics, for any number of samples.
func TestInferenceLeavesTheNetworkAsItIs(t *testing.T) {
	net := build(t, nn.Shape{1, 6, 6}, layer.Conv{Out: 4, Kernel: [2]int{3, 3}}, layer.BatchNorm{}, activation.Must("prelu:channel"),
		layer.Dropout{Rate: 0.5}, layer.Flatten{}, layer.Dense{Out: 3})
	net.Init(nn.PyTorchInit, 7)
	was := slices.Clone(values(net))
	for _, n := range []int{1, 5, 37} {
		data := randomSamples(t, n, 3, net.InputShape())
		y := forward(t, net, data.X)
		if _, err := net.Evaluate(data, loss.CrossEntropy{}, 2); err != nil {
			t.Fatal(err)
		}
		if _, err := net.Predict(data, 2); err != nil {
			t.Fatal(err)
		}
		if !slices.Equal(values(net), was) {
			t.Errorf("%d samples: parameters or running statistics have changed", n)
		}
		if again := forward(t, net, data.X); !slices.Equal(again.Data, y.Data) {
			t.Errorf("%d samples: the answers have changed", n)
		}
	}
}
