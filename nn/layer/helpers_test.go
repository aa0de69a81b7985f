package layer_test

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/gonn-toolkit/gonn/nn"
)

// The goldens are what PyTorch and Keras themselves computed for the study's
// network: testdata/ref holds the scripts, each case.json the versions.
const goldenDir = "../../testdata/golden"

func build(t testing.TB, in nn.Shape, layers ...nn.Layer) *nn.Network {
	t.Helper()
	net, err := nn.Sequential(in, layers...)
	if err != nil {
		t.Fatal(err)
	}
	return net
}

// randomize fills all parameters, biases and slopes too.
func randomize(net *nn.Network, seed uint64) {
	rng := rand.New(rand.NewPCG(seed, 0))
	for _, p := range net.Params() {
		for i := range p.Data {
			p.Data[i] = float32(rng.NormFloat64()) * 0.3
			if p.Role == nn.Statistic { // perhaps a variance
				p.Data[i] = max(p.Data[i], -p.Data[i])
			}
		}
	}
}

func randomTensor(seed uint64, shape ...int) *nn.Tensor {
	rng := rand.New(rand.NewPCG(seed, 1))
	x := nn.NewTensor(shape...)
	for i := range x.Data {
		x.Data[i] = float32(rng.NormFloat64())
	}
	return x
}

func forward(t testing.TB, net *nn.Network, x *nn.Tensor) *nn.Tensor {
	t.Helper()
	y, err := net.Forward(x)
	if err != nil {
		t.Fatal(err)
	}
	return y
}

func upTo(n int) []int {
	idx := make([]int, n)
	for i := range idx {
		idx[i] = i
	}
	return idx
}

// norm is ‖a‖, distance is ‖a − b‖/‖b‖.
func norm(a []float32) float64 {
	var s float64
	for _, v := range a {
		s += float64(v) * float64(v)
	}
	return math.Sqrt(s)
}

func distance(a, b []float32) float64 {
	var s float64
	for i := range b {
		d := float64(a[i]) - float64(b[i])
		s += d * d
	}
	return math.Sqrt(s) / max(norm(b), math.SmallestNonzeroFloat64)
}

func near(t testing.TB, what string, got, want []float32, tolerance float64) {
	t.Helper()
	if len(got) != len(want) {
		t.Fatalf("%s: %d values, want %d", what, len(got), len(want))
	}
	if d := distance(got, want); !(d <= tolerance) {
		t.Errorf("%s: %.1e from what it must be, tolerance %.0e", what, d, tolerance)
	}
}

func step(t testing.TB, s *nn.Stepper, data nn.Samples, idx []int) nn.Stats {
	t.Helper()
	st, err := s.Step(data, idx)
	if err != nil {
		t.Fatal(err)
	}
	return st
}
