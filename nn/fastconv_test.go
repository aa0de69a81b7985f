package nn_test

import (
	"fmt"
	"slices"
	"testing"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/nn/activation"
	"github.com/gonn-toolkit/gonn/nn/loss"
	"github.com/gonn-toolkit/gonn/nn/preset"
)

// Fast convolutions give what the sum of taps gives, up to rounding, with the same bits for any
// number of workers, and see new parameters.
func TestFastConv(t *testing.T) {
	nets := packedNets(t)
	nets["study"] = study(t)
	for _, name := range []string{"vgg8", "resnet20", "mobilenet-small"} {
		var err error
		if nets[name], err = preset.Build(name, nn.Shape{3, 20, 18}, 10, activation.Must("swish")); err != nil {
			t.Fatal(err)
		}
	}
	for name, net := range nets {
		randomize(net, 3)
		x := randomTensor(5, append([]int{35}, net.InputShape()...)...)
		for changed := range 2 {
			net.SetFastConv(false)
			want := forward(t, net, x)
			net.SetFastConv(true)
			got := forward(t, net, x)
			near(t, fmt.Sprintf("%s, changed %d times", name, changed), got.Data, want.Data, 2e-5)
			data := randomSamples(t, 35, 10, net.InputShape())
			data.X = x
			for _, workers := range []int{1, 3, 16} {
				if y, err := net.Predict(data, workers); err != nil || !slices.Equal(y.Data, got.Data) {
					t.Errorf("%s: %d workers give other bits (%v)", name, workers, err)
				}
			}
			for _, p := range net.Params() {
				p.Data[0] *= 1.25
			}
		}
	}
}

// Each batch goes through as many lanes as it has samples.
func TestFastConvEvaluates(t *testing.T) {
	net, err := preset.Build("resnet20", nn.Shape{3, 16, 16}, 10, activation.Must("relu"))
	if err != nil {
		t.Fatal(err)
	}
	randomize(net, 3)
	data := randomSamples(t, 21, 10, net.InputShape())
	want, err1 := net.Evaluate(data, loss.CrossEntropy{}, 2)
	net.SetFastConv(true)
	got, err2 := net.Evaluate(data, loss.CrossEntropy{}, 2)
	if err1 != nil || err2 != nil || got.Samples != want.Samples || got.Correct != want.Correct {
		t.Errorf("%+v, %v, want %+v, %v", got, err2, want, err1)
	}
	near(t, "loss", []float32{float32(got.Loss())}, []float32{float32(want.Loss())}, 1e-5)
}
