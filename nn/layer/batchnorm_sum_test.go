package layer_test

import (
	"math"
	"slices"
	"testing"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/nn/activation"
	"github.com/gonn-toolkit/gonn/nn/layer"
	"github.com/gonn-toolkit/gonn/nn/loss"
	"github.com/gonn-toolkit/gonn/nn/nntest"
)

// The end of a residual block, fused, keeps the contract of Ops.
func TestBatchNormFusedWithASum(t *testing.T) {
	const eps = 0.01
	tanh := func(z float64) float64 { return math.Tanh(z) }
	for name, c := range map[string]struct {
		layers fused
		f      func(z float64) float64
	}{
		"sum":            {fused{layer.BatchNorm{Eps: eps}, layer.Add{}}, func(z float64) float64 { return z }},
		"sum, then tanh": {fused{layer.BatchNorm{Eps: eps}, layer.Add{}, activation.Must("tanh")}, tanh},
	} {
		for _, in := range []nn.Shape{{3, 4, 5}, {7}, {1, 3, 45}} {
			join := func(z, other []float64) []float64 {
				for i := range z {
					z[i] = c.f(z[i] + other[i])
				}
				return z
			}
			t.Run(name, func(t *testing.T) {
				nntest.Layer(t, nntest.Case{
					Layer: c.layers, In: []nn.Shape{in, in},
					Formula: func(w, x [][]float64) []float64 {
						return join(normalized(x[0], w[2], w[3], w[0], w[1], float64(float32(eps))), x[1])
					},
					Training: func(w [][]float64, x [][][]float64) (y [][]float64) {
						var all [][]float64
						for _, sample := range x {
							all = append(all, sample[0])
						}
						mean, variance := moments(all, in[0])
						for _, sample := range x {
							y = append(y, join(normalized(sample[0], mean, variance, w[0], w[1], float64(float32(eps))), sample[1]))
						}
						return y
					},
				})
			})
		}
	}
}

// A residual block trains to the same bits whether its end is fused or not, which it is not where
// the values between are observed.
func TestResidualBlocksFusedAreThemselves(t *testing.T) {
	for _, spelled := range append(activation.Names(), "prelu:channel", "none") {
		for _, shortcut := range []string{"start", "short"} { // the first is read twice
			act, err := activation.Parse(spelled)
			if err != nil && spelled != "none" {
				act = activation.Must(spelled + ":0.7")
			}
			b := nn.NewBuilder(nn.Shape{2, 5, 6}).
				Add("start", layer.Conv{Out: 4, Kernel: [2]int{3, 3}, Pads: [4]int{1, 1, 1, 1}}).
				Add("conv", layer.Conv{Out: 4, Kernel: [2]int{3, 3}, Pads: [4]int{1, 1, 1, 1}}).
				Add("bn", layer.BatchNorm{})
			if shortcut == "short" {
				b = b.Add("project", layer.Conv{Out: 4, Kernel: [2]int{1, 1}}, "start").Add("short", layer.BatchNorm{})
			}
			b = b.Add("add", layer.Add{}, "bn", shortcut)
			if spelled != "none" {
				b = b.Add("act", act)
			}
			net, err := b.Add("flatten", layer.Flatten{}).Add("dense", layer.Dense{Out: 5}).Build()
			if err != nil {
				t.Fatal(err)
			}
			net.Init(nn.PyTorchInit, 3)
			train := func(observed ...string) []float32 {
				own := net.Clone()
				s := nn.NewStepper(own, loss.CrossEntropy{}, 2)
				if err := s.Observe(observed, nil); err != nil {
					t.Fatal(err)
				}
				data := residualSamples(t, 37)
				order := make([]int, 37)
				for i := range order {
					order[i] = i
				}
				if _, err := s.Step(data, order); err != nil {
					t.Fatal(err)
				}
				return slices.Concat(s.Grads().Of(own.Params())...)
			}
			if !slices.Equal(train(), train("bn", "add")) {
				t.Errorf("%s, shortcut %s: other gradients", spelled, shortcut)
			}
		}
	}
}

func residualSamples(t *testing.T, n int) *nn.TensorSamples {
	x := nn.NewTensor(n, 2, 5, 6)
	labels := make([]int, n)
	for i := range x.Data {
		x.Data[i] = float32(math.Sin(float64(i*i%1013) * 1.7))
	}
	for i := range labels {
		labels[i] = i * 7 % 5
	}
	data, err := nn.NewTensorSamples(x, labels, 5)
	if err != nil {
		t.Fatal(err)
	}
	return data
}
