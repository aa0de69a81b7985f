package parity_test

import (
	"testing"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/nn/activation"
	"github.com/gonn-toolkit/gonn/nn/layer"
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
		net, err := preset.Build("mlp", nn.Shape{1, 4, 4}, classes, activation.Must("relu"))
		if err != nil {
			t.Fatal(err)
		}
		net.Init(nn.KerasInit, seed)
		return net
	}
	a := build(1)
	probabilities, err := a.Builder(nil).Add("softmax", layer.Softmax{}).Build()
	if err != nil {
		t.Fatal(err)
	}
	r, err := parity.Models(a, probabilities, data, data, nil, 2)
	if err != nil {
		t.Fatal(err)
	}
	if r.A != r.B || r.Agree != samples || r.Agreement() != 1 {
		t.Errorf("a network and itself with a softmax: %+v", r)
	}
	if r, err = parity.Models(a, build(2), data, data, nil, 2); err != nil {
		t.Fatal(err)
	}
	if r.Agree == samples || r.A.LossSum == r.B.LossSum {
		t.Errorf("two start values give the same answers: %+v", r)
	}
	if _, err := parity.Models(a, build(2), data, reshaped(data), nil, 2); err == nil {
		t.Error("data of another shape is taken")
	}
}

// reshaped gives the data another shape.
func reshaped(s *nn.TensorSamples) nn.Samples {
	x := &nn.Tensor{Shape: []int{s.Len(), 1, 2, 8}, Data: s.X.Data}
	return &nn.TensorSamples{X: x, Labels: s.Labels, NumClasses: s.NumClasses}
}

// One output answers by its sign, or by what is above one half.
func TestModelsOfOneOutput(t *testing.T) {
	build := func(bias float32, end ...nn.Layer) *nn.Network {
		net, err := nn.Sequential(nn.Shape{1}, append([]nn.Layer{layer.Dense{Out: 1}}, end...)...)
		if err != nil {
			t.Fatal(err)
		}
		net.Param("dense.weight").Data[0], net.Param("dense.bias").Data[0] = 1, bias
		return net
	}
	x := nn.NewTensor(200, 1)
	for i := range x.Data {
		x.Data[i] = float32(i) - 99.5
	}
	labels := make([]int, 200)
	for i := 100; i < 200; i++ {
		labels[i] = 1
	}
	data := &nn.TensorSamples{X: x, Labels: labels, NumClasses: 2}
	sigmoid, relu6 := activation.Must("sigmoid"), activation.Must("relu6:1")
	for name, c := range map[string]struct {
		b     *nn.Network
		agree int
	}{
		"the same":         {build(0), 200},
		"another":          {build(36), 164},
		"a sigmoid":        {build(0, sigmoid, relu6), 200},
		"another, sigmoid": {build(36, sigmoid), 164},
	} {
		r, err := parity.Models(build(0), c.b, data, data, nil, 1)
		if err != nil {
			t.Fatal(err)
		}
		if r.Agree != c.agree || r.A.Correct != 200 || r.B.Correct != c.agree {
			t.Errorf("%s: agree on %d, want %d; right are %d and %d", name, r.Agree, c.agree, r.A.Correct, r.B.Correct)
		}
	}
}
