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

// Training by fast convolutions gives the gradients of the sum of taps up to rounding, with the
// same bits for any number of workers, and sees new parameters.
func TestFastConvTrains(t *testing.T) {
	const n = 19
	for name, tolerance := range map[string]float64{
		"resnet20": 1e-4,
		"vgg8":     0.03, // rounding may decide which pixel is the largest of a window
	} {
		plain, err := preset.Build(name, nn.Shape{3, 14, 13}, 10, activation.Must("swish"))
		if err != nil {
			t.Fatal(err)
		}
		randomize(plain, 3)
		data := randomSamples(t, n, 10, plain.InputShape())
		nets := []*nn.Network{plain}
		steppers := []*nn.Stepper{nn.NewStepper(plain, loss.CrossEntropy{}, 2)}
		for _, workers := range []int{2, 1, 5, 40} {
			fast := plain.Clone()
			fast.SetFastConv(true)
			nets, steppers = append(nets, fast), append(steppers, nn.NewStepper(fast, loss.CrossEntropy{}, workers))
		}
		for changed := range 2 {
			var grads [][][]float32
			for i, s := range steppers {
				if _, err := s.Step(data, upTo(n)); err != nil {
					t.Fatal(err)
				}
				grads = append(grads, s.Grads().Of(nets[i].Params()))
			}
			different := false
			for k, p := range plain.Params() {
				direct, fast := grads[0][k], grads[1][k]
				near(t, fmt.Sprintf("%s, changed %d times: the gradient of %s", name, changed, p.FullName()), fast, direct, tolerance)
				different = different || !slices.Equal(fast, direct)
				for _, other := range grads[2:] {
					if !slices.Equal(other[k], fast) {
						t.Errorf("%s: the gradient of %s has other bits with other workers", name, p.FullName())
					}
				}
			}
			if !different {
				t.Errorf("%s: the fast algorithm was not used", name)
			}
			for _, net := range nets {
				for _, p := range net.Params() {
					for i := range p.Data {
						p.Data[i] *= 1.25
					}
				}
			}
		}
	}
}

// A Stepper goes on as it was made, also after Observe.
func TestStepperKeepsFastConv(t *testing.T) {
	net, err := preset.Build("resnet20", nn.Shape{3, 14, 13}, 10, activation.Must("swish"))
	if err != nil {
		t.Fatal(err)
	}
	randomize(net, 3)
	data := randomSamples(t, 19, 10, net.InputShape())
	step := func(s *nn.Stepper) []float32 {
		if _, err := s.Step(data, upTo(19)); err != nil {
			t.Fatal(err)
		}
		return slices.Concat(s.Grads().Of(net.Params())...)
	}
	plain := step(nn.NewStepper(net, loss.CrossEntropy{}, 2))
	net.SetFastConv(true)
	s := nn.NewStepper(net, loss.CrossEntropy{}, 2)
	fast := step(s)
	net.SetFastConv(false)
	if err := s.Observe([]string{"conv1"}, nil); err != nil {
		t.Fatal(err)
	}
	if got := step(s); !slices.Equal(got, fast) || slices.Equal(got, plain) {
		t.Error("Observe has changed how convolutions are computed")
	}
}
