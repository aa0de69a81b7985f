package landscape_test

import (
	"context"
	"math"
	"math/rand/v2"
	"reflect"
	"strings"
	"testing"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/nn/activation"
	"github.com/gonn-toolkit/gonn/nn/landscape"
	"github.com/gonn-toolkit/gonn/nn/layer"
	"github.com/gonn-toolkit/gonn/nn/loss"
)

// convolutional has parameters of all roles.
func convolutional(t *testing.T, act string) *nn.Network {
	return build(t, nn.Shape{2, 4, 4}, layer.Conv{Out: 3, Kernel: [2]int{3, 3}}, layer.NewBatchNorm(nn.PyTorch),
		activation.Must(act), layer.Flatten{}, layer.Dense{Out: 3})
}

// The same bits for any number of workers.
func TestWorkers(t *testing.T) {
	var first *landscape.Sharpness
	var plane [][]nn.Stats
	for _, workers := range []int{1, 2, 5} {
		net := convolutional(t, "prelu:channel")
		o := &landscape.Objective{Net: net, Data: samples(t, 50, 3, 2, 4, 4), Loss: loss.CrossEntropy{}, Workers: workers}
		s, err := landscape.Measure(context.Background(), o, landscape.Options{Seed: 1, Directions: 2, Distance: 1, Products: 5})
		if err != nil {
			t.Fatal(err)
		}
		d := landscape.Directions(net, 1, 2)
		p, err := o.Plane(context.Background(), d[0], d[1], []float64{-1, 0, 1}, []float64{-0.5, 0})
		if err != nil {
			t.Fatal(err)
		}
		if first == nil {
			first, plane = s, p
		}
		if !reflect.DeepEqual(s, first) || !reflect.DeepEqual(p, plane) {
			t.Errorf("%d workers: %+v, %v; one gives %+v, %v", workers, s, p, first, plane)
		}
	}
}

// Rows are of β, columns of α.
func TestPlane(t *testing.T) {
	k := perceptron(t)
	d := landscape.Directions(k.objective.Net, 3, 2)
	alphas, betas := []float64{-1, 0, 0.5}, []float64{0, 2}
	rows, err := k.objective.Plane(context.Background(), d[0], d[1], alphas, betas)
	if err != nil || len(rows) != 2 || len(rows[0]) != 3 {
		t.Fatal(rows, err)
	}
	for j, beta := range betas {
		for i, alpha := range alphas {
			want := k.loss(add(add(k.theta(), alpha, d[0]), beta, d[1]))
			if got := rows[j][i].Loss(); math.Abs(got-want) > 1e-5*want {
				t.Errorf("α %v, β %v: %v, want %v", alpha, beta, got, want)
			}
		}
	}
}

// Each filter of a direction has the norm of the filter; what is no weight, or frozen, is 0. The
// other numbers do not depend on what is frozen.
func TestFilterNormalized(t *testing.T) {
	net := convolutional(t, "prelu:channel")
	full := landscape.FilterNormalized(net, rand.New(rand.NewPCG(1, 1)))
	net.Params()[0].Frozen = true
	frozen := landscape.FilterNormalized(net, rand.New(rand.NewPCG(1, 1)))
	at := 0
	for i, p := range net.Params() {
		size := len(p.Data) / p.Shape[0]
		for k := range p.Shape[0] {
			want, got, left := 0.0, 0.0, 0.0
			for j := range size {
				v, d, f := float64(p.Data[k*size+j]), full[at+k*size+j], frozen[at+k*size+j]
				want, got, left = want+v*v, got+d*d, left+f*f
			}
			if p.Role != nn.Weight {
				want = 0
			}
			if math.Abs(got-want) > 1e-9 {
				t.Errorf("%s, filter %d: norm² %v, want %v", p.FullName(), k, got, want)
			}
			if i == 0 && left != 0 || i > 0 && left != got {
				t.Errorf("%s, filter %d: norm² %v with %s frozen", p.FullName(), k, left, net.Params()[0].FullName())
			}
		}
		at += len(p.Data)
	}
}

// A line between two networks ends at the other one, with its running statistics.
func TestBetween(t *testing.T) {
	a, b := convolutional(t, "mish"), convolutional(t, "mish")
	for _, p := range b.Params() {
		for i := range p.Data {
			p.Data[i] = p.Data[i]*2 + 0.1
		}
	}
	o := &landscape.Objective{Net: a, Data: samples(t, 20, 3, 2, 4, 4), Loss: loss.CrossEntropy{}}
	d, err := landscape.Between(a, b)
	if err != nil {
		t.Fatal(err)
	}
	line, err := o.Line(context.Background(), d, []float64{0, 1})
	if err != nil {
		t.Fatal(err)
	}
	for i, net := range []*nn.Network{a, b} {
		want, err := net.Evaluate(o.Data, o.Loss, 1)
		if err != nil || math.Abs(line[i].Loss()-want.Loss()) > 1e-5 || line[i].Correct != want.Correct {
			t.Errorf("end %d: %+v, want %+v (%v)", i, line[i], want, err)
		}
	}
	for want, other := range map[string]*nn.Network{
		"one has 5 layers, the other 1":        build(t, nn.Shape{3}, layer.Dense{Out: 3}),
		"is mish in one and relu in":           convolutional(t, "relu"),
		"layer conv (Conv) has other settings": build(t, nn.Shape{2, 4, 4}, layer.Conv{Out: 4, Kernel: [2]int{3, 3}}, layer.NewBatchNorm(nn.PyTorch), activation.Must("mish"), layer.Flatten{}, layer.Dense{Out: 3}),
		"layer 1 is conv in one and bn":        build(t, nn.Shape{2, 4, 4}, layer.NewBatchNorm(nn.PyTorch), layer.Conv{Out: 3, Kernel: [2]int{3, 3}}, activation.Must("mish"), layer.Flatten{}, layer.Dense{Out: 3}),
	} {
		if _, err := landscape.Between(a, other); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v, want %q", err, want)
		}
	}
}

// Lanczos' method finds the extremes of a known spectrum, and says how far off it is.
func TestExtremes(t *testing.T) {
	spectrum := make([]float64, 200)
	start := make(landscape.Direction, len(spectrum))
	rng := rand.New(rand.NewPCG(2, 2))
	for i := range spectrum {
		spectrum[i], start[i] = -3+float64(i)/50, rng.NormFloat64()
	}
	spectrum[17], spectrum[80] = 10, -5
	for _, test := range []struct {
		products  int
		tolerance float64
		within    float64
	}{{200, 1e-10, 1e-8}, {200, 1e-2, 0.1}, {20, 0, 0.1}, {1, 0, 20}} {
		calls := 0
		largest, smallest, err := landscape.Extremes(start, func(dst, v landscape.Direction) error {
			calls++
			for i, x := range v {
				dst[i] = spectrum[i] * x
			}
			return nil
		}, test.products, func(a, b landscape.Eigenvalue) bool { return max(a.Residual, b.Residual) <= test.tolerance*10 })
		if err != nil || calls > test.products || math.Abs(largest.Value-10) > test.within || math.Abs(smallest.Value+5) > test.within {
			t.Errorf("%+v: %v, %v after %d products (%v)", test, largest, smallest, calls, err)
		}
		if d := math.Abs(largest.Value - 10); test.products > 1 && d > largest.Residual+1e-8 {
			t.Errorf("%+v: off by %v with a residual of %v", test, d, largest.Residual)
		}
	}
	never := func(landscape.Eigenvalue, landscape.Eigenvalue) bool { return false }
	calls := 0
	one, two, err := landscape.Extremes(start, func(dst, v landscape.Direction) error {
		calls++
		copy(dst, v)
		return nil
	}, 9, never)
	if err != nil || calls != 1 || math.Abs(one.Value-1) > 1e-12 || math.Abs(two.Value-1) > 1e-12 {
		t.Errorf("of the identity: %v, %v after %d products (%v)", one, two, calls, err)
	}
	zero, _, err := landscape.Extremes(start, func(landscape.Direction, landscape.Direction) error { return nil }, 9, never)
	if err != nil || zero.Value != 0 {
		t.Errorf("of a matrix of zeros: %v, %v", zero, err)
	}
	nan, _, err := landscape.Extremes(start, func(dst, _ landscape.Direction) error { dst[3] = math.NaN(); return nil }, 9, never)
	if err != nil || !math.IsNaN(nan.Value) {
		t.Errorf("of a matrix with NaN: %v, %v", nan, err)
	}
}
