package nn_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/gonn-toolkit/gonn/nn"
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
