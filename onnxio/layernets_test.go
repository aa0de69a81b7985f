package onnxio

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/nn/activation"
	"github.com/gonn-toolkit/gonn/nn/layer"
	"github.com/gonn-toolkit/gonn/onnxio/graph"
)

// layerNets are networks for every layer without an activation's spelling, in every
// geometry that is written in another way. All branch or pool.
func layerNets(t *testing.T) map[string]*nn.Network {
	t.Helper()
	k2, k3, one := [2]int{2, 2}, [2]int{3, 3}, [4]int{1, 1, 1, 1}
	nets := map[string]*nn.Network{"branches": branches(t)}
	for name, c := range map[string]struct {
		input  nn.Shape
		layers []nn.Layer
	}{
		"maxpool":                    {nn.Shape{2, 5, 7}, []nn.Layer{layer.MaxPool{Kernel: k2}}},
		"maxpool stride 3":           {nn.Shape{2, 8, 7}, []nn.Layer{layer.MaxPool{Kernel: [2]int{2, 3}, Stride: [2]int{3, 1}}}},
		"maxpool pads":               {nn.Shape{2, 5, 7}, []nn.Layer{layer.MaxPool{Kernel: k3, Stride: k2, Pads: [4]int{0, 1, 1, 2}}}},
		"maxpool dilation":           {nn.Shape{2, 7, 8}, []nn.Layer{layer.MaxPool{Kernel: k2, Stride: [2]int{1, 2}, Dilation: [2]int{3, 2}, Pads: one}}},
		"maxpool ceil":               {nn.Shape{2, 6, 8}, []nn.Layer{layer.MaxPool{Kernel: k3, Stride: k2, Ceil: true}}},
		"maxpool ceil exact":         {nn.Shape{1, 4, 4}, []nn.Layer{layer.MaxPool{Kernel: k2, Ceil: true}}},
		"averagepool":                {nn.Shape{2, 5, 7}, []nn.Layer{layer.AveragePool{Kernel: k2}}},
		"averagepool stride 3":       {nn.Shape{2, 5, 8}, []nn.Layer{layer.AveragePool{Kernel: [2]int{3, 2}, Stride: [2]int{1, 3}}}},
		"averagepool counted":        {nn.Shape{2, 5, 7}, []nn.Layer{layer.AveragePool{Kernel: k3, Stride: k2, Pads: [4]int{0, 1, 2, 1}, CountPads: true}}},
		"averagepool uncounted":      {nn.Shape{2, 5, 7}, []nn.Layer{layer.AveragePool{Kernel: k3, Stride: k2, Pads: [4]int{0, 1, 2, 1}}}},
		"averagepool ceil":           {nn.Shape{2, 6, 5}, []nn.Layer{layer.AveragePool{Kernel: [2]int{3, 2}, Stride: k2, Ceil: true}}},
		"averagepool ceil counted":   {nn.Shape{2, 4, 6}, []nn.Layer{layer.AveragePool{Kernel: k3, Stride: k2, Pads: one, Ceil: true, CountPads: true}}},
		"averagepool ceil uncounted": {nn.Shape{2, 4, 6}, []nn.Layer{layer.AveragePool{Kernel: k3, Stride: k2, Pads: one, Ceil: true}}},
		"global average":             {nn.Shape{3, 4, 5}, []nn.Layer{layer.GlobalAveragePool{}, layer.Flatten{}, layer.Dense{Out: 2}}},
		"global max":                 {nn.Shape{3, 4, 5}, []nn.Layer{layer.GlobalMaxPool{}, layer.Flatten{}}},
		"batchnorm":                  {nn.Shape{3, 4, 5}, []nn.Layer{layer.NewBatchNorm(nn.PyTorch)}},
		"batchnorm vector":           {nn.Shape{6}, []nn.Layer{layer.Dense{Out: 4}, layer.BatchNorm{Eps: 1e-3, Momentum: 0.99}, activation.Must("relu"), layer.Dropout{Rate: 0.25}}},
		"rescaling":                  {nn.Shape{3, 4, 5}, []nn.Layer{layer.Rescaling{Scale: activation.One, Offset: activation.One}, layer.Rescaling{Scale: activation.PerChannel, NoOffset: true}, layer.Rescaling{NoScale: true, Offset: activation.PerElement}}},
		"rescaling shared otherwise": {nn.Shape{3, 4, 5}, []nn.Layer{layer.Rescaling{Scale: activation.SharedAs(nn.Shape{4, 1}), Offset: activation.SharedAs(nn.Shape{1, 1, 5})}}},
		"rescaling vector":           {nn.Shape{6}, []nn.Layer{layer.Rescaling{Scale: activation.PerElement, Offset: activation.One}, layer.Dense{Out: 3}, layer.Rescaling{Scale: activation.One, Offset: activation.PerElement}}},
		"dropout":                    {nn.Shape{3, 4, 5}, []nn.Layer{layer.Dropout{Rate: 0.1}, layer.Dropout{}}},
		"pad":                        {nn.Shape{2, 3, 4}, []nn.Layer{layer.Pad{Pads: [4]int{1, 0, 2, 3}}}},
		"pad value":                  {nn.Shape{2, 3, 4}, []nn.Layer{layer.Pad{Pads: [4]int{0, 2, 1, 0}, Value: -1.5}, layer.Pad{Pads: one, Value: -1.5}}},
		"softmax map":                {nn.Shape{3, 2, 4}, []nn.Layer{layer.Softmax{}}},
		"logsoftmax":                 {nn.Shape{5}, []nn.Layer{layer.LogSoftmax{}}},
		"logsoftmax map":             {nn.Shape{3, 2, 4}, []nn.Layer{layer.LogSoftmax{}}},
		"reshape":                    {nn.Shape{12}, []nn.Layer{layer.Dense{Out: 24}, layer.Reshape{Shape: [3]int{2, 3, 4}}, layer.ConvTranspose{Out: 3, Kernel: k3, Stride: k2}}},
		"reshape maps":               {nn.Shape{2, 3, 4}, []nn.Layer{layer.Reshape{Shape: [3]int{6, 2, 2}}, layer.Conv{Out: 2, Kernel: k2}, layer.Reshape{Shape: [3]int{1, 2}}}},
		"separable":                  {nn.Shape{3, 5, 5}, layer.Separable(3, 2, layer.Conv{Out: 4, Kernel: k3, Stride: k2, Pads: one})},
		"convtranspose":              {nn.Shape{2, 4, 3}, []nn.Layer{layer.ConvTranspose{Out: 3, Kernel: k3}}},
		"convtranspose stride":       {nn.Shape{2, 4, 3}, []nn.Layer{layer.ConvTranspose{Out: 3, Kernel: [2]int{3, 2}, Stride: [2]int{2, 3}, NoBias: true}}},
		"convtranspose pads":         {nn.Shape{2, 4, 3}, []nn.Layer{layer.ConvTranspose{Out: 3, Kernel: k3, Stride: k2, Pads: [4]int{0, 1, 2, 1}, OutputPad: [2]int{1, 0}}}},
		"convtranspose groups":       {nn.Shape{4, 3, 3}, []nn.Layer{layer.ConvTranspose{Out: 6, Kernel: k2, Stride: k2, Groups: 2}}},
		"convtranspose dilation":     {nn.Shape{2, 3, 4}, []nn.Layer{layer.ConvTranspose{Out: 2, Kernel: k2, Dilation: [2]int{2, 3}}}},
	} {
		net, err := nn.Sequential(c.input, c.layers...)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		nets[name] = scaled(fillParams(net))
	}
	for name, b := range map[string]*nn.Builder{
		"add":          nn.NewBuilder(nn.Shape{2, 3, 4}).Add("a", layer.Conv{Out: 2, Kernel: [2]int{1, 1}}).Add("add", layer.Add{}, "a", nn.InputName),
		"add three":    nn.NewBuilder(nn.Shape{4}).Add("a", layer.Dense{Out: 4}).Add("b", layer.Dense{Out: 4}, nn.InputName).Add("add", layer.Add{}, "b", nn.InputName, "a"),
		"add channels": nn.NewBuilder(nn.Shape{2, 3, 4}).Add("mean", layer.GlobalAveragePool{}).Add("add", layer.Add{}, "mean", nn.InputName),
		"twice":        nn.NewBuilder(nn.Shape{2, 3, 4}).Add("add", layer.Add{}, nn.InputName, nn.InputName).Add("mul", layer.Mul{}, "add", "add"),
		"mul channels": nn.NewBuilder(nn.Shape{2, 3, 4}).Add("peak", layer.GlobalMaxPool{}).Add("mul", layer.Mul{}, nn.InputName, "peak"),
		"gate":         nn.NewBuilder(nn.Shape{2, 3, 4}).Add("gate", activation.Must("sigmoid")).Add("mul", layer.Mul{}, nn.InputName, "gate"),
		"squeeze":      nn.NewBuilder(nn.Shape{2, 3, 4}).Add("mean", layer.GlobalAveragePool{}).Add("flat", layer.Flatten{}).Add("dense", layer.Dense{Out: 2}).Add("map", layer.Reshape{Shape: [3]int{2, 1, 1}}).Add("mul", layer.Mul{}, nn.InputName, "map"),
		"swish beside": nn.NewBuilder(nn.Shape{2, 3, 4}).Add("act", activation.Must("swish")).Add("mul", layer.Mul{}, "act", nn.InputName),
		"concat":       nn.NewBuilder(nn.Shape{2, 3, 4}).Add("a", layer.MaxPool{Kernel: [2]int{1, 1}}).Add("concat", layer.Concat{}, "a", nn.InputName, "a"),
		"vectors":      nn.NewBuilder(nn.Shape{4}).Add("a", layer.Dense{Out: 3}).Add("concat", layer.Concat{}, nn.InputName, "a"),
		"one alone":    nn.NewBuilder(nn.Shape{4}).Add("concat", layer.Concat{}),
	} {
		net, err := b.Build()
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		nets[name] = scaled(fillParams(net))
	}
	return nets
}

// respelledNets are networks whose layers are written as others that compute the same:
// pools of Ceil which leave a last position out, on both axes or on one.
func respelledNets(t *testing.T) map[string]*nn.Network {
	t.Helper()
	k2, k3, one := [2]int{2, 2}, [2]int{3, 3}, [4]int{1, 1, 1, 1}
	nets := map[string]*nn.Network{}
	for name, c := range map[string]struct {
		input nn.Shape
		layer nn.Layer
	}{
		"maxpool dropped":           {nn.Shape{1, 5, 4}, layer.MaxPool{Kernel: k2, Pads: one, Ceil: true}},
		"maxpool dropped above":     {nn.Shape{1, 5, 6}, layer.MaxPool{Kernel: [2]int{2, 3}, Stride: k2, Pads: one, Ceil: true}},
		"averagepool dropped":       {nn.Shape{1, 5, 4}, layer.AveragePool{Kernel: k2, Pads: one, Ceil: true, CountPads: true}},
		"averagepool dropped above": {nn.Shape{2, 5, 6}, layer.AveragePool{Kernel: [2]int{2, 3}, Stride: k2, Pads: one, Ceil: true, CountPads: true}},
		"averagepool uncounted":     {nn.Shape{2, 5, 6}, layer.AveragePool{Kernel: [2]int{2, 3}, Stride: k2, Pads: one, Ceil: true}},
		"beyond the kernel":         {nn.Shape{1, 4, 7}, layer.MaxPool{Kernel: [2]int{1, 1}, Stride: [2]int{2, 3}, Ceil: true}},
		"maxpool mixed":             {nn.Shape{1, 4, 5}, layer.MaxPool{Kernel: [2]int{1, 2}, Stride: k2, Ceil: true}},
		"averagepool mixed":         {nn.Shape{1, 4, 5}, layer.AveragePool{Kernel: [2]int{1, 2}, Stride: k2, Ceil: true}},
		"part of a window":          {nn.Shape{1, 1, 1}, layer.AveragePool{Kernel: [2]int{1, 3}, Stride: k3, Ceil: true, CountPads: true}},
		"nothing dropped":           {nn.Shape{1, 4, 6}, layer.MaxPool{Kernel: k3, Stride: k2, Pads: one, Ceil: true}},
	} {
		net, err := nn.Sequential(c.input, c.layer)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		nets[name] = net
	}
	return nets
}

func TestRespelledLayersComputeTheSame(t *testing.T) {
	for name, net := range respelledNets(t) {
		b := encode(t, net, EncodeOptions{}) // which holds the results against each other
		m, err := graph.Read(b)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if again := encode(t, imports(t, m).Network, EncodeOptions{}); !bytes.Equal(again, b) {
			t.Errorf("%s: written, read and written again the bytes differ", name)
		}
	}
	net, err := nn.Sequential(nn.Shape{1, 4, 5}, layer.AveragePool{Kernel: [2]int{1, 2}, Stride: [2]int{2, 2}, Ceil: true, CountPads: true})
	if err != nil {
		t.Fatal(err)
	}
	if b, err := Encode(net, EncodeOptions{}); b != nil || err == nil || !strings.Contains(err.Error(), `layer "pool" (AveragePool): Ceil adds a position on one axis`) {
		t.Errorf("%d bytes and error %v", len(b), err)
	}
}

// branches is a residual block with squeeze-and-excitation and two paths that are
// concatenated.
func branches(t *testing.T) *nn.Network {
	t.Helper()
	k3, same := [2]int{3, 3}, [4]int{1, 1, 1, 1}
	net, err := nn.NewBuilder(nn.Shape{2, 9, 7}).
		Add("stem", layer.Conv{Out: 4, Kernel: k3, Pads: same}).
		Add("conv", layer.Conv{Out: 4, Kernel: k3, Pads: same}, "stem").
		Add("squeeze", layer.GlobalAveragePool{}).
		Add("excite", layer.Conv{Out: 4, Kernel: [2]int{1, 1}}).
		Add("gate", activation.Must("sigmoid")).
		Add("scale", layer.Mul{}, "conv", "gate").
		Add("add", layer.Add{}, "scale", "stem").
		Add("act", activation.Must("prelu:channel")).
		Add("max", layer.MaxPool{Kernel: k3, Stride: [2]int{2, 2}, Pads: [4]int{1, 1, 1, 1}, Ceil: true}).
		Add("mean", layer.AveragePool{Kernel: [2]int{2, 2}, Ceil: true}, "act").
		Add("concat", layer.Concat{}, "mean", "max").
		Add("pad", layer.Pad{Pads: [4]int{0, 1, 1, 0}}).
		Add("up", layer.ConvTranspose{Out: 3, Kernel: k3, Stride: [2]int{2, 2}}).
		Add("each", layer.LogSoftmax{}).
		Add("peak", layer.GlobalMaxPool{}).
		Add("flatten", layer.Flatten{}).
		Add("dense", layer.Dense{Out: 3}).
		Build()
	if err != nil {
		t.Fatal(err)
	}
	return scaled(fillParams(net))
}

func TestLayersReadBackToTheBit(t *testing.T) {
	for name, net := range layerNets(t) {
		t.Run(name, func(t *testing.T) {
			for _, opset := range WriteOpsets {
				roundTrip(t, fmt.Sprint("opset ", opset), net, EncodeOptions{Opset: opset})
			}
		})
	}
}

// Every row of the table of layers is in a network of the tests.
func TestEveryLayerIsWritten(t *testing.T) {
	seen := map[string]bool{}
	for _, net := range layerNets(t) {
		for _, n := range net.Nodes() {
			seen[n.Layer.Kind()] = true
		}
	}
	for _, l := range layers {
		if kind := l.Layer.Kind(); !seen[kind] {
			t.Errorf("no network of the tests has a %s", kind)
		}
	}
}
