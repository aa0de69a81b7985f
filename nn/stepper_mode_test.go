package nn_test

import (
	"maps"
	"slices"
	"testing"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/nn/activation"
	"github.com/gonn-toolkit/gonn/nn/layer"
	"github.com/gonn-toolkit/gonn/nn/loss"
)

// In Inference mode a step has the loss of Evaluate and the gradients of an Executor in that mode,
// and changes no running statistic. It still records what it is asked to.
func TestStepperInInferenceMode(t *testing.T) {
	net := build(t, nn.Shape{2, 5, 5}, layer.Conv{Out: 3, Kernel: [2]int{3, 3}}, layer.NewBatchNorm(nn.PyTorch),
		activation.Must("mish"), layer.Dropout{Rate: 0.5}, layer.Flatten{}, layer.Dense{Out: 4})
	randomize(net, 3)
	data := randomSamples(t, 37, 4, net.InputShape())
	before := net.Clone()
	s := nn.NewStepper(net, loss.CrossEntropy{}, 2)
	if err := s.Observe([]string{net.Nodes()[0].Name}, nil); err != nil {
		t.Fatal(err)
	}
	if err := s.SetMode(nn.Inference); err != nil {
		t.Fatal(err)
	}
	got := step(t, s, data, upTo(37))
	want, err := net.Evaluate(data, loss.CrossEntropy{}, 1)
	if err != nil {
		t.Fatal(err)
	}
	near(t, "loss", []float32{float32(got.Loss())}, []float32{float32(want.Loss())}, 1e-6)
	for i, p := range net.Params() {
		if !slices.Equal(p.Data, before.Params()[i].Data) {
			t.Errorf("%s has changed", p.FullName())
		}
	}
	for p, g := range gradientsInInference(t, net, data) {
		near(t, p.FullName(), s.Grads()[p], g, 1e-6)
	}
	if outputs, _ := s.Observed(); len(outputs) != 1 {
		t.Errorf("recorded %v", slices.Collect(maps.Keys(outputs)))
	}
	step(t, s, data, upTo(16))
	if err := s.SetMode(nn.Training); err != nil {
		t.Fatal(err)
	}
	step(t, s, data, upTo(37))
	if slices.Equal(net.Node(net.Nodes()[1].Name).Params[2].Data, before.Node(net.Nodes()[1].Name).Params[2].Data) {
		t.Error("back in Training mode, the running mean is still the same")
	}
	wantError(t, s.SetMode(7), "stepper", "mode 7", "nn.Inference")
}

// gradientsInInference are the gradients of the mean cross-entropy by an Executor.
func gradientsInInference(t *testing.T, net *nn.Network, data *nn.TensorSamples) nn.Grads {
	t.Helper()
	out := net.Outputs()[0].Name
	e, err := nn.NewExecutor(net, nn.ExecutorConfig{Seeds: []string{out}, InBlocks: true})
	if err != nil {
		t.Fatal(err)
	}
	in := map[string]*nn.Tensor{nn.InputName: data.X}
	r, err := e.Run(in, nil)
	if err != nil {
		t.Fatal(err)
	}
	dy, _, err := nn.LossGradient(loss.CrossEntropy{}, r.Outputs[out], data, upTo(data.Len()))
	if err != nil {
		t.Fatal(err)
	}
	if r, err = e.Run(in, map[string]*nn.Tensor{out: dy}); err != nil {
		t.Fatal(err)
	}
	return r.Params
}
