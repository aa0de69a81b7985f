package nn_test

import (
	"math"
	"testing"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/nn/activation"
	"github.com/gonn-toolkit/gonn/nn/layer"
)

// set gives a parameter its values.
func set(t *testing.T, net *nn.Network, name string, v ...float32) {
	t.Helper()
	p := net.Param(name)
	if p == nil || len(p.Data)%len(v) != 0 {
		t.Fatalf("parameter %s for %d values", name, len(v))
	}
	for i := range p.Data {
		p.Data[i] = v[i%len(v)]
	}
}

// Arithmetic that leaves numbers between 0 and 1 leaves probabilities, and the loss is that
// of these numbers.
func TestOutputBehindArithmetic(t *testing.T) {
	shift := layer.Rescaling{}
	for name, c := range map[string]struct {
		source nn.Layer
		behind []nn.Layer
		scale  float32
		offset float32
		want   nn.Output
	}{
		"p·1":         {layer.Softmax{}, []nn.Layer{layer.Rescaling{NoOffset: true}}, 1, 0, nn.OutputProbabilities},
		"0.7·p + 0.1": {layer.Softmax{}, []nn.Layer{shift}, 0.7, 0.1, nn.OutputProbabilities},
		"1 − p":       {activation.Must("sigmoid"), []nn.Layer{shift}, -1, 1, nn.OutputSigmoids},
		"(1 + t)/2":   {activation.Must("tanh"), []nn.Layer{shift}, 0.5, 0.5, nn.OutputSigmoids},
		"100·p":       {layer.Softmax{}, []nn.Layer{shift}, 100, 0, nn.OutputLogits},
		"p − 1/2":     {layer.Softmax{}, []nn.Layer{shift}, 1, -0.5, nn.OutputLogits},
		"0.5·z":       {activation.Must("linear"), []nn.Layer{shift}, 0.5, 0.5, nn.OutputLogits},
	} {
		net := build(t, nn.Shape{4}, append([]nn.Layer{layer.Dense{Out: 3}, c.source}, c.behind...)...)
		randomize(net, 3)
		if net.Param("rescaling.offset") != nil {
			set(t, net, "rescaling.offset", c.offset)
		}
		set(t, net, "rescaling.scale", c.scale)
		if o := net.Output(); o != c.want {
			t.Errorf("%s: %v, want %v", name, o, c.want)
		}
		if c.want == nn.OutputProbabilities {
			crossEntropyIsOfTheOutput(t, name, net)
		}
	}
}

// crossEntropyIsOfTheOutput holds the loss against −ln p of what the network gives.
func crossEntropyIsOfTheOutput(t *testing.T, name string, net *nn.Network) {
	t.Helper()
	x := nn.NewTensor(append([]int{6}, net.InputShape()...)...)
	for i := range x.Data {
		x.Data[i] = float32(i%11)/5 - 1
	}
	y, err := net.Forward(x)
	if err != nil {
		t.Fatal(err)
	}
	labels, want := []int{0, 1, 2, 0, 1, 2}, 0.0
	for i, k := range labels {
		want -= math.Log(float64(y.Sample(i)[k])) / 6
	}
	rows, err := nn.NewTensorSamples(x, labels, 3)
	if err != nil {
		t.Fatal(err)
	}
	loss := nn.LossFor(net)
	fit, err := net.For(loss)
	if err != nil {
		t.Fatal(err)
	}
	st, err := fit.Evaluate(rows, loss, 1)
	if err != nil || math.Abs(st.Loss()-want) > 1e-5 {
		t.Errorf("%s: loss %v, want %v (%v)", name, st.Loss(), want, err)
	}
}

// A mean of two softmaxes is a distribution, by a Dense with an identity it stays one, and
// what a Dense makes of hidden sigmoids is not.
func TestOutputOfMeans(t *testing.T) {
	two := func(first nn.Layer) *nn.Network {
		net, err := nn.NewBuilder(nn.Shape{4}).Add("d", layer.Dense{Out: 3}).Add("e", layer.Dense{Out: 3}, nn.InputName).
			Add("a", first, "d").Add("b", first, "e").Add("sum", layer.Add{}, "a", "b").Add("half", layer.Rescaling{NoOffset: true}).Build()
		if err != nil {
			t.Fatal(err)
		}
		randomize(net, 5)
		set(t, net, "half.scale", 0.5)
		return net
	}
	if net := two(layer.Softmax{}); net.Output() != nn.OutputProbabilities {
		t.Errorf("of softmaxes: %v", net.Output())
	} else {
		crossEntropyIsOfTheOutput(t, "of softmaxes", net)
	}
	if o := two(activation.Must("sigmoid")).Output(); o != nn.OutputSigmoids {
		t.Errorf("of sigmoids: %v", o)
	}
	for name, w := range map[string][]float32{"identity": {1, 0, 0, 0, 1, 0, 0, 0, 1}, "others": {2, -1, 0.5, 1, 1, -3, 0.25, 1, 1}} {
		net := build(t, nn.Shape{4}, layer.Dense{Out: 3}, layer.Softmax{}, layer.Dense{Out: 3, NoBias: true})
		randomize(net, 7)
		set(t, net, "dense2.weight", w...)
		if o := net.Output(); (o == nn.OutputProbabilities) != (name == "identity") {
			t.Errorf("a Dense with %s: %v", name, o)
		}
	}
}
