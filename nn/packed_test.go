package nn_test

import (
	"math"
	"slices"
	"testing"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/nn/activation"
	"github.com/gonn-toolkit/gonn/nn/layer"
)

// packedNets are networks whose channels fill the lanes, at least in places, and whose layers
// are fused in all ways.
func packedNets(t *testing.T) map[string]*nn.Network {
	t.Helper()
	k1, k3, k5 := [2]int{1, 1}, [2]int{3, 3}, [2]int{5, 5}
	same, two := [4]int{1, 1, 1, 1}, [2]int{2, 2}
	conv := func(out int) layer.Conv { return layer.Conv{Out: out, Kernel: k3, Pads: same} }
	norm := layer.NewBatchNorm(nn.PyTorch)
	act := activation.Must
	nets := map[string]*nn.Network{
		"packed norm":      build(t, nn.Shape{3, 9, 8}, conv(16), norm, act("swish"), conv(32), norm, conv(16), act("prelu:channel"), layer.Flatten{}, layer.Dense{Out: 3}),
		"packed bias":      build(t, nn.Shape{1, 9, 8}, conv(32), act("prelu:one"), conv(48), act("elu"), norm, conv(16), layer.Flatten{}),
		"packed strides":   build(t, nn.Shape{16, 11, 9}, layer.Conv{Out: 32, Kernel: k3, Stride: two, Pads: [4]int{1, 0, 2, 1}, NoBias: true}, norm, act("relu"), layer.Conv{Out: 16, Kernel: k1, Stride: two}, layer.Flatten{}),
		"packed dilation":  build(t, nn.Shape{32, 12, 9}, layer.Conv{Out: 16, Kernel: k3, Dilation: [2]int{3, 2}, Pads: [4]int{3, 2, 3, 2}}, act("mish"), layer.Conv{Out: 16, Kernel: k5, Pads: [4]int{2, 2, 2, 2}}),
		"packed depthwise": build(t, nn.Shape{3, 9, 10}, conv(32), norm, act("relu6"), layer.Conv{Out: 32, Kernel: k3, Groups: 32, Stride: two, Pads: same}, norm, act("hardswish"), layer.Conv{Out: 16, Kernel: k1}, norm, layer.GlobalAveragePool{}, layer.Flatten{}),
		"depthwise first":  build(t, nn.Shape{16, 9, 10}, layer.Conv{Out: 16, Kernel: k5, Groups: 16, Pads: [4]int{2, 2, 2, 2}}, act("tanh"), layer.Conv{Out: 20, Kernel: k1}, act("relu")),
		"packed element":   build(t, nn.Shape{2, 5, 6}, conv(16), act("prelu:element"), conv(16), act("swish-beta:channel")),
		"packed pools": build(t, nn.Shape{2, 13, 14}, conv(16), layer.MaxPool{Kernel: k3, Stride: two, Pads: same, Ceil: true}, conv(16), layer.AveragePool{Kernel: two, Ceil: true},
			layer.Dropout{Rate: 0.5}, conv(16), layer.AveragePool{Kernel: k3, Stride: [2]int{1, 1}, Pads: same, CountPads: true}, conv(32), layer.GlobalMaxPool{}, layer.Flatten{}, layer.Dense{Out: 3}),
		"in and out":    build(t, nn.Shape{2, 7, 6}, conv(16), conv(12), conv(16), layer.Pad{Pads: same}, conv(16), layer.Conv{Out: 32, Kernel: k3, Groups: 2}, conv(16), layer.LogSoftmax{}),
		"border of 1/2": build(t, nn.Shape{3, 17, 16}, conv(32), act("sigmoid"), conv(16), act("softplus"), layer.Conv{Out: 16, Kernel: k5, Pads: [4]int{2, 2, 2, 2}}),
		"few pixels":    build(t, nn.Shape{16, 4, 4}, layer.Conv{Out: 16, Kernel: k3}, norm, act("relu"), layer.Conv{Out: 32, Kernel: two}, act("relu"), layer.Flatten{}, layer.Dense{Out: 3}),
	}
	residual := func(first nn.Layer, second nn.Layer, input nn.Shape) *nn.Network {
		net, err := nn.NewBuilder(input).
			Add("stem", first).Add("stem.act", act("relu")).
			Add("a", conv(16)).Add("a.norm", norm).Add("a.act", act("relu")).
			Add("b", second).Add("b.norm", norm).Add("add", layer.Add{}, "b.norm", "stem.act").Add("act", act("prelu:channel")).
			Add("c", conv(16)).Add("sum", layer.Add{}, "act", "c").
			Add("d", layer.Conv{Out: 16, Kernel: k1}, "sum").Add("twice", layer.Add{}, "d", "sum").
			Add("pool", layer.GlobalAveragePool{}).Add("gate", layer.Mul{}, "twice", "pool").
			Add("last", conv(16)).Add("end", layer.Add{}, "last", "pool").Build()
		if err != nil {
			t.Fatal(err)
		}
		return net
	}
	nets["residual"] = residual(conv(16), conv(16), nn.Shape{3, 9, 8})
	nets["residual of planes"] = residual(layer.Conv{Out: 16, Kernel: k1, Groups: 2}, layer.Conv{Out: 16, Kernel: k5, Pads: [4]int{2, 2, 2, 2}}, nn.Shape{2, 9, 8})
	return nets
}

// Parameters may be written to between runs, also those that are packed and folded.
func TestForwardSeesNewParameters(t *testing.T) {
	for name, net := range packedNets(t) {
		randomize(net, 3)
		x := randomTensor(5, append([]int{2}, net.InputShape()...)...)
		before := slices.Clone(forward(t, net, x).Data)
		for _, p := range net.Params() {
			was := p.Data[0]
			p.Data[0] += 0.5
			after, again := forward(t, net, x).Data, forward(t, net.Clone(), x).Data
			if !slices.Equal(after, again) {
				t.Errorf("%s: with a new %s the output differs from that of a clone", name, p.FullName())
			}
			p.Data[0] = was
		}
		if !slices.Equal(forward(t, net, x).Data, before) {
			t.Errorf("%s: the output changes with parameters that are as they were", name)
		}
	}
}

// An executor of fixed parameters gives what Forward gives.
func TestFixedParams(t *testing.T) {
	for name, net := range packedNets(t) {
		randomize(net, 3)
		x := randomTensor(5, append([]int{2}, net.InputShape()...)...)
		e, err := nn.NewExecutor(net, nn.ExecutorConfig{FixedParams: true})
		if err != nil {
			t.Fatal(err)
		}
		want := forward(t, net, x)
		for range 2 {
			r, err := e.Run(map[string]*nn.Tensor{nn.InputName: x}, nil)
			if err != nil {
				t.Fatal(err)
			}
			if got := r.Outputs[net.Outputs()[0].Name]; !slices.Equal(got.Data, want.Data) {
				t.Errorf("%s: the output differs from that of Forward", name)
			}
		}
	}
}

// Numbers that are not finite stay where they belong.
func TestPackedMapsWithNaN(t *testing.T) {
	for name, net := range packedNets(t) {
		randomize(net, 3)
		x := randomTensor(5, append([]int{3}, net.InputShape()...)...)
		want := slices.Clone(forward(t, net, x).Sample(2))
		x.Sample(0)[0], x.Sample(1)[1] = float32(math.NaN()), float32(math.Inf(1))
		if got := forward(t, net, x).Sample(2); !slices.Equal(got, want) {
			t.Errorf("%s: a sample changes with NaN in another", name)
		}
	}
}
