package landscape_test

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/nn/activation"
	"github.com/gonn-toolkit/gonn/nn/landscape"
	"github.com/gonn-toolkit/gonn/nn/layer"
	"github.com/gonn-toolkit/gonn/nn/loss"
)

// build is a chain of layers with random parameters.
func build(t *testing.T, in nn.Shape, layers ...nn.Layer) *nn.Network {
	t.Helper()
	net, err := nn.Sequential(in, layers...)
	if err != nil {
		t.Fatal(err)
	}
	rng := rand.New(rand.NewPCG(1, 2))
	for _, p := range net.Params() {
		for i := range p.Data {
			p.Data[i] = float32(rng.NormFloat64()) / 2
			if p.Role == nn.Statistic {
				p.Data[i] = 1 + p.Data[i]*p.Data[i]
			}
		}
	}
	return net
}

// tensor is one of normally distributed numbers.
func tensor(seed uint64, shape ...int) *nn.Tensor {
	x := nn.NewTensor(shape...)
	rng := rand.New(rand.NewPCG(seed, 0))
	for i := range x.Data {
		x.Data[i] = float32(rng.NormFloat64())
	}
	return x
}

// samples are n random samples of classes 0, 1, …
func samples(t *testing.T, n, classes int, shape ...int) *nn.TensorSamples {
	t.Helper()
	labels := make([]int, n)
	for i := range labels {
		labels[i] = i * 7 % classes
	}
	s, err := nn.NewTensorSamples(tensor(5, append([]int{n}, shape...)...), labels, classes)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// known is a network whose loss is computed once more, in float64.
type known struct {
	objective *landscape.Objective
	loss      func(theta []float64) float64
}

// theta are the network's parameters.
func (k known) theta() (v []float64) {
	for _, p := range k.objective.Net.Params() {
		for _, x := range p.Data {
			v = append(v, float64(x))
		}
	}
	return v
}

const inputs, hidden, classes = 3, 4, 3

// regression is linear, with the squared error: its Hessian is the same everywhere.
func regression(t *testing.T) known {
	net := build(t, nn.Shape{inputs}, layer.Dense{Out: 1})
	x, y := tensor(3, 40, inputs), tensor(4, 40, 1)
	data, err := nn.NewTensorTargets(x, y)
	if err != nil {
		t.Fatal(err)
	}
	return known{&landscape.Objective{Net: net, Data: data, Loss: loss.MSE{}}, func(theta []float64) float64 {
		sum := 0.0
		for i := range 40 {
			d := dense(theta, x.Sample(i), 1)[0] - float64(y.Data[i])
			sum += d * d
		}
		return sum / 40
	}}
}

// softmaxRegression is convex.
func softmaxRegression(t *testing.T) known {
	data := samples(t, 40, classes, inputs)
	net := build(t, nn.Shape{inputs}, layer.Dense{Out: classes})
	return known{&landscape.Objective{Net: net, Data: data, Loss: loss.CrossEntropy{}}, func(theta []float64) float64 {
		sum := 0.0
		for i := range data.Len() {
			sum += crossEntropy(dense(theta, data.X.Sample(i), classes), data.Label(i))
		}
		return sum / 40
	}}
}

// perceptron has a hidden layer of Mish, so that its Hessian has eigenvalues of both signs.
func perceptron(t *testing.T) known {
	data := samples(t, 300, classes, inputs) // more than one sum in float32
	net := build(t, nn.Shape{inputs}, layer.Dense{Out: hidden}, activation.Must("mish"), layer.Dense{Out: classes})
	return known{&landscape.Objective{Net: net, Data: data, Loss: loss.CrossEntropy{}}, func(theta []float64) float64 {
		sum := 0.0
		for i := range data.Len() {
			h := dense(theta, data.X.Sample(i), hidden)
			for k, z := range h {
				h[k] = z * math.Tanh(math.Log1p(math.Exp(z)))
			}
			sum += crossEntropy(dense(theta[hidden*(inputs+1):], h, classes), data.Label(i))
		}
		return sum / 300
	}}
}

// dense is W·x + b, of parameters that begin with W and b.
func dense[T float32 | float64](theta []float64, x []T, out int) []float64 {
	y := make([]float64, out)
	for k := range y {
		y[k] = theta[out*len(x)+k]
		for i, v := range x {
			y[k] += theta[k*len(x)+i] * float64(v)
		}
	}
	return y
}

func crossEntropy(z []float64, label int) float64 {
	sum := 0.0
	for _, v := range z {
		sum += math.Exp(v)
	}
	return math.Log(sum) - z[label]
}
