package nn_test

import (
	"slices"
	"testing"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/nn/activation"
	"github.com/gonn-toolkit/gonn/nn/layer"
	"github.com/gonn-toolkit/gonn/nn/loss"
)

// The gradient of an activation's output is the same whether or not the activation is fused with
// the normalisation in front, and so are the gradients of all parameters.
func TestObservingTheGradientOfAFusedLayer(t *testing.T) {
	for _, spelled := range []string{"relu", "tanh", "gelu", "prelu:channel", "swish-beta:one"} {
		net, err := nn.Sequential(nn.Shape{3, 5, 6}, layer.Conv{Out: 4, Kernel: [2]int{3, 3}}, layer.BatchNorm{},
			activation.Must(spelled), layer.Flatten{}, layer.Dense{Out: 5})
		if err != nil {
			t.Fatal(err)
		}
		net.Init(nn.PyTorchInit, 3)
		const n = 37
		data := randomSamples(t, n, 5, net.InputShape())
		observe := func(outputs, gradientsOf []string) ([]float32, []float32) {
			own := net.Clone()
			s := nn.NewStepper(own, loss.CrossEntropy{}, 2)
			if err := s.Observe(outputs, gradientsOf); err != nil {
				t.Fatal(err)
			}
			step(t, s, data, upTo(n))
			_, g := s.Observed()
			return g["act"].Data, gradients(own, s)
		}
		fused, params := observe(nil, []string{"act"})
		apart, wantParams := observe([]string{"bn"}, []string{"act", "bn"})
		if !slices.Equal(fused, apart) {
			t.Errorf("%s: the gradient of the output changes", spelled)
		}
		for i, v := range params {
			if d := v - wantParams[i]; max(d, -d) > 1e-6 {
				t.Errorf("%s: gradient %d is %g, and %g if the normalised values are observed", spelled, i, v, wantParams[i])
			}
		}
	}
}
