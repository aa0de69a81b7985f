package nn_test

import (
	"math"
	"testing"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/nn/activation"
	"github.com/gonn-toolkit/gonn/nn/layer"
	"github.com/gonn-toolkit/gonn/nn/loss"
)

// custom is an activation of the loops f and its derivative, which may be infinite at 0.
func custom(name string, f, derivative func(x float64) float64) activation.Layer {
	return activation.Layer{Func: &activation.Func{
		Name: name,
		Forward: func(y, x, _ []float32) {
			for i, v := range x {
				y[i] = float32(f(float64(v)))
			}
		},
		Backward: func(dx, dy, x, _, _ []float32) {
			if dx == nil {
				return
			}
			for i, v := range x {
				dx[i] = dy[i] * float32(derivative(float64(v)))
			}
		},
	}}
}

// A batch that does not fill its last block has the gradients of its samples, even where a
// function is not finite at 0 and no sample is there.
func TestLanesWithoutASampleStayFinite(t *testing.T) {
	root := custom("root", math.Sqrt, func(x float64) float64 { return 0.5 / math.Sqrt(x) })
	logarithm := custom("logarithm", math.Log, func(x float64) float64 { return 1 / x })
	undefined := custom("undefined", math.Sqrt, func(x float64) float64 { return x / (2 * x * math.Sqrt(x)) })
	positive := layer.Conv{Out: 2, Kernel: [2]int{2, 2}, NoBias: true}
	for _, act := range []activation.Layer{root, logarithm, undefined} {
		for name, layers := range map[string][]nn.Layer{
			"behind a convolution": {positive, act, layer.Flatten{}, layer.Dense{Out: 2}},
			"at the input":         {act, positive, layer.Flatten{}, layer.Dense{Out: 2}},
			"before a BatchNorm":   {positive, act, layer.BatchNorm{}, layer.Flatten{}, layer.Dense{Out: 2}},
		} {
			net := build(t, nn.Shape{1, 3, 3}, layers...)
			randomize(net, 1)
			for _, p := range net.Params() {
				for i, v := range p.Data {
					p.Data[i] = 0.1 + float32(math.Abs(float64(v)))
				}
			}
			x := randomTensor(1, 19, 1, 3, 3)
			for i, v := range x.Data {
				x.Data[i] = 0.1 + float32(math.Abs(float64(v)))
			}
			data, err := nn.NewTensorTargets(x, randomTensor(2, 19, 2))
			if err != nil {
				t.Fatal(err)
			}
			s := nn.NewStepper(net, loss.MSE{}, 2)
			if _, err := s.Step(data, upTo(19)); err != nil {
				t.Fatal(err)
			}
			for p, g := range s.Grads() {
				for _, v := range g {
					if v-v != 0 {
						t.Errorf("%s %s: gradient of %s is %v", act, name, p.FullName(), g)
						break
					}
				}
			}
			for _, p := range net.Params() {
				for _, v := range p.Data {
					if v-v != 0 {
						t.Errorf("%s %s: %s is %v", act, name, p.FullName(), p.Data)
						break
					}
				}
			}
		}
	}
}
