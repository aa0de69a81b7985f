package onnxio

import (
	"slices"
	"strings"
	"testing"

	"github.com/gonn-toolkit/gonn/nn"
)

// counted is a tensor that holds 0, 1, 2, ….
func counted(shape ...int) *nn.Tensor {
	x := nn.NewTensor(shape...)
	for i := range x.Data {
		x.Data[i] = float32(i)
	}
	return x
}

func TestAxisOrder(t *testing.T) {
	for _, c := range []struct {
		order         AxisOrder
		file, network []int
		name          string
		data          []float32 // of the network's value, where the file's counts; nil if it counts too
	}{
		{nil, []int{2, 3}, []int{2, 3}, "as in the file", nil},
		{AxisOrder{0, 2, 3, 1}, []int{1, 1, 3, 2}, []int{1, 2, 1, 3}, "NHWC", []float32{0, 2, 4, 1, 3, 5}},
		{AxisOrder{0, 1, 3}, []int{2, 3, 4}, []int{2, 3, 1, 4}, "NCW", nil},
		{AxisOrder{0, 3, 1}, []int{1, 3, 2}, []int{1, 2, 1, 3}, "NWC", []float32{0, 2, 4, 1, 3, 5}},
		{AxisOrder{0, 2, 3}, []int{2, 3, 4}, []int{2, 1, 3, 4}, "NHW", nil},
		{AxisOrder{1, 2, 3}, []int{2, 3, 4}, []int{1, 2, 3, 4}, "CHW", nil},
		{AxisOrder{1}, []int{5}, []int{1, 5}, "[1]", nil},
		{AxisOrder{1, 0}, []int{2, 3}, []int{3, 2}, "[1 0]", []float32{0, 3, 1, 4, 2, 5}},
		{AxisOrder{0, -1, 1}, []int{2, 1, 3}, []int{2, 3}, "[0 -1 1]", nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := c.order.String(); got != c.name {
				t.Errorf("it is called %s", got)
			}
			file := counted(c.file...)
			x, err := c.order.ToNetwork(file)
			if err != nil {
				t.Fatal(err)
			}
			want := c.data
			if want == nil {
				want = file.Data
			}
			if !slices.Equal(x.Shape, c.network) || !slices.Equal(x.Data, want) {
				t.Errorf("in the network it is %v %v, want %v %v", x.Shape, x.Data, c.network, want)
			}
			y, err := c.order.ToFile(x)
			if err != nil {
				t.Fatal(err)
			}
			if !slices.Equal(y.Shape, c.file) || !slices.Equal(y.Data, file.Data) {
				t.Errorf("back in the file it is %v %v", y.Shape, y.Data)
			}
			if want := len(c.order) == 0 || c.order[0] == 0; c.order.Batched() != want {
				t.Errorf("Batched is %v", !want)
			}
		})
	}
}

// A file may give one number.
func TestAxisOrderOfANumber(t *testing.T) {
	y, err := AxisOrder{}.ToFile(counted(1, 1))
	if err != nil || len(y.Shape) != 0 || len(y.Data) != 1 {
		t.Errorf("%v, %v", y, err)
	}
	if got := (AxisOrder{}).String(); got != "[]" || (AxisOrder{}).Batched() {
		t.Errorf("it is called %s", got)
	}
}

func TestAxisOrderRefuses(t *testing.T) {
	type way = func(AxisOrder, *nn.Tensor) (*nn.Tensor, error)
	for _, c := range []struct {
		order AxisOrder
		way   way
		shape []int
		want  string
	}{
		{AxisOrder{0, 2, 3, 1}, AxisOrder.ToNetwork, []int{2, 3}, "a value of shape (2, 3) has 2 axes, need 4"},
		{AxisOrder{0, 2, 3, 1}, AxisOrder.ToFile, []int{2, 3}, "a value of shape (2, 3) has 2 axes, need 4"},
		{AxisOrder{0, -1, 1}, AxisOrder.ToNetwork, []int{2, 3, 4}, "has 3 elements along axis 1, need 1"},
		{AxisOrder{1, 2, 3}, AxisOrder.ToFile, []int{2, 3, 4, 5}, "has 2 elements along axis 0, which the file does not have"},
		{AxisOrder{0, 1}, AxisOrder.ToFile, []int{2, 3, 4}, "has 4 elements along axis 2, which"},
		{AxisOrder{}, AxisOrder.ToNetwork, []int{1}, "has 1 axes, need 0"},
	} {
		if _, err := c.way(c.order, counted(c.shape...)); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%v of %v: error %v, want %q", c.order, c.shape, err, c.want)
		}
	}
}
