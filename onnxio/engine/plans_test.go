package engine_test

import (
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/nn/activation"
	"github.com/gonn-toolkit/gonn/nn/loss"
	"github.com/gonn-toolkit/gonn/nn/optim"
	"github.com/gonn-toolkit/gonn/nn/preset"
	"github.com/gonn-toolkit/gonn/onnxio"
	"github.com/gonn-toolkit/gonn/onnxio/engine"
	"github.com/gonn-toolkit/gonn/train/data/mnist"
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

// checkPlans holds the outputs of plans for few samples, whose BatchNorm is folded into weights
// and which add up in another order, against the float64 evaluator. Their error is at most twice
// that of the layers one by one, in blocks; that of fast convolutions at most four times.
func checkPlans(t *testing.T, what string, net *nn.Network, x *nn.Tensor, batches ...int) {
	m, err := onnxio.Export(net, onnxio.EncodeOptions{})
	if err != nil {
		t.Fatal(err)
	}
	y, err := open(t, engine.Reference{}, m).Run(named("input", x))
	if err != nil {
		t.Fatal(err)
	}
	want := y[net.Outputs()[0].Name]
	if want == nil {
		want = y["logits"]
	}
	inBlocks, err := nn.NewExecutor(net, nn.ExecutorConfig{InBlocks: true})
	if err != nil {
		t.Fatal(err)
	}
	r, err := inBlocks.Run(named(nn.InputName, x), nil)
	if err != nil {
		t.Fatal(err)
	}
	unfolded := distance(r.Outputs[net.Outputs()[0].Name].Data, want.Data)
	check := func(plan string, n int, most float64) {
		got := forwardBy(t, net, x, n)
		d := distance(got, want.Data[:len(got)])
		t.Logf("%s: %d at a time%s: %.2g, in blocks %.2g", what, n, plan, d, unfolded)
		if !(d <= most*unfolded) {
			t.Errorf("%s: %d at a time%s are %.2g from float64, %.2g in blocks", what, n, plan, d, unfolded)
		}
	}
	for _, n := range batches {
		check("", n, 2)
	}
	net.SetFastConv(true)
	defer net.SetFastConv(false)
	check(" by fast convolutions", batches[len(batches)-1], 4)
}

// forwardBy are the outputs of n samples at a time, as far as there are as many.
func forwardBy(t *testing.T, net *nn.Network, x *nn.Tensor, n int) (outputs []float32) {
	t.Helper()
	size := net.InputShape().Size()
	for first := 0; first+n <= x.Shape[0]; first += n {
		part := &nn.Tensor{Shape: append([]int{n}, x.Shape[1:]...), Data: x.Data[first*size : (first+n)*size]}
		y, err := net.Forward(part)
		if err != nil {
			t.Fatal(err)
		}
		outputs = append(outputs, y.Data...)
	}
	return outputs
}

func TestErrorOfPlans(t *testing.T) {
	for _, c := range []struct {
		net, act string
		input    nn.Shape
	}{
		{"study", "mish", nn.Shape{1, 28, 28}}, {"lenet5", "relu", nn.Shape{1, 28, 28}}, {"vgg8", "gelu", nn.Shape{3, 16, 16}},
		{"resnet20", "relu", nn.Shape{3, 16, 16}}, {"resnet20", "prelu:channel", nn.Shape{3, 12, 12}}, {"mobilenet-small", "hardswish", nn.Shape{1, 20, 20}},
	} {
		net, x := trained(t, c.net, c.act, c.input)
		checkPlans(t, c.net+" "+c.act, net, x, 1, 3, 18)
	}
}

// GONN_TRAINED names a folder of networks that gonn train has trained on MNIST, as .onnx files.
func TestErrorOfPlansOfTrainedNetworks(t *testing.T) {
	dir := os.Getenv("GONN_TRAINED")
	if dir == "" {
		t.Skip("GONN_TRAINED names no folder")
	}
	files, err := filepath.Glob(filepath.Join(dir, "*.onnx"))
	if err != nil || len(files) == 0 {
		t.Fatalf("%s has no .onnx files (%v)", dir, err)
	}
	digits, err := mnist.Test()
	if err != nil {
		t.Fatal(err)
	}
	x := nn.NewTensor(append([]int{128}, digits.Shape()...)...)
	for i := range 128 {
		if err := nn.ReadSample(x.Sample(i), digits, i); err != nil {
			t.Fatal(err)
		}
	}
	for _, file := range files {
		m, err := onnxio.Load(file)
		if err != nil {
			t.Fatal(err)
		}
		checkPlans(t, filepath.Base(file), m.Network, x, 1, 16, 128)
	}
}
