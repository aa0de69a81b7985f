package nn_test

import (
	"fmt"
	"slices"
	"testing"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/nn/activation"
	"github.com/gonn-toolkit/gonn/nn/layer"
	"github.com/gonn-toolkit/gonn/nn/op"
	"github.com/gonn-toolkit/gonn/nn/preset"
)

// A sample alone takes another way through memory than a batch. Both must agree to
// rounding.
func TestOneSampleAloneGivesWhatABatchGives(t *testing.T) {
	nets := map[string]*nn.Network{}
	for _, act := range []string{
		"relu", "leaky:-0.5", "mish", "prelu:one", "prelu:channel", "prelu:element", "prelu:22",
		"swish-beta:channel", "swish-beta:element", "prelu:1x22x1",
	} {
		if act == "prelu:22" || act == "prelu:1x22x1" {
			nets[act] = build(t, nn.Shape{1, 28, 28}, layer.Conv{Out: 3, Kernel: [2]int{7, 7}}, activation.Must(act), layer.Flatten{}, layer.Dense{Out: 4})
			continue
		}
		net, err := preset.Build("study", nn.Shape{1, 28, 28}, 10, activation.Must(act))
		if err != nil {
			t.Fatal(err)
		}
		nets[act] = net
	}
	k3 := [2]int{3, 3}
	for name, conv := range map[string]layer.Conv{
		"pads":      {Out: 5, Kernel: k3, Pads: [4]int{0, 1, 2, 3}},
		"dilation":  {Out: 4, Kernel: k3, Dilation: [2]int{2, 3}, NoBias: true},
		"groups":    {Out: 6, Kernel: k3, Groups: 2},
		"depthwise": {Out: 4, Kernel: k3, Groups: 4, Pads: [4]int{1, 1, 1, 1}},
		"1x1":       {Out: 7, Kernel: [2]int{1, 1}},
		"stride":    {Out: 3, Kernel: k3, Stride: [2]int{2, 2}},
		"gathered":  {Out: 12, Kernel: k3, Stride: [2]int{2, 3}, Dilation: [2]int{1, 2}, Pads: [4]int{1, 2, 0, 4}, Groups: 2},
		"1x1 every": {Out: 20, Kernel: [2]int{1, 1}, Stride: [2]int{3, 2}},
		"far pads":  {Out: 20, Kernel: k3, Stride: [2]int{2, 2}, Pads: [4]int{5, 6, 5, 7}},
	} {
		nets[name] = build(t, nn.Shape{4, 9, 11}, conv, activation.Must("swish"), layer.Conv{Out: 2, Kernel: [2]int{2, 2}}, layer.Flatten{}, layer.Dense{Out: 3}, layer.Softmax{})
	}
	nets["mlp"] = build(t, nn.Shape{13}, layer.Dense{Out: 9}, activation.Must("tanh"), layer.Dense{Out: 2, NoBias: true})
	nets["reshape"] = build(t, nn.Shape{2, 5, 6}, layer.Conv{Out: 6, Kernel: [2]int{2, 3}}, layer.Reshape{Shape: [3]int{2, 8, 6}}, activation.Must("mish"),
		layer.Conv{Out: 2, Kernel: k3}, layer.Flatten{}, layer.Dense{Out: 36}, layer.Reshape{Shape: [3]int{4, 3, 3}}, activation.Must("prelu:channel"))
	nets["branches"], nets["kept"] = branches(t), kept(t)
	for _, name := range preset.Names() {
		var err error
		if nets[name], err = preset.Build(name, nn.Shape{3, 20, 20}, 10, activation.Must("relu")); err != nil {
			t.Fatal(err)
		}
	}
	for i, l := range []nn.Layer{
		layer.MaxPool{Kernel: [2]int{2, 2}}, layer.AveragePool{Kernel: [2]int{2, 2}}, layer.GlobalMaxPool{}, layer.GlobalAveragePool{},
		layer.Pad{Pads: [4]int{1, 1, 1, 1}}, layer.ConvTranspose{Out: 2, Kernel: [2]int{2, 2}}, layer.Softmax{}, layer.LogSoftmax{},
		layer.Concat{}, layer.NewBatchNorm(nn.Keras), layer.Dropout{Rate: 0.5},
	} {
		name := fmt.Sprint(i, " ", l.Kind())
		nets[name] = build(t, nn.Shape{2, 7, 6}, l, layer.Conv{Out: 3, Kernel: [2]int{1, 1}}, l, activation.Must("swish"), layer.Flatten{}, layer.Dense{Out: 6}, layer.LogSoftmax{})
	}
	nets["views"] = build(t, nn.Shape{5, 4, 4}, layer.Conv{Out: 5, Kernel: [2]int{1, 1}}, layer.Reshape{Shape: [3]int{10, 2, 4}}, activation.Must("prelu:element"),
		layer.Reshape{Shape: [3]int{5, 4, 4}}, activation.Must("swish"), layer.Flatten{}, activation.Must("mish"), layer.Dense{Out: 3})
	nets["no step"] = build(t, nn.Shape{3, 4, 4}, layer.Dropout{Rate: 0.5}, layer.Flatten{}, layer.Reshape{Shape: [3]int{6, 8, 1}})
	nets["maps"] = build(t, nn.Shape{2, 5, 6}, layer.Conv{Out: 3, Kernel: k3})
	for name, net := range packedNets(t) {
		nets[name] = net
	}
	for name, net := range nets {
		randomize(net, 3)
		const n = 20
		x := randomTensor(5, append([]int{n}, net.InputShape()...)...)
		want := forward(t, net, x)
		for i := range n {
			one := &nn.Tensor{Shape: append([]int{1}, net.InputShape()...), Data: x.Sample(i)}
			near(t, fmt.Sprintf("%s: sample %d", name, i), forward(t, net, one).Data, want.Sample(i), 4e-6)
		}
		alone := nn.ForwardSingle(net, x.Sample(0), 1)
		for _, workers := range []int{2, 3, 5} {
			if got := nn.ForwardSingle(net, x.Sample(0), workers); !slices.Equal(got, alone) {
				t.Errorf("%s: %d workers give %v, one %v", name, workers, got, alone)
			}
		}
		three := &nn.Tensor{Shape: append([]int{3}, net.InputShape()...), Data: x.Data[:3*net.InputShape().Size()]}
		near(t, name+": three samples", forward(t, net, three).Data, want.Data[:3*net.OutputShape().Size()], 4e-6)
	}
}

// kept is a network in which layers could work in place, but others still read what they would
// overwrite: later, or at the same time in another goroutine.
func kept(t *testing.T) *nn.Network {
	t.Helper()
	one := [2]int{1, 1}
	net, err := nn.NewBuilder(nn.Shape{4, 9, 9}).Add("a", layer.Conv{Out: 6, Kernel: one}).
		Add("later", activation.Must("relu"), "a").
		Add("b", layer.Conv{Out: 6, Kernel: one}, "a").
		Add("now", activation.Must("tanh"), "a").
		Add("sum", layer.Add{}, "b", "now", "later").Build()
	if err != nil {
		t.Fatal(err)
	}
	return net
}

// Every layer of a sample alone can be looked at, also those that take no step or whose
// memory another one has afterwards.
func TestObservingASampleAloneEqualsABlock(t *testing.T) {
	inPlace := build(t, nn.Shape{3, 4, 4}, layer.Dropout{Rate: 0.5}, layer.NewBatchNorm(nn.PyTorch), activation.Must("relu"), layer.Flatten{},
		layer.Dropout{Rate: 0.5}, activation.Must("swish"), layer.Reshape{Shape: [3]int{6, 4, 2}}, activation.Must("tanh"), layer.Flatten{}, layer.Dense{Out: 4})
	randomize(inPlace, 2)
	for _, net := range []*nn.Network{branches(t), inPlace} {
		var names []string
		for _, l := range net.Nodes() {
			names = append(names, l.Name)
		}
		for _, workers := range []int{1, 3} {
			e, err := nn.NewExecutor(net, nn.ExecutorConfig{Workers: workers, Outputs: names})
			if err != nil {
				t.Fatal(err)
			}
			x := randomTensor(8, append([]int{20}, net.InputShape()...)...)
			all, err := e.Run(map[string]*nn.Tensor{nn.InputName: x}, nil)
			if err != nil {
				t.Fatal(err)
			}
			one, err := e.Run(map[string]*nn.Tensor{nn.InputName: {Shape: append([]int{1}, net.InputShape()...), Data: x.Sample(0)}}, nil)
			if err != nil {
				t.Fatal(err)
			}
			for _, name := range names {
				near(t, "output of "+name, one.Outputs[name].Data, all.Outputs[name].Sample(0), 2e-6)
			}
		}
	}
}

// A network with a layer that cannot run on one sample gives what it does in a batch, bit by
// bit.
func TestOneSampleThroughALayerThatCannotRunAlone(t *testing.T) {
	net := build(t, nn.Shape{2, 7, 6}, layer.Conv{Out: 3, Kernel: [2]int{3, 3}}, blocksOnly{activation.Must("tanh")}, layer.Flatten{}, layer.Dense{Out: 2})
	randomize(net, 3)
	x := randomTensor(4, 20, 2, 7, 6)
	if n := nn.MaxSingle(net); n != 0 {
		t.Errorf("up to %d samples run alone", n)
	}
	want := forward(t, net, x)
	for i := range 20 {
		one := &nn.Tensor{Shape: []int{1, 2, 7, 6}, Data: x.Sample(i)}
		if got := forward(t, net, one); !slices.Equal(got.Data, want.Sample(i)) {
			t.Errorf("sample %d alone gives %v, among others %v", i, got.Data, want.Sample(i))
		}
	}
}

// A batch is whole blocks and the few samples that are left over, which run as they do by
// themselves.
func TestSamplesLeftOverByBlocksRunAlone(t *testing.T) {
	for _, name := range preset.Names() {
		net, err := preset.Build(name, nn.Shape{3, 20, 20}, 10, activation.Must("mish"))
		if err != nil {
			t.Fatal(err)
		}
		randomize(net, 3)
		const few = 2
		for _, n := range []int{16 + 1, 16 + few, 48 + few} {
			x := randomTensor(5, n, 3, 20, 20)
			whole, rest := n/16*16, n%16
			part := func(first, n int) []float32 {
				size := net.InputShape().Size()
				return forward(t, net, &nn.Tensor{Shape: []int{n, 3, 20, 20}, Data: x.Data[first*size : (first+n)*size]}).Data
			}
			want := slices.Concat(part(0, whole), part(whole, rest))
			if got := forward(t, net, x); !slices.Equal(got.Data, want) {
				t.Errorf("%s: %d samples give not what %d and %d do", name, n, whole, rest)
			}
			predicted, err := net.Predict(&nn.TensorSamples{X: x, Labels: make([]int, n), NumClasses: 10}, 3)
			if err != nil || !slices.Equal(predicted.Data, want) {
				t.Errorf("%s: %d samples are not predicted as %d and %d (%v)", name, n, whole, rest, err)
			}
		}
	}
}

// How many samples run alone follows from what that costs beside a block.
func TestHowManySamplesRunAlone(t *testing.T) {
	one := [2]int{1, 1}
	for name, c := range map[string]struct {
		net         *nn.Network
		least, most int
	}{
		"study":          {study(t), 3, 8},
		"a few pixels":   {build(t, nn.Shape{8, 1, 5}, layer.Conv{Out: 8, Kernel: one}, layer.Conv{Out: 8, Kernel: one}), 1, 3},
		"wasted strides": {build(t, nn.Shape{8, 9, 9}, layer.Conv{Out: 8, Groups: 8, Kernel: [2]int{7, 7}, Stride: [2]int{2, 2}}), 1, 3},
	} {
		if n := nn.MaxSingle(c.net); n < c.least || n > c.most {
			t.Errorf("%s: up to %d samples run alone, want %d to %d", name, n, c.least, c.most)
		}
	}
}

// blocksOnly hides what else the layer's Op can do.
type blocksOnly struct{ activation.Layer }

func (l blocksOnly) Bind(in []nn.Shape) (op.Op, error) {
	o, err := l.Layer.Bind(in)
	return struct{ op.Op }{o}, err
}

func BenchmarkForwardOneSample(b *testing.B) {
	for _, act := range []string{"leaky:-0.5", "prelu:element", "swish", "mish"} {
		b.Run(act, func(b *testing.B) {
			net, err := preset.Build("study", nn.Shape{1, 28, 28}, 10, activation.Must(act))
			if err != nil {
				b.Fatal(err)
			}
			randomize(net, 1)
			x := randomTensor(2, 1, 1, 28, 28)
			b.ReportAllocs()
			for b.Loop() {
				forward(b, net, x)
			}
		})
	}
}
