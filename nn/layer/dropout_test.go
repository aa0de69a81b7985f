package layer_test

import (
	"math"
	"slices"
	"testing"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/nn/layer"
	"github.com/gonn-toolkit/gonn/nn/loss"
	"github.com/gonn-toolkit/gonn/nn/op"
)

func full(s nn.Shape) nn.Block {
	b := nn.NewBlock(s)
	for i := range b.Data {
		b.Data[i] = 1
	}
	return b
}

func bound(t *testing.T, l nn.Layer, in nn.Shape) op.Op {
	t.Helper()
	op, err := l.Bind([]nn.Shape{in})
	if err != nil {
		t.Fatal(err)
	}
	return op
}

// dropped runs ones through a Dropout in training.
func dropped(t *testing.T, rate float32, in nn.Shape, at op.Training) []float32 {
	t.Helper()
	o := bound(t, layer.Dropout{Rate: rate}, in)
	y, dx := nn.NewBlock(in), nn.NewBlock(in)
	c := &op.Call{X: []nn.Block{full(in)}, Y: y, DY: full(in), DX: []nn.Block{dx}, Training: &at}
	o.Forward(c)
	o.Backward(c)
	if !slices.Equal(y.Data, dx.Data) {
		t.Fatal("the backward pass drops others than the forward pass")
	}
	return y.Data
}

func TestDropoutDropsItsShareAndKeepsTheMean(t *testing.T) {
	in := nn.Shape{5, 31, 33}
	for _, rate := range []float32{0, 0.1, 0.5, 0.9} {
		y := dropped(t, rate, in, op.Training{Key: 7, Samples: nn.Lanes})
		zero, n := 0, float64(len(y))
		for _, v := range y {
			switch v {
			case 0:
				zero++
			case 1 / (1 - rate):
			default:
				t.Fatalf("rate %g: %g", rate, v)
			}
		}
		sigma := math.Sqrt(float64(rate*(1-rate)) / n)
		if share := float64(zero) / n; math.Abs(share-float64(rate)) > 5*sigma+1e-7 {
			t.Errorf("rate %g: %.4f dropped, more than 5 σ off", rate, share)
		}
	}
}

// What is dropped depends on the step, the layer, the sample's place in the batch and the
// value's place in the sample, so no two of these agree on half of the values by more
// than chance, and on nothing else.
func TestDropoutDependsOnTheSampleAlone(t *testing.T) {
	in := nn.Shape{6, 10, 11}
	base := dropped(t, 0.5, in, op.Training{Key: 1, First: 16, Samples: nn.Lanes})
	if again := dropped(t, 0.5, in, op.Training{Key: 1, First: 16, Samples: 3}); !slices.Equal(again, base) {
		t.Error("other lanes decide about a sample")
	}
	agree := func(a, b []float32) float64 {
		n := 0
		for i := range a {
			if a[i] == b[i] {
				n++
			}
		}
		return float64(n) / float64(len(a))
	}
	lanesOf := func(v []float32, lane int) (s []float32) {
		for i := lane; i < len(v); i += nn.Lanes {
			s = append(s, v[i])
		}
		return s
	}
	for what, share := range map[string]float64{
		"another key":    agree(base, dropped(t, 0.5, in, op.Training{Key: 2, First: 16, Samples: nn.Lanes})),
		"another block":  agree(base, dropped(t, 0.5, in, op.Training{Key: 1, First: 32, Samples: nn.Lanes})),
		"another sample": agree(lanesOf(base, 0), lanesOf(base, 1)),
		"another value":  agree(base[nn.Lanes:], base[:len(base)-nn.Lanes]),
	} {
		if share < 0.4 || share > 0.6 {
			t.Errorf("%s: %.2f of the values are dropped alike", what, share)
		}
	}
}

// A step is what seed and number say, whatever came before.
func TestStepsWithDropoutFollowTheSeed(t *testing.T) {
	net, err := nn.Sequential(nn.Shape{1, 5, 5}, layer.Conv{Out: 3, Kernel: [2]int{3, 3}}, layer.Dropout{Rate: 0.4}, layer.Flatten{}, layer.Dropout{Rate: 0.4}, layer.Dense{Out: 3})
	if err != nil {
		t.Fatal(err)
	}
	net.Init(nn.KerasInit, 1)
	x := nn.NewTensor(40, 1, 5, 5)
	labels, idx := make([]int, 40), make([]int, 40)
	for i := range x.Data {
		x.Data[i] = float32(i%7) / 7
	}
	for i := range idx {
		idx[i], labels[i] = i, i%3
	}
	data, err := nn.NewTensorSamples(x, labels, 3)
	if err != nil {
		t.Fatal(err)
	}
	step := func(s *nn.Stepper) []float32 {
		t.Helper()
		if _, err := s.Step(data, idx); err != nil {
			t.Fatal(err)
		}
		return slices.Concat(s.Grads().Of(net.Params())...)
	}
	a := nn.NewStepper(net, loss.CrossEntropy{}, 1)
	a.Seed(9, 0)
	var all [][]float32
	for range 4 {
		all = append(all, step(a))
	}
	if slices.Equal(all[0], all[1]) {
		t.Error("two steps drop the same")
	}
	b := nn.NewStepper(net, loss.CrossEntropy{}, 3)
	b.Seed(9, 2)
	for i := 2; i < 4; i++ {
		if !slices.Equal(step(b), all[i]) {
			t.Errorf("step %d, begun anew by 3 workers, differs", i)
		}
	}
	b.Seed(10, 2)
	if slices.Equal(step(b), all[2]) {
		t.Error("another seed drops the same")
	}
}
