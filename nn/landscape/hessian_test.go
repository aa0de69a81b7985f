package landscape_test

import (
	"context"
	"errors"
	"math"
	"testing"

	"gonum.org/v1/gonum/diff/fd"
	"gonum.org/v1/gonum/floats"
	"gonum.org/v1/gonum/mat"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/nn/activation"
	"github.com/gonn-toolkit/gonn/nn/landscape"
	"github.com/gonn-toolkit/gonn/nn/layer"
	"github.com/gonn-toolkit/gonn/nn/loss"
)

var exactly = map[string]func(*testing.T) known{
	"linear regression": regression, "softmax regression": softmaxRegression, "perceptron": perceptron,
}

// Gradients, products and eigenvalues agree with finite differences of the loss in float64.
func TestHessian(t *testing.T) {
	for name, problem := range exactly {
		k := problem(t)
		n := len(k.theta())
		var want mat.SymDense
		fd.Hessian(&want, k.loss, k.theta(), nil)
		h, err := landscape.NewHessian(k.objective)
		if err != nil {
			t.Fatal(err)
		}
		got := make(landscape.Direction, n)
		got[0] = math.NaN() // which is overwritten
		st, err := h.Gradient(context.Background(), got, 0, nil)
		if err != nil {
			t.Fatal(err)
		}
		if l := k.loss(k.theta()); math.Abs(st.Loss()-l) > 1e-6 {
			t.Errorf("%s: loss %v, want %v", name, st.Loss(), l)
		}
		near(t, name+": gradient", got, fd.Gradient(nil, k.loss, k.theta(), nil), 1e-5)

		v := make(landscape.Direction, n)
		for i := range v {
			v[i] = math.Sin(float64(3 * i))
		}
		product := mat.NewVecDense(n, nil)
		product.MulVec(&want, mat.NewVecDense(n, v))
		for _, step := range []float64{landscape.EigenvalueStep, landscape.DirectionStep} {
			if err := h.Product(context.Background(), got, v, step); err != nil {
				t.Fatal(err)
			}
			near(t, name+": product", got, product.RawVector().Data, 1e-3)
		}

		var eigen mat.EigenSym
		eigen.Factorize(&want, false)
		values := eigen.Values(nil)
		s, err := landscape.Measure(context.Background(), k.objective, landscape.DefaultOptions())
		if err != nil {
			t.Fatal(err)
		}
		near(t, name+": eigenvalues", []float64{s.Largest.Value, s.Smallest.Value}, []float64{values[n-1], values[0]}, 1e-2)
		if d := math.Abs(s.Trace.Value - floats.Sum(values)); d > 4*s.Trace.Error+1e-3 || s.Trace.Error > values[n-1] {
			t.Errorf("%s: trace %+v, want %v", name, s.Trace, floats.Sum(values))
		}
		for i, d := range landscape.Directions(k.objective.Net, 1, 3) {
			x := mat.NewVecDense(n, d)
			near(t, name+": curvature", s.Curvature[i:i+1], []float64{mat.Inner(x, &want, x)}, 1e-2)
			rise := (k.loss(add(k.theta(), 0.5, d))+k.loss(add(k.theta(), -0.5, d)))/2 - k.loss(k.theta())
			near(t, name+": rise", s.Rise[i:i+1], []float64{rise}, 1e-4)
		}
		near(t, name+": relative", []float64{s.Relative.Value}, []float64{relative(k.objective.Net, &want)}, 1e-2)
	}
}

func add(x []float64, factor float64, d landscape.Direction) []float64 {
	return floats.AddScaledTo(make([]float64, len(x)), x, factor, d)
}

// relative is the largest eigenvalue of D·H·D.
func relative(net *nn.Network, h *mat.SymDense) float64 {
	var scale []float64
	for _, p := range net.Params() {
		size := len(p.Data) / p.Shape[0]
		for i := range p.Data {
			sum := 0.0
			for _, w := range p.Data[i/size*size:][:size] {
				sum += float64(w) * float64(w)
			}
			if p.Role != nn.Weight {
				sum = 0
			}
			scale = append(scale, math.Sqrt(sum))
		}
	}
	scaled := mat.NewSymDense(len(scale), nil)
	for i := range scale {
		for j := range i + 1 {
			scaled.SetSym(i, j, scale[i]*h.At(i, j)*scale[j])
		}
	}
	var eigen mat.EigenSym
	eigen.Factorize(scaled, false)
	return eigen.Values(nil)[len(scale)-1]
}

// near compares vectors up to a part of the norm of want.
func near(t *testing.T, what string, got, want []float64, tolerance float64) {
	t.Helper()
	if d := floats.Distance(got, want, 2); !(d <= tolerance*floats.Norm(want, 2)) {
		t.Errorf("%s: %v, want %v", what, got, want)
	}
}

// Parameters that are frozen do not move, and neither do running statistics.
func TestFrozenParametersDoNotMove(t *testing.T) {
	net := build(t, nn.Shape{2, 4, 4}, layer.Conv{Out: 3, Kernel: [2]int{3, 3}}, layer.NewBatchNorm(nn.PyTorch),
		activation.Must("prelu:channel"), layer.Flatten{}, layer.Dense{Out: 3})
	o := &landscape.Objective{Net: net, Data: samples(t, 20, 3, 2, 4, 4), Loss: loss.CrossEntropy{}}
	params := net.Params()
	params[0].Frozen = true
	before := net.Clone()
	if _, err := landscape.Measure(context.Background(), o, landscape.DefaultOptions()); err != nil {
		t.Fatal(err)
	}
	for i, p := range before.Params() {
		near(t, p.FullName(), float64s(params[i].Data), float64s(p.Data), 0)
	}
	for _, p := range params[1:] {
		p.Frozen = true
	}
	params[len(params)-1].Frozen = false // the bias of the dense layer
	if s, err := landscape.Measure(context.Background(), o, landscape.DefaultOptions()); err != nil || s.Relative.Value != 0 || s.Largest.Value <= 0 {
		t.Errorf("only a bias is trained: %+v, %v", s, err)
	}
	params[len(params)-1].Frozen = true
	if _, err := landscape.NewHessian(o); err == nil {
		t.Error("a network without trained parameters has a Hessian")
	}
}

func float64s(v []float32) (list []float64) {
	for _, x := range v {
		list = append(list, float64(x))
	}
	return list
}

func TestMeasureStops(t *testing.T) {
	o := perceptron(t).objective
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := landscape.Measure(ctx, o, landscape.DefaultOptions()); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
	if _, err := o.Line(ctx, landscape.NewDirection(o.Net), []float64{0}); !errors.Is(err, context.Canceled) {
		t.Errorf("line, cancelled: %v", err)
	}
	if _, err := landscape.Measure(context.Background(), o, landscape.Options{Directions: 1, Products: 1, Distance: 1}); err == nil {
		t.Error("a standard deviation over one direction")
	}
	o.Net.Params()[0].Data[0] = float32(math.NaN())
	if _, err := landscape.Measure(context.Background(), o, landscape.DefaultOptions()); !errors.Is(err, landscape.ErrNotFinite) {
		t.Errorf("with NaN: %v", err)
	}
	o.Data = samples(t, 0, 3, inputs)
	if _, err := landscape.Measure(context.Background(), o, landscape.DefaultOptions()); err == nil {
		t.Error("the mean over no samples has a Hessian")
	}
}
