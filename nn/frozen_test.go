package nn_test

import (
	"testing"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/nn/activation"
	"github.com/gonn-toolkit/gonn/nn/layer"
	"github.com/gonn-toolkit/gonn/nn/loss"
)

// Each parameter frozen alone, of every kind of layer that has some: it has no gradient, and
// the others keep theirs.
func TestEachParameterFrozenAlone(t *testing.T) {
	k3 := [2]int{3, 3}
	net := build(t, nn.Shape{2, 9, 9}, layer.Conv{Out: 3, Kernel: k3, NoBias: true}, layer.BatchNorm{}, activation.Must("prelu:element"),
		layer.Conv{Out: 3, Kernel: k3, Groups: 3}, activation.Must("swish-beta:channel"), layer.ConvTranspose{Out: 2, Kernel: k3},
		activation.Must("prelu:one"), layer.Flatten{}, layer.Dense{Out: 3})
	net.Init(nn.PyTorchInit, 1)
	data := randomSamples(t, 20, 3, net.InputShape())
	all := nn.NewStepper(net.Clone(), loss.CrossEntropy{}, 2)
	step(t, all, data, upTo(20))
	want := map[string][]float32{}
	for p, g := range all.Grads() {
		want[p.FullName()] = g
	}
	for i, frozen := range net.Params() {
		if !frozen.Trained() {
			continue
		}
		own := net.Clone()
		own.Params()[i].Frozen = true
		s := nn.NewStepper(own, loss.CrossEntropy{}, 2)
		step(t, s, data, upTo(20))
		if len(s.Grads()) != len(want)-1 || s.Grads()[own.Params()[i]] != nil {
			t.Errorf("%s frozen: %d gradients, want %d", frozen.FullName(), len(s.Grads()), len(want)-1)
		}
		for p, g := range s.Grads() {
			near(t, frozen.FullName()+" frozen: gradient of "+p.FullName(), g, want[p.FullName()], 1e-6)
		}
	}
}
