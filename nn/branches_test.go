package nn_test

import (
	"slices"
	"testing"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/nn/activation"
	"github.com/gonn-toolkit/gonn/nn/layer"
	"github.com/gonn-toolkit/gonn/nn/loss"
)

// branches is a network with every layer that joins or pools: a residual block with
// squeeze-and-excitation, and two paths that are concatenated.
func branches(t *testing.T) *nn.Network {
	t.Helper()
	k3, same := [2]int{3, 3}, [4]int{1, 1, 1, 1}
	b := nn.NewBuilder(nn.Shape{2, 9, 7}).
		Add("stem", layer.Conv{Out: 4, Kernel: k3, Pads: same}).
		Add("conv", layer.Conv{Out: 4, Kernel: k3, Pads: same}, "stem").
		Add("squeeze", layer.GlobalAveragePool{}).
		Add("excite", layer.Conv{Out: 4, Kernel: [2]int{1, 1}}).
		Add("gate", activation.Must("sigmoid")).
		Add("scale", layer.Mul{}, "conv", "gate").
		Add("add", layer.Add{}, "scale", "stem").
		Add("max", layer.MaxPool{Kernel: k3, Stride: [2]int{2, 2}, Pads: [4]int{1, 1, 1, 1}, Ceil: true}).
		Add("mean", layer.AveragePool{Kernel: [2]int{2, 2}, Ceil: true}, "add").
		Add("concat", layer.Concat{}, "max", "mean").
		Add("pad", layer.Pad{Pads: [4]int{0, 1, 1, 0}}).
		Add("up", layer.ConvTranspose{Out: 3, Kernel: k3, Stride: [2]int{2, 2}}).
		Add("each", layer.LogSoftmax{}).
		Add("peak", layer.GlobalMaxPool{}).
		Add("flatten", layer.Flatten{}).
		Add("dense", layer.Dense{Out: 3})
	net, err := b.Build()
	if err != nil {
		t.Fatal(err)
	}
	randomize(net, 7)
	return net
}

func TestBranchesTrainToTheSameBitsForAnyNumberOfWorkers(t *testing.T) {
	net := branches(t)
	const n = 50
	data := randomSamples(t, n, 3, nn.Shape{2, 9, 7})
	var first []float32
	for _, workers := range []int{1, 2, 3, 8} {
		s := nn.NewStepper(net, loss.CrossEntropy{}, workers)
		if _, err := s.Step(data, upTo(n)); err != nil {
			t.Fatal(err)
		}
		grads := slices.Concat(s.Grads().Of(net.Params())...)
		if first == nil {
			first = grads
		}
		if !slices.Equal(grads, first) {
			t.Errorf("%d workers give other gradients than 1", workers)
		}
		for p, g := range s.Grads() {
			if !slices.ContainsFunc(g, func(v float32) bool { return v != 0 }) {
				t.Errorf("the gradient of %s is zero", p.FullName())
			}
		}
	}
}
