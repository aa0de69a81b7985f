package nn_test

import (
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/nn/activation"
	"github.com/gonn-toolkit/gonn/nn/layer"
	"github.com/gonn-toolkit/gonn/nn/loss"
)

// faulty is a data set that cannot read sample fill, and gives sample label a label that is
// no class.
type faulty struct {
	nn.Samples
	fill, label int
}

var errSample = errors.New("cannot be read")

func (f faulty) Fill(dst nn.Block, idx []int) error {
	if slices.Contains(idx, f.fill) {
		return fmt.Errorf("sample %d %w", f.fill, errSample)
	}
	return f.Samples.Fill(dst, idx)
}

func (f faulty) Label(i int) int {
	if i == f.label {
		return 10
	}
	return f.Samples.Label(i)
}

// faultyTargets cannot read a target.
type faultyTargets struct {
	*nn.TensorTargets
	target int
}

func (f faultyTargets) FillTargets(dst nn.Block, idx []int) error {
	if slices.Contains(idx, f.target) {
		return fmt.Errorf("target %d %w", f.target, errSample)
	}
	return f.TensorTargets.FillTargets(dst, idx)
}

// within fails a test that hangs.
func within(t *testing.T, f func()) {
	t.Helper()
	done := make(chan struct{})
	go func() { defer close(done); f() }()
	select {
	case <-done:
	case <-time.After(30 * time.Second):
		t.Fatal("it hangs")
	}
}

// Data that cannot be read ends whatever reads it, with the error of the data, and leaves
// nothing behind.
func TestDataThatCannotBeRead(t *testing.T) {
	const n = 100
	// Enough channels for its first layers to run sample by sample in inference.
	net := build(t, nn.Shape{1, 14, 14}, layer.Conv{Out: 16, Kernel: [2]int{7, 7}}, layer.BatchNorm{}, activation.Must("relu"),
		layer.Flatten{}, layer.Dense{Out: 10})
	net.Init(nn.PyTorchInit, 1)
	good := randomSamples(t, n, 10, net.InputShape())
	targets, err := nn.NewTensorTargets(good.X, randomTensor(4, n, 10))
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		data  nn.Dataset
		loss  nn.Loss
		words []string
	}{
		{faulty{good, 0, -1}, loss.CrossEntropy{}, []string{"sample 0 cannot be read"}},
		{faulty{good, 70, -1}, loss.CrossEntropy{}, []string{"sample 70 cannot be read"}},
		{faulty{good, -1, 70}, loss.CrossEntropy{}, []string{"sample 70 has label 10", "0…9"}},
		{faultyTargets{targets, 99}, loss.MSE{}, []string{"target 99 cannot be read"}},
	} {
		for _, workers := range []int{1, 2, 5} {
			within(t, func() {
				before := slices.Clone(values(net))
				s := nn.NewStepper(net, c.loss, workers)
				_, err := s.Step(c.data, upTo(n))
				wantError(t, err, c.words...)
				if !slices.Equal(values(net), before) {
					t.Error("the running statistics have changed")
				}
				_, err = net.Evaluate(c.data, c.loss, workers)
				wantError(t, err, c.words...)
				if f, ok := c.data.(faulty); ok && f.fill >= 0 {
					y, err := net.Predict(c.data, workers)
					wantError(t, err, c.words...)
					if y != nil {
						t.Error("Predict gives both outputs and an error")
					}
				}
				if _, err := nn.NewStepper(net.Clone(), loss.CrossEntropy{}, workers).Step(good, upTo(n)); err != nil {
					t.Error(err)
				}
			})
		}
	}
}

// A Stepper after an error is as one without.
func TestAStepAfterAnError(t *testing.T) {
	net := study(t)
	good := randomSamples(t, 40, 10, net.InputShape())
	s, fresh := nn.NewStepper(net, loss.CrossEntropy{}, 2), nn.NewStepper(net, loss.CrossEntropy{}, 2)
	if _, err := s.Step(faulty{good, 30, -1}, upTo(40)); err == nil {
		t.Fatal("no error")
	}
	for _, g := range s.Reduce() {
		if slices.ContainsFunc(g, func(v float32) bool { return v != 0 }) {
			t.Error("gradients of a step that has failed")
		}
	}
	if got, want := step(t, s, good, upTo(40)), step(t, fresh, good, upTo(40)); got != want {
		t.Errorf("%+v, want %+v", got, want)
	}
	for p, g := range s.Grads() {
		if !slices.Equal(g, fresh.Grads()[p]) {
			t.Errorf("other gradient of %s", p.FullName())
		}
	}
}
