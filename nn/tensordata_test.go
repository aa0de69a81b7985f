package nn_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/nn/layer"
	"github.com/gonn-toolkit/gonn/nn/loss"
)

func TestTensorSamplesAreChecked(t *testing.T) {
	x := nn.NewTensor(3, 2)
	for _, c := range []struct {
		x       *nn.Tensor
		labels  []int
		classes int
		words   string
	}{
		{nn.NewTensor(3), []int{0, 0, 0}, 2, "a tensor of shape (3) has no sample axis; need (N, …)"},
		{nil, nil, 2, "samples: got no tensor, need (N, …)"},
		{&nn.Tensor{Shape: []int{0, -2, -3}}, nil, 2, "(0, -2, -3) with 0 values: a dimension is below 0"},
		{x, []int{0, 1}, 2, "2 labels for 3 samples"},
		{x, []int{0, 1, 2}, 2, "label 2 of sample 2 is not in 0…1"},
		{x, []int{0, -1, 1}, 2, "label -1 of sample 1"},
		{&nn.Tensor{Shape: []int{3, 2}, Data: make([]float32, 5)}, []int{0, 0, 0}, 2, "5 values, need 6"},
	} {
		s, err := nn.NewTensorSamples(c.x, c.labels, c.classes)
		if err == nil || s != nil || !strings.Contains(err.Error(), c.words) {
			t.Errorf("%v, %v; want an error that says %q", s, err, c.words)
		}
	}
}

// A tensor that is not there, or of a shape that none has, is an error wherever one is taken.
func TestNoTensorIsAnError(t *testing.T) {
	net := build(t, nn.Shape{2}, layer.Dense{Out: 2})
	x := nn.NewTensor(3, 2)
	data := randomSamples(t, 3, 2, nn.Shape{2})
	for what, try := range map[string]func(bad *nn.Tensor) error{
		"samples:":                 func(bad *nn.Tensor) error { _, err := nn.NewTensorTargets(bad, x); return err },
		"targets:":                 func(bad *nn.Tensor) error { _, err := nn.NewTensorTargets(x, bad); return err },
		"the network takes (N, 2)": func(bad *nn.Tensor) error { _, err := net.Forward(bad); return err },
		"outputs": func(bad *nn.Tensor) error {
			_, _, err := nn.LossGradient(loss.MSE{}, bad, data, upTo(3))
			return err
		},
	} {
		for _, bad := range []*nn.Tensor{nil, {}, {Shape: []int{-3, -2}, Data: make([]float32, 6)}} {
			if err := try(bad); err == nil || !strings.Contains(err.Error(), what) {
				t.Errorf("%+v: %v; want an error that says %q", bad, err, what)
			}
		}
	}
}

func TestFillLeavesZeroInEmptyLanes(t *testing.T) {
	data := randomSamples(t, 20, 2, nn.Shape{3})
	b := nn.NewBlock(nn.Shape{3})
	data.Fill(b, upTo(16))
	data.Fill(b, []int{19, 7})
	for l := range nn.Lanes {
		want := make([]float32, 3)
		if l < 2 {
			want = data.X.Sample([]int{19, 7}[l])
		}
		if !slices.Equal(lane(b, l), want) {
			t.Errorf("lane %d holds %v, want %v", l, lane(b, l), want)
		}
	}
}
