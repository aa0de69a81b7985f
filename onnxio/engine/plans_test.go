package engine_test

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/nn/activation"
	"github.com/gonn-toolkit/gonn/nn/loss"
	"github.com/gonn-toolkit/gonn/nn/optim"
	"github.com/gonn-toolkit/gonn/nn/preset"
	"github.com/gonn-toolkit/gonn/onnxio"
	"github.com/gonn-toolkit/gonn/onnxio/engine"
)

// trained is a preset after a few steps on random pictures, so that its running statistics and
// weights are those of a training, and pictures.
func trained(t *testing.T, name, act string, input nn.Shape) (*nn.Network, *nn.Tensor) {
	t.Helper()
	net, err := preset.Build(name, input, 4, activation.Must(act))
	if err != nil {
		t.Fatal(err)
	}
	net.Init(nn.PyTorchInit, 1)
	rng := rand.New(rand.NewPCG(1, 2))
	x := nn.NewTensor(18, input[0], input[1], input[2])
	labels := make([]int, 18)
	for i := range labels {
		labels[i] = i % 4
		for k := range x.Sample(i) {
			x.Sample(i)[k] = rng.Float32() + 0.2*float32(k%(2+labels[i]))
		}
	}
	data, err := nn.NewTensorSamples(x, labels, 4)
	if err != nil {
		t.Fatal(err)
	}
	stepper := nn.NewStepper(net, loss.CrossEntropy{}, 0)
	adam, err := optim.NewAdam(net.Params(), optim.Config{LR: 1e-3})
	if err != nil {
		t.Fatal(err)
	}
	for range 8 {
		if _, err := stepper.Step(data, rng.Perm(18)); err != nil {
			t.Fatal(err)
		}
		if err := adam.Step(stepper.Grads()); err != nil {
			t.Fatal(err)
		}
	}
	return net, x
}

// distance is ‖a − b‖/‖b‖.
func distance(a, b []float32) float64 {
	var d, n float64
	for i := range a {
		d += math.Pow(float64(a[i])-float64(b[i]), 2)
		n += math.Pow(float64(b[i]), 2)
	}
	return math.Sqrt(d / n)
}

// Plans for few samples fold BatchNorm into the weights and add up in another order. Their error
// against the float64 evaluator is at most twice that of the layers one by one, in blocks.
func TestErrorOfPlans(t *testing.T) {
	for _, c := range []struct {
		net, act string
		input    nn.Shape
	}{
		{"study", "mish", nn.Shape{1, 28, 28}}, {"lenet5", "relu", nn.Shape{1, 28, 28}}, {"vgg8", "gelu", nn.Shape{3, 16, 16}},
		{"resnet20", "relu", nn.Shape{3, 16, 16}}, {"resnet20", "prelu:channel", nn.Shape{3, 12, 12}}, {"mobilenet-small", "hardswish", nn.Shape{1, 20, 20}},
	} {
		net, x := trained(t, c.net, c.act, c.input)
		m, err := onnxio.Export(net, onnxio.EncodeOptions{})
		if err != nil {
			t.Fatal(err)
		}
		y, err := open(t, engine.Reference{}, m).Run(named("input", x))
		if err != nil {
			t.Fatal(err)
		}
		want := y["logits"]
		inBlocks, err := nn.NewExecutor(net, nn.ExecutorConfig{InBlocks: true})
		if err != nil {
			t.Fatal(err)
		}
		r, err := inBlocks.Run(named(nn.InputName, x), nil)
		if err != nil {
			t.Fatal(err)
		}
		unfolded := distance(r.Outputs[net.Outputs()[0].Name].Data, want.Data)
		for _, n := range []int{1, 3, 18} {
			var got []float32
			for first := 0; first+n <= 18; first += n {
				part := &nn.Tensor{Shape: append([]int{n}, c.input...), Data: x.Data[first*c.input.Size() : (first+n)*c.input.Size()]}
				y, err := net.Forward(part)
				if err != nil {
					t.Fatal(err)
				}
				got = append(got, y.Data...)
			}
			d := distance(got, want.Data[:len(got)])
			t.Logf("%s %s: %d at a time: %.2g, in blocks %.2g", c.net, c.act, n, d, unfolded)
			if !(d <= 2*unfolded) {
				t.Errorf("%s %s: %d at a time are %.2g from float64, %.2g in blocks", c.net, c.act, n, d, unfolded)
			}
		}
	}
}
