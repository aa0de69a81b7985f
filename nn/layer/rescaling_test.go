package layer_test

import (
	"slices"
	"testing"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/nn/activation"
	"github.com/gonn-toolkit/gonn/nn/layer"
	"github.com/gonn-toolkit/gonn/nn/loss"
	"github.com/gonn-toolkit/gonn/nn/nntest"
)

func TestRescaling(t *testing.T) {
	columns := activation.SharedAs(nn.Shape{1, 5})
	for _, in := range []nn.Shape{{3, 4, 5}, {5}, {1, 1, 5}} {
		for _, r := range []layer.Rescaling{
			{Scale: activation.One, Offset: activation.One},
			{Scale: activation.PerChannel, Offset: activation.One},
			{Scale: activation.PerElement, Offset: activation.PerChannel},
			{Scale: columns, Offset: activation.PerElement},
			{Scale: activation.One, NoOffset: true},
			{NoScale: true, Offset: activation.PerChannel},
		} {
			if len(in) == 1 && r.Scale.String() == columns.String() {
				continue
			}
			nntest.Layer(t, nntest.Case{Layer: r, In: []nn.Shape{in}, Formula: func(w, x [][]float64) (y []float64) {
				of := func(s activation.Sharing, v []float64, i int) float64 {
					switch plane := in.Size() / in[0]; s.String() {
					case "one":
						return v[0]
					case "channel":
						return v[i/plane]
					case "element":
						return v[i]
					}
					return v[i%5]
				}
				for i, v := range x[0] {
					if !r.NoScale {
						v *= of(r.Scale, w[0], i)
					}
					if !r.NoOffset {
						v += of(r.Offset, w[len(w)-1], i)
					}
					y = append(y, v)
				}
				return y
			}})
		}
	}
	nntest.Refuses(t, layer.Rescaling{NoScale: true, NoOffset: true}, []nn.Shape{{4}}, "neither a scale nor an offset")
	nntest.Refuses(t, layer.Rescaling{Scale: activation.SharedAs(nn.Shape{3})}, []nn.Shape{{4}}, "(3) does not broadcast to (4)")
	nntest.Refuses(t, layer.Rescaling{NoScale: true, Offset: activation.SharedAs(nn.Shape{2, 1, 1})}, []nn.Shape{{1, 4, 4}}, "(2, 1, 1) does not broadcast")
}

// rescaled is a network in which constants stand in front, between and behind what trains.
func rescaled(t *testing.T) *nn.Network {
	t.Helper()
	net, err := nn.Sequential(nn.Shape{2, 4, 4},
		layer.Rescaling{Scale: activation.One, Offset: activation.PerChannel}, layer.Conv{Out: 3, Kernel: [2]int{3, 3}},
		layer.Rescaling{Scale: activation.PerChannel, Offset: activation.PerElement}, activation.Must("prelu:channel"),
		layer.Flatten{}, layer.Dense{Out: 3}, layer.Rescaling{Scale: activation.PerElement, NoOffset: true})
	if err != nil {
		t.Fatal(err)
	}
	return net
}

// Constants keep the values that they were given: they have no gradient, which all
// optimizers ask their role for, and an initialiser leaves them alone.
func TestConstantsStay(t *testing.T) {
	net := rescaled(t)
	if net.NumConstants() != 1+2+3+12+3 || net.NumStatistics() != 0 {
		t.Errorf("%d constants and %d statistics", net.NumConstants(), net.NumStatistics())
	}
	for _, p := range net.Params() {
		if p.Role == nn.Constant && p.Data[0] != *p.Start {
			t.Errorf("%s is %g before anything is set", p.FullName(), p.Data[0])
		}
	}
	before := map[string][]float32{}
	for i, p := range net.Params() {
		if p.Role == nn.Constant {
			for j := range p.Data {
				p.Data[j] = float32(i+j)/8 - 0.5
			}
			before[p.FullName()] = slices.Clone(p.Data)
		}
	}
	net.Init(nn.PyTorchInit, 1)
	x := nn.NewTensor(8, 2, 4, 4)
	for i := range x.Data {
		x.Data[i] = float32(i%13)/7 - 1
	}
	labels := []int{0, 1, 2, 0, 1, 2, 0, 1}
	rows, err := nn.NewTensorSamples(x, labels, 3)
	if err != nil {
		t.Fatal(err)
	}
	weight := slices.Clone(net.Param("conv.weight").Data)
	step := nn.NewStepper(net, loss.CrossEntropy{}, 2)
	for range 3 {
		if _, err := step.Step(rows, labels); err != nil {
			t.Fatal(err)
		}
		for _, p := range net.Params() {
			g := step.Grads()[p]
			if !p.Role.Trained() && g != nil {
				t.Fatalf("%s has a gradient", p.FullName())
			}
			for j := range g {
				p.Data[j] -= 0.1 * g[j]
			}
		}
	}
	if slices.Equal(weight, net.Param("conv.weight").Data) {
		t.Error("the convolution did not learn")
	}
	for name, v := range before {
		if !slices.Equal(net.Param(name).Data, v) {
			t.Errorf("%s has changed", name)
		}
		if !slices.Equal(net.Clone().Param(name).Data, v) {
			t.Errorf("a clone has another %s", name)
		}
	}
}

// One sample alone is computed by other code than a block.
func TestRescalingOfOneSample(t *testing.T) {
	net := rescaled(t)
	net.Init(nn.PyTorchInit, 1)
	for i, p := range net.Params() {
		if p.Role == nn.Constant {
			for j := range p.Data {
				p.Data[j] = float32(i+j)/8 - 0.5
			}
		}
	}
	x := nn.NewTensor(16, 2, 4, 4)
	for i := range x.Data {
		x.Data[i] = float32(i%13)/7 - 1
	}
	want, err := net.Forward(x)
	if err != nil {
		t.Fatal(err)
	}
	for s := range 16 {
		got, err := net.Forward(&nn.Tensor{Shape: []int{1, 2, 4, 4}, Data: x.Sample(s)})
		if err != nil {
			t.Fatal(err)
		}
		for k, v := range want.Sample(s) {
			if d := got.Data[k] - v; d > 1e-5 || d < -1e-5 {
				t.Fatalf("sample %d alone gives %v, among others %v", s, got.Data, want.Sample(s))
			}
		}
	}
}
