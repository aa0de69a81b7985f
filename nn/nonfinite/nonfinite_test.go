package nonfinite

import (
	"math"
	"reflect"
	"testing"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/nn/activation"
	"github.com/gonn-toolkit/gonn/nn/layer"
	"github.com/gonn-toolkit/gonn/nn/loss"
)

var nan, inf = float32(math.NaN()), float32(math.Inf(1))

func TestAnyAndCount(t *testing.T) {
	for _, c := range []struct {
		v        []float32
		n, first int
	}{
		{nil, 0, -1},
		{[]float32{0, float32(math.Copysign(0, -1)), math.MaxFloat32, -math.MaxFloat32, math.SmallestNonzeroFloat32, -1e-40}, 0, -1},
		{[]float32{1, nan}, 1, 1},
		{[]float32{-inf, 1, inf, nan}, 3, 0},
		{[]float32{1, math.Float32frombits(0xff800001), 2}, 1, 1}, // a NaN of another kind
	} {
		n, first := Count(c.v)
		if n != c.n || first != c.first || Any(c.v) != (n > 0) {
			t.Errorf("%v: %d, the first at %d, any %v; want %d and %d", c.v, n, first, Any(c.v), c.n, c.first)
		}
	}
}

// chain is a network with running statistics, a branch and an activation with a slope.
func chain(t *testing.T) *nn.Network {
	t.Helper()
	net, err := nn.NewBuilder(nn.Shape{1, 4, 4}).
		Add("conv", layer.Conv{Out: 2, Kernel: [2]int{3, 3}}, nn.InputName).
		Add("bn", layer.BatchNorm{}, "conv").
		Add("act", activation.Must("prelu:channel"), "bn").
		Add("add", layer.Add{}, "act", "bn").
		Add("flatten", layer.Flatten{}, "add").
		Add("dense", layer.Dense{Out: 2}, "flatten").
		Build()
	if err != nil {
		t.Fatal(err)
	}
	net.Init(nn.KerasInit, 1)
	return net
}

func pictures(t *testing.T) *nn.TensorSamples {
	t.Helper()
	x := nn.NewTensor(20, 1, 4, 4)
	labels := make([]int, 20)
	for i := range x.Data {
		x.Data[i] = float32(math.Sin(float64(i)))
		labels[i/16] = i / 256 // the first 16 samples are of class 0
	}
	s, err := nn.NewTensorSamples(x, labels, 2)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// The first place of a pass is found, in inference and in training, and looking changes nothing.
func TestPlaces(t *testing.T) {
	for _, c := range []struct {
		name              string
		param             string
		value             float32
		x                 float32 // of the last sample
		sample            string  // in inference
		forward, backward string
	}{
		{name: "all is finite"},
		{"a sample", "", 0, nan, "the input has NaN", "the input has NaN", "dense (Dense) is the first layer, in backward order, where gradients are not finite: that of its output has NaN"},
		{"a convolution", "conv.weight", inf, 0, "conv (Conv) is the first layer whose output is not finite: it has ", "conv (Conv)", "dense (Dense)"},
		{"a slope", "act.alpha", -inf, 0, "act (prelu) is the first layer whose output is not finite: it has +Inf", "act (prelu)", "dense (Dense)"},
		{"running statistics", "bn.running_mean", nan, 0, "bn (BatchNorm)", "", ""},
		{"a gradient", "dense.weight", 3e38, 0, "", "", "bn (BatchNorm) is the first layer, in backward order, where gradients are not finite: that of bn.bias has -Inf"},
	} {
		net, data := chain(t), pictures(t)
		if c.param != "" {
			p := net.Param(c.param)
			for i := range p.Data {
				p.Data[i] = c.value
			}
			if c.name == "a gradient" { // the outputs are alike and of moderate size, the mistakes add up
				clear(net.Param("bn.weight").Data)
				for i := range p.Data {
					p.Data[i] *= float32(1 - 2*(i/8))
				}
			}
		}
		if c.x != 0 {
			data.X.Data[19*16+3] = c.x
		}
		before := net.Clone()
		i, sample, err := First(net, data, 1)
		check(t, c.name+", inference", sample, err, c.sample)
		if sample != nil && c.x != 0 && i != 19 {
			t.Errorf("%s: sample %d, want the last", c.name, i)
		}
		idx := make([]int, data.Len())
		for i := range idx {
			idx[i] = i
		}
		step := Step{Net: net, Loss: loss.CrossEntropy{}, Data: data, Batch: idx, Workers: 1}
		forward, err := step.Forward()
		check(t, c.name+", forward", forward, err, c.forward)
		if forward != nil && forward.Input() && forward.Sample != 19 {
			t.Errorf("%s: sample %d of the batch, want the last", c.name, forward.Sample)
		}
		backward, err := step.Backward()
		check(t, c.name+", backward", backward, err, c.backward)
		for i, p := range net.Params() {
			if !sameBits(p.Data, before.Params()[i].Data) {
				t.Errorf("%s: %s has changed", c.name, p.FullName())
			}
		}
	}
}

func TestParams(t *testing.T) {
	net := chain(t)
	if got := Params(net); got != nil {
		t.Errorf("%v", got)
	}
	net.Param("act.alpha").Data[1] = nan
	copy(net.Param("dense.weight").Data[3:], []float32{inf, 1, nan})
	var text []string
	for _, p := range Params(net) {
		text = append(text, p.String())
	}
	want := []string{"1 of the 2 numbers of act.alpha is not finite, the first at 1: NaN", "2 of the 16 numbers of dense.weight are not finite, the first at 3: +Inf"}
	if !reflect.DeepEqual(text, want) {
		t.Errorf("%q, want %q", text, want)
	}
}

// Large layers are recorded one by one, small ones together.
func TestChunks(t *testing.T) {
	var all []port
	for _, size := range []int{1, maxNumbers, 3, maxNumbers / 2, maxNumbers/2 - 3, 1} {
		all = append(all, port{nn.Port{Shape: nn.Shape{size}}, nil})
	}
	var got []int
	for some, rest := chunk(all, 1); len(some) > 0; some, rest = chunk(rest, 1) {
		got = append(got, len(some))
	}
	if want := []int{1, 1, 3, 1}; !reflect.DeepEqual(got, want) {
		t.Errorf("chunks of %v, want %v", got, want)
	}
}
