package nn_test

import (
	"slices"
	"testing"

	"github.com/gonn-toolkit/gonn/nn"
)

// branches is a network with every layer that joins or pools: a residual block with
// squeeze-and-excitation, and two paths that are concatenated.
func branches(t *testing.T) *nn.Network {
	t.Helper()
	k3, same := [2]int{3, 3}, [4]int{1, 1, 1, 1}
	b := nn.NewBuilder(nn.Shape{2, 9, 7}).
		Add("stem", nn.Conv{Out: 4, Kernel: k3, Pads: same}).
		Add("conv", nn.Conv{Out: 4, Kernel: k3, Pads: same}, "stem").
		Add("squeeze", nn.GlobalAveragePool{}).
		Add("excite", nn.Conv{Out: 4, Kernel: [2]int{1, 1}}).
		Add("gate", nn.MustActivation("sigmoid")).
		Add("scale", nn.Mul{}, "conv", "gate").
		Add("add", nn.Add{}, "scale", "stem").
		Add("max", nn.MaxPool{Kernel: k3, Stride: [2]int{2, 2}, Pads: [4]int{1, 1, 1, 1}, Ceil: true}).
		Add("mean", nn.AveragePool{Kernel: [2]int{2, 2}, Ceil: true}, "add").
		Add("concat", nn.Concat{}, "max", "mean").
		Add("pad", nn.Pad{Pads: [4]int{0, 1, 1, 0}}).
		Add("up", nn.ConvTranspose{Out: 3, Kernel: k3, Stride: [2]int{2, 2}}).
		Add("each", nn.LogSoftmax{}).
		Add("peak", nn.GlobalMaxPool{}).
		Add("flatten", nn.Flatten{}).
		Add("dense", nn.Dense{Out: 3})
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
		s := nn.NewStepper(net, nn.CrossEntropy{}, workers)
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
