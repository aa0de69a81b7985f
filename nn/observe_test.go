package nn_test

import (
	"fmt"
	"slices"
	"testing"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/nn/activation"
	"github.com/gonn-toolkit/gonn/nn/layer"
	"github.com/gonn-toolkit/gonn/nn/loss"
	"github.com/gonn-toolkit/gonn/nn/preset"
)

// resnet20 with values in all of its parameters, for small images.
func resnet20(t testing.TB) *nn.Network {
	t.Helper()
	net, err := preset.Build("resnet20", nn.Shape{3, 16, 16}, 10, activation.Must("relu"))
	if err != nil {
		t.Fatal(err)
	}
	net.Init(nn.PyTorchInit, 3)
	return net
}

func layerNames(net *nn.Network) (names []string) {
	for _, node := range net.Nodes() {
		names = append(names, node.Name)
	}
	return names
}

// gradients are those of all parameters in their order.
func gradients(net *nn.Network, s *nn.Stepper) []float32 {
	return slices.Concat(s.Grads().Of(net.Params())...)
}

// Every layer of a residual network in training: outputs and gradients are those of a computation
// by hand, and looking changes no bit.
func TestObservingEveryLayerOfResnet20(t *testing.T) {
	const n = 37
	net := resnet20(t)
	data := randomSamples(t, n, 10, net.InputShape())
	own, other := net.Clone(), net.Clone() // their running statistics change
	plain := nn.NewStepper(other, loss.CrossEntropy{}, 2)
	plainStats := step(t, plain, data, upTo(n))

	names := layerNames(net)
	s := nn.NewStepper(own, loss.CrossEntropy{}, 2)
	if err := s.Observe(names, append(slices.Clone(names), nn.InputName)); err != nil {
		t.Fatal(err)
	}
	if st := step(t, s, data, upTo(n)); st != plainStats {
		t.Errorf("%+v, without looking %+v", st, plainStats)
	}
	if !slices.Equal(gradients(own, s), gradients(other, plain)) {
		t.Error("looking changes the gradients")
	}

	w := forwardByHand(t, net, nn.Training, map[string]*nn.Tensor{nn.InputName: data.X}, 0, 0)
	w.back(map[string]*nn.Tensor{"dense": crossEntropyGradient(w, data.Labels)})
	outputs, grads := s.Observed()
	if len(outputs) != len(names) || len(grads) != len(names)+1 {
		t.Fatalf("%d outputs and %d gradients of %d layers", len(outputs), len(grads), len(names))
	}
	for _, name := range names {
		sameTensor(t, "output of "+name, outputs[name], w.tensor(w.values[name]))
		sameTensor(t, "gradient of "+name, grads[name], w.tensor(w.grads[name]))
	}
	sameTensor(t, "gradient of the input", grads[nn.InputName], w.tensor(w.grads[nn.InputName]))
	if !slices.Equal(values(own), values(other)) {
		t.Error("looking changes the running statistics")
	}
	for p, param := range net.Params() {
		if got := s.Grads()[own.Params()[p]]; param.Trained() && !slices.Equal(got, w.gradient(param)) {
			t.Errorf("gradient of %s has other bits", param.FullName())
		}
	}
}

// crossEntropyGradient is the gradient of the mean loss.
func crossEntropyGradient(w *byHand, labels []int) *nn.Tensor {
	var dy []nn.Block
	for b, y := range w.values["dense"] {
		d := nn.NewBlock(y.Shape)
		t := loss.ClassTargets(labels[b*nn.Lanes : min((b+1)*nn.Lanes, w.n)]...)
		loss.CrossEntropy{}.Block(y, t, d, 1/float32(w.n))
		dy = append(dy, d)
	}
	return w.tensor(dy)
}

func sameTensor(t testing.TB, what string, got, want *nn.Tensor) {
	t.Helper()
	switch {
	case got == nil:
		t.Errorf("%s: none", what)
	case !slices.Equal(got.Shape, want.Shape):
		t.Errorf("%s: shape %v, want %v", what, got.Shape, want.Shape)
	case !slices.Equal(got.Data, want.Data):
		t.Errorf("%s: other values, %.1e away", what, distance(got.Data, want.Data))
	}
}

// What was recorded stays until the next step; there is none before, nor after an error.
func TestObservedIsOfTheLastStep(t *testing.T) {
	net := study(t)
	data := randomSamples(t, 20, 10, net.InputShape())
	s := nn.NewStepper(net, loss.CrossEntropy{}, 1)
	count := func(when string, want int) {
		t.Helper()
		for range 2 {
			outputs, grads := s.Observed()
			if len(outputs) != want || len(grads) != want {
				t.Errorf("%s: %d outputs and %d gradients, want %d", when, len(outputs), len(grads), want)
			}
			for name, x := range outputs {
				if x == nil {
					t.Errorf("%s: no output of %s", when, name)
				}
			}
		}
	}
	count("unasked", 0)
	if err := s.Observe([]string{"conv1"}, []string{"conv1"}); err != nil {
		t.Fatal(err)
	}
	count("before a step", 0)
	step(t, s, data, upTo(20))
	first, _ := s.Observed()
	count("after a step", 1)
	kept := slices.Clone(first["conv1"].Data)
	step(t, s, data, []int{3, 4})
	if second, _ := s.Observed(); second["conv1"].Shape[0] != 2 || !slices.Equal(first["conv1"].Data, kept) {
		t.Error("a step changes what an earlier one has given")
	}
	if _, err := s.Step(faulty{data, 4, -1}, upTo(20)); err == nil {
		t.Fatal("no error")
	}
	count("after an error", 0)
	if err := s.Observe(nil, nil); err != nil {
		t.Fatal(err)
	}
	step(t, s, data, upTo(20))
	count("no more", 0)
	wantError(t, s.Observe([]string{"none"}, nil), `output "none"`, "no layer")
	wantError(t, s.Observe(nil, []string{"conv1", "conv1"}), `gradient "conv1"`, "twice")
}

// Looking at every layer that one sample alone goes through.
func TestObservingOneSampleAlone(t *testing.T) {
	net := build(t, nn.Shape{2, 9, 8}, layer.Conv{Out: 5, Kernel: [2]int{3, 3}, Pads: [4]int{1, 1, 1, 1}}, activation.Must("prelu:channel"),
		layer.Conv{Out: 4, Kernel: [2]int{2, 2}}, activation.Must("mish"), layer.Reshape{Shape: [3]int{8, 7, 4}},
		layer.Conv{Out: 3, Kernel: [2]int{3, 3}}, layer.Flatten{}, layer.Dense{Out: 6}, activation.Must("tanh"), layer.Dense{Out: 3}, layer.Softmax{})
	randomize(net, 3)
	x := randomTensor(1, 1, 2, 9, 8)
	w := forwardByHand(t, net, nn.Inference, tensors{nn.InputName: x}, 0, 0)
	last := net.Outputs()[0].Name
	for _, workers := range []int{1, 2, 3, 5} {
		seen := nn.ObserveSingle(net, x.Data, workers)
		for _, name := range append(layerNames(net), nn.InputName) {
			near(t, fmt.Sprintf("%d workers: output of %s", workers, name), seen[name], w.tensor(w.values[name]).Data, 2e-6)
		}
		if !slices.Equal(seen[last], nn.ForwardSingle(net, x.Data, workers)) {
			t.Errorf("%d workers: looking changes the result", workers)
		}
	}
	r := execute(t, executor(t, net, nn.ExecutorConfig{Outputs: layerNames(net)}), tensors{nn.InputName: x}, nil)
	for name, y := range r.Outputs {
		near(t, "executor: output of "+name, y.Data, w.tensor(w.values[name]).Data, 2e-6)
	}
}
