package saliency_test

import (
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/nn/activation"
	"github.com/gonn-toolkit/gonn/nn/layer"
	"github.com/gonn-toolkit/gonn/nn/saliency"
	"github.com/gonn-toolkit/gonn/onnxio"
	"github.com/gonn-toolkit/gonn/onnxio/reference"
)

func TestGradientEqualsFiniteDifferencesInFloat64(t *testing.T) {
	g := readGolden(t)
	net := g.network(t)
	x := g.samples()
	ex := explain(t, net, saliency.Options{}, x, g.Classes)
	model, err := onnxio.Export(net, onnxio.EncodeOptions{})
	if err != nil {
		t.Fatal(err)
	}
	evaluator, err := reference.New(model)
	if err != nil {
		t.Fatal(err)
	}
	scores := func(v []float64) []float64 {
		in := reference.FromFloat64s(model.Graph.Inputs[0].Type, x.Shape, v)
		out, err := evaluator.Run(map[string]*reference.Tensor{model.Graph.Inputs[0].Name: in})
		if err != nil {
			t.Fatal(err)
		}
		var of []float64
		for i, k := range g.Classes {
			of = append(of, out[model.Graph.Outputs[0].Name].Floats[5*i+k])
		}
		return of
	}
	const h = 1e-5
	v := make([]float64, len(x.Data))
	for i, f := range x.Data {
		v[i] = float64(f)
	}
	sample := len(v) / len(g.Classes)
	want := make([]float32, len(v))
	for j := range sample { // of all samples at once: they do not depend on one another
		at := func(step float64) []float64 {
			moved := slices.Clone(v)
			for i := range g.Classes {
				moved[i*sample+j] += step
			}
			return scores(moved)
		}
		more, less := at(h), at(-h)
		for i := range g.Classes {
			want[i*sample+j] = float32((more[i] - less[i]) / (2 * h))
		}
	}
	near(t, "gradient", ex.Gradient.Data, want, 1e-6)
}

// hand is a network whose Grad-CAM is computed by hand: two maps, x and −x + 1/2, of which
// class 0 takes the sum with weights 1 and −2 in each place, class 1 the opposite.
func hand(t *testing.T, end ...nn.Layer) *nn.Network {
	t.Helper()
	layers := append([]nn.Layer{layer.Conv{Out: 2, Kernel: [2]int{1, 1}}, layer.Flatten{}, layer.Dense{Out: 2}}, end...)
	net, err := nn.Sequential(nn.Shape{1, 1, 3}, layers...)
	if err != nil {
		t.Fatal(err)
	}
	setParam(t, net, "conv.weight", []float32{64, -64})
	setParam(t, net, "conv.bias", []float32{0, 32})
	setParam(t, net, "dense.weight", []float32{64, 64, 64, -128, -128, -128, -64, -64, -64, 128, 128, 128})
	return net
}

func TestByHand(t *testing.T) {
	x := &nn.Tensor{Shape: []int{2, 1, 1, 3}, Data: []float32{1, 0, 0.5, 1, 0, 0.5}}
	for name, net := range map[string]*nn.Network{"logits": hand(t), "softmax": hand(t, layer.Softmax{})} {
		ex := explain(t, net, saliency.Options{}, x, []int{0, 1})
		// Σ α_k·A_k of class 0: 1·(1, 0, 0.5) − 2·(−0.5, 0.5, 0) = (2, −1, 0.5).
		if want := []float32{2, 0, 0.5, 0, 1, 0}; !slices.Equal(ex.CAM.Data, want) || !slices.Equal(ex.CAM.Shape, []int{2, 1, 3}) {
			t.Errorf("%s: Grad-CAM is %v of shape %v, want %v of [2 1 3]", name, ex.CAM.Data, ex.CAM.Shape, want)
		}
		if want := []float32{3, 3, 3, -3, -3, -3}; !slices.Equal(ex.Gradient.Data, want) {
			t.Errorf("%s: gradient is %v, want %v", name, ex.Gradient.Data, want)
		}
		if want := []float32{3, 0, 1.5, -3, 0, -1.5}; !slices.Equal(saliency.TimesInput(ex.Gradient, x).Data, want) {
			t.Errorf("%s: gradient × input is %v, want %v", name, saliency.TimesInput(ex.Gradient, x).Data, want)
		}
	}
}

func TestOneOutputHasTwoClasses(t *testing.T) {
	net, err := nn.Sequential(nn.Shape{1, 1, 2}, layer.Flatten{}, layer.Dense{Out: 1}, activation.Must("sigmoid"))
	if err != nil {
		t.Fatal(err)
	}
	setParam(t, net, "dense.weight", []float32{128, -64})
	ex := explain(t, net, saliency.Options{}, &nn.Tensor{Shape: []int{2, 1, 1, 2}, Data: []float32{1, 1, 1, 1}}, []int{1, 0})
	if want := []float32{2, -1, -2, 1}; !slices.Equal(ex.Gradient.Data, want) {
		t.Errorf("gradient is %v, want %v", ex.Gradient.Data, want)
	}
	if ex.CAM != nil {
		t.Errorf("Grad-CAM of a network without convolutions is %v", ex.CAM.Data)
	}
}

// The gradient of x² is 2x: noise changes it, and the mean of many copies comes back to it.
func TestSmoothGrad(t *testing.T) {
	net, err := nn.NewBuilder(nn.Shape{1, 1, 2}).Add("square", layer.Mul{}, nn.InputName, nn.InputName).
		Add("flatten", layer.Flatten{}).Add("dense", layer.Dense{Out: 2}).Build()
	if err != nil {
		t.Fatal(err)
	}
	setParam(t, net, "dense.weight", []float32{64, 64, 0, 0})
	e, err := saliency.New(net, saliency.Options{})
	if err != nil {
		t.Fatal(err)
	}
	smooth := func(copies int, noise float64, seed uint64) []float32 {
		g, err := e.SmoothGrad(&nn.Tensor{Shape: []int{1, 1, 1, 2}, Data: []float32{3, 1}}, []int{0}, saliency.Smooth{Copies: copies, Noise: noise, Seed: seed})
		if err != nil {
			t.Fatal(err)
		}
		return g.Data
	}
	if got := smooth(3, 0, 1); !slices.Equal(got, []float32{6, 2}) {
		t.Errorf("without noise it is %v, want the gradient [6 2]", got)
	}
	one, again, other := smooth(1, 0.1, 1), smooth(1, 0.1, 1), smooth(1, 0.1, 2)
	if !slices.Equal(one, again) || slices.Equal(one, other) || slices.Equal(one, []float32{6, 2}) {
		t.Errorf("one copy gives %v, again %v, with another seed %v, and without noise [6 2]", one, again, other)
	}
	// A copy deviates by 2·0.1·(3 − 1) = 0.4, the mean of 400 by 0.02.
	for i, g := range smooth(400, 0.1, 1) {
		if off := math.Abs(float64(g) - []float64{6, 2}[i]); off > 0.1 || off == 0 {
			t.Errorf("the mean gradient at %d is %g, %.2g from that without noise", i, g, off)
		}
	}
}

func TestRefused(t *testing.T) {
	net := hand(t)
	two, err := nn.NewBuilder(nil).Input("a", nn.Shape{2}).Input("b", nn.Shape{2}).Add("add", layer.Add{}, "a", "b").Build()
	if err != nil {
		t.Fatal(err)
	}
	x := nn.NewTensor(1, 1, 1, 3)
	run := func(net *nn.Network, o saliency.Options, x *nn.Tensor, classes ...int) error {
		e, err := saliency.New(net, o)
		if err == nil {
			_, err = e.Explain(x, classes)
		}
		return err
	}
	for name, c := range map[string]struct {
		err  error
		says string
	}{
		"several inputs": {run(two, saliency.Options{}, x, 0), "inputs a, b"},
		"no layer":       {run(net, saliency.Options{Layer: "conv9"}, x, 0), `no layer "conv9"`},
		"no maps":        {run(net, saliency.Options{Layer: "dense"}, x, 0), `layer "dense" gives (2) numbers`},
		"classes":        {run(net, saliency.Options{}, x, 2), "class 2 of sample 0; the network has classes 0 to 1"},
		"one a sample":   {run(net, saliency.Options{}, x, 0, 1), "2 classes for samples of shape [1 1 1 3]"},
		"shape":          {run(net, saliency.Options{}, nn.NewTensor(1, 1, 3, 1), 0), `input "input"`},
	} {
		if c.err == nil || !strings.Contains(c.err.Error(), c.says) {
			t.Errorf("%s: error %v, want one with %q", name, c.err, c.says)
		}
	}
	e, err := saliency.New(net, saliency.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := e.SmoothGrad(x, []int{0}, saliency.Smooth{}); err == nil {
		t.Error("SmoothGrad of no copies: no error")
	}
}
