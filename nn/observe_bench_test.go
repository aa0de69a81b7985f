package nn_test

import (
	"testing"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/nn/loss"
)

// BenchmarkObserve is what looking costs: a step of training that records nothing, the
// outputs of all layers, and their gradients too.
func BenchmarkObserve(b *testing.B) {
	net := resnet20(b)
	all := layerNames(net)
	for _, c := range []struct {
		name               string
		outputs, gradients []string
	}{{"none", nil, nil}, {"outputs", all, nil}, {"all", all, all}} {
		b.Run(c.name, func(b *testing.B) {
			data := randomSamples(b, 128, 10, net.InputShape())
			s := nn.NewStepper(net, loss.CrossEntropy{}, 0)
			if err := s.Observe(c.outputs, c.gradients); err != nil {
				b.Fatal(err)
			}
			step(b, s, data, upTo(128))
			b.ReportAllocs()
			for b.Loop() {
				step(b, s, data, upTo(128))
			}
		})
	}
}
