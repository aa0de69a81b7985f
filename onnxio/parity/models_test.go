package parity_test

import (
	"testing"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/nn/preset"
	"github.com/gonn-toolkit/gonn/onnxio/parity"
)

// Two networks are put side by side on the same data; a softmax at the end changes
// nothing.
func TestModels(t *testing.T) {
	const samples, classes = 40, 3
	x := nn.NewTensor(samples, 1, 4, 4)
	labels := make([]int, samples)
	for i := range x.Data {
		x.Data[i] = float32(i%7) - 3
	}
	for i := range labels {
		labels[i] = i % classes
	}
	data, err := nn.NewTensorSamples(x, labels, classes)
	if err != nil {
		t.Fatal(err)
	}
	build := func(seed uint64) *nn.Network {
		net, err := preset.Build("mlp", nn.Shape{1, 4, 4}, classes, nn.MustActivation("relu"))
		if err != nil {
			t.Fatal(err)
		}
		net.Init(nn.KerasInit, seed)
		return net
	}
	a := build(1)
	probabilities, err := a.Builder(nil).Add("softmax", nn.Softmax{}).Build()
	if err != nil {
		t.Fatal(err)
	}
	r, err := parity.Models(a, probabilities, data, data, 2)
	if err != nil {
		t.Fatal(err)
	}
	if r.A != r.B || r.Agree != samples || r.Agreement() != 1 {
		t.Errorf("a network and itself with a softmax: %+v", r)
	}
	if r, err = parity.Models(a, build(2), data, data, 2); err != nil {
		t.Fatal(err)
	}
	if r.Agree == samples || r.A.LossSum == r.B.LossSum {
		t.Errorf("two start values give the same answers: %+v", r)
	}
	if _, err := parity.Models(a, build(2), data, reshaped(data), 2); err == nil {
		t.Error("data of another shape is taken")
	}
}

// reshaped gives the data another shape.
func reshaped(s *nn.TensorSamples) nn.Samples {
	x := &nn.Tensor{Shape: []int{s.Len(), 1, 2, 8}, Data: s.X.Data}
	return &nn.TensorSamples{X: x, Labels: s.Labels, NumClasses: s.NumClasses}
}
