package nn_test

import (
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/nn/activation"
	"github.com/gonn-toolkit/gonn/nn/layer"
)

// A network that is built does not change, whatever is done to its builder, and to the shapes that
// were given.
func TestBuiltNetworksDoNotChange(t *testing.T) {
	shape := nn.Shape{4}
	b := nn.NewBuilder(shape).Add("d", layer.Dense{Out: 3})
	net, err := b.Build()
	if err != nil {
		t.Fatal(err)
	}
	net.Init(nn.KerasInit, 1)
	want := slices.Clone(net.Param("d.weight").Data)
	shape[0] = 5
	if again, err := b.Build(); again != nil || err == nil || !strings.Contains(err.Error(), "it is built already; Network.Builder gives a builder with its layers") {
		t.Errorf("built again: %v", err)
	}
	if _, err := b.Add("e", layer.Dense{Out: 7}).Outputs("d").Input("more", nn.Shape{2}).Build(); err == nil {
		t.Error("a builder goes on with a network that it has built")
	}
	if !slices.Equal(net.Param("d.weight").Data, want) || !net.OutputShape().Equal(nn.Shape{3}) || !net.InputShape().Equal(nn.Shape{4}) || len(net.Nodes()) != 1 {
		t.Errorf("the network has changed: %v to %v, %d layers", net.InputShape(), net.OutputShape(), len(net.Nodes()))
	}
}

// Mistakes of programs are errors.
func TestLayersThatAreNone(t *testing.T) {
	if _, err := nn.NewBuilder(nn.Shape{4}).Add("x", nil).Build(); err == nil || !strings.Contains(err.Error(), `layer "x": there is none, the layer is nil`) {
		t.Errorf("a layer that is nil: %v", err)
	}
	if _, err := nn.Sequential(nn.Shape{4}, layer.Dense{Out: 2}, nil); err == nil || !strings.Contains(err.Error(), "layer 2 of 2: there is none") {
		t.Errorf("a layer that is nil in a sequence: %v", err)
	}
	if _, err := nn.Sequential(nn.Shape{4}, activation.Must("prelu:1x1x4")); err == nil || !strings.Contains(err.Error(), "it has more axes") {
		t.Errorf("a slope with axes that samples do not have: %v", err)
	}
	net, err := nn.Sequential(nn.Shape{4}, layer.Dense{Out: 2})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := net.Forward(&nn.Tensor{Shape: []int{math.MaxInt/2 + 1, 4}}); err == nil {
		t.Error("a tensor of more values than there can be is no error")
	}
	if _, err := net.Forward(&nn.Tensor{Shape: []int{math.MaxInt, 4}}); err == nil {
		t.Error("a tensor of more values than there can be is no error")
	}
}

// A window that is larger than the padded map is one if it is rounded up, as in PyTorch.
func TestCeilOfASmallMap(t *testing.T) {
	pool := layer.MaxPool{Kernel: [2]int{3, 3}, Stride: [2]int{2, 2}, Ceil: true}
	net, err := nn.Sequential(nn.Shape{1, 2, 2}, pool)
	if err != nil {
		t.Fatal(err)
	}
	y, err := net.Forward(&nn.Tensor{Shape: []int{1, 1, 2, 2}, Data: []float32{1, 2, 3, 4}})
	if err != nil || !slices.Equal(y.Data, []float32{4}) {
		t.Errorf("%v, error %v; want 4", y, err)
	}
	if _, err := nn.Sequential(nn.Shape{1, 1, 1}, pool); err == nil { // PyTorch: output size is too small
		t.Error("a map of one pixel has a window of 3 with stride 2")
	}
}
