package onnxio

import (
	"bytes"
	"fmt"
	"maps"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/nn/activation"
	"github.com/gonn-toolkit/gonn/nn/layer"
	"github.com/gonn-toolkit/gonn/nn/preset"
	"github.com/gonn-toolkit/gonn/onnxio/graph"
)

// everyActivation spells each activation of the table with each kind of sharing,
// or with several values of its fixed parameter.
func everyActivation() (list []string) {
	for _, f := range activation.Funcs {
		switch {
		case f.Arg == activation.Learned:
			for _, sharing := range []string{"one", "channel", "element", "4x4"} {
				list = append(list, f.Name+":"+sharing)
			}
		case f.Arg == activation.Fixed:
			list = append(list, f.Name+":1.5")
			if !f.Positive {
				list = append(list, f.Name+":-1", f.Name+":-0.5", f.Name+":0")
			}
			if f.Default != nil {
				list = append(list, f.Name)
			}
		default:
			list = append(list, f.Name)
		}
	}
	return list
}

// nets are networks of every form that can be written, around one activation,
// which works on maps of shape (·, 4, 4) or (4).
func nets(t *testing.T, act activation.Layer) map[string]*nn.Network {
	t.Helper()
	k3 := [2]int{3, 3}
	nets := map[string]*nn.Network{}
	for name, c := range map[string]struct {
		input  nn.Shape
		layers []nn.Layer
	}{
		"plain":     {nn.Shape{1, 6, 6}, []nn.Layer{layer.Conv{Out: 2, Kernel: k3}, act, layer.Flatten{}, layer.Dense{Out: 3}}},
		"stride":    {nn.Shape{2, 9, 12}, []nn.Layer{layer.Conv{Out: 3, Kernel: k3, Stride: [2]int{2, 3}}, act, layer.Flatten{}, layer.Dense{Out: 2}}},
		"pads":      {nn.Shape{1, 4, 3}, []nn.Layer{layer.Conv{Out: 2, Kernel: k3, Pads: [4]int{0, 1, 2, 2}}, act}},
		"dilation":  {nn.Shape{1, 8, 10}, []nn.Layer{layer.Conv{Out: 2, Kernel: k3, Dilation: [2]int{2, 3}}, act}},
		"groups":    {nn.Shape{4, 6, 6}, []nn.Layer{layer.Conv{Out: 4, Kernel: k3, Groups: 2}, act}},
		"depthwise": {nn.Shape{3, 6, 6}, []nn.Layer{layer.Conv{Out: 3, Kernel: k3, Groups: 3, NoBias: true}, act}},
		"one map":   {nn.Shape{1, 4, 4}, []nn.Layer{act, layer.Conv{Out: 1, Kernel: k3, NoBias: true, Pads: [4]int{1, 1, 1, 1}}, act}},
		"mlp":       {nn.Shape{5}, []nn.Layer{layer.Dense{Out: 4}, act, layer.Dense{Out: 3, NoBias: true}}},
		"softmax":   {nn.Shape{1, 6, 6}, []nn.Layer{layer.Conv{Out: 2, Kernel: k3}, act, layer.Flatten{}, layer.Dense{Out: 3}, layer.Softmax{}}},
		"sigmoid":   {nn.Shape{1, 6, 6}, []nn.Layer{layer.Conv{Out: 2, Kernel: k3}, act, layer.Flatten{}, layer.Dense{Out: 1}, activation.Must("sigmoid")}},
		"deep":      {nn.Shape{2, 4, 4}, []nn.Layer{act, act, layer.Conv{Out: 2, Kernel: k3, Pads: [4]int{1, 1, 1, 1}}, act, layer.Flatten{}, layer.Flatten{}, layer.Dense{Out: 3}, layer.Dense{Out: 2}}},
	} {
		if s := act.Sharing.String(); name == "mlp" && (s == "4x4" || s == "channel") {
			continue // a vector has no such axes; its channels are its elements
		}
		net, err := nn.Sequential(c.input, c.layers...)
		if err != nil {
			t.Fatalf("%s of %s: %v", name, act, err)
		}
		nets[name] = fillParams(net)
	}
	return nets
}

// encode writes a network, twice for equal bytes.
func encode(t *testing.T, net *nn.Network, o EncodeOptions) []byte {
	t.Helper()
	first, err := Encode(net, o)
	if err != nil {
		t.Fatal(err)
	}
	second, err := Encode(net, o)
	if err != nil || !bytes.Equal(first, second) {
		t.Fatalf("written a second time the bytes differ (%v)", err)
	}
	return first
}

// roundTrip writes a network, reads it, and writes it again: the network and the bytes must
// be the same, and there is nothing to note.
func roundTrip(t *testing.T, name string, net *nn.Network, o EncodeOptions) *Imported {
	t.Helper()
	b := encode(t, net, o)
	m, err := graph.Read(b)
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	im := imports(t, m)
	if len(im.Notes) > 0 {
		t.Errorf("%s: notes %q", name, im.Notes)
	}
	sameNetwork(t, im.Network, net)
	if again := encode(t, im.Network, o); !bytes.Equal(again, b) {
		t.Errorf("%s: written, read and written again the bytes differ", name)
	}
	return im
}

func TestWhatIsWrittenReadsBackToTheBit(t *testing.T) {
	for _, spelled := range everyActivation() {
		t.Run(spelled, func(t *testing.T) {
			for name, net := range nets(t, activation.Must(spelled)) {
				im := roundTrip(t, name, net, EncodeOptions{})
				if im.Producer != Producer || im.Opset != WriteOpset || im.Input != nn.InputName {
					t.Errorf("%s: producer %q, opset %d, input %q", name, im.Producer, im.Opset, im.Input)
				}
			}
		})
	}
}

func TestFileIsWrittenAgainAsItWas(t *testing.T) {
	for _, spelled := range []string{"prelu:element", "swish-beta:channel", "leaky:-0.5", "mish"} {
		net, err := preset.Build("study", nn.Shape{1, 28, 28}, 10, activation.Must(spelled))
		if err != nil {
			t.Fatal(err)
		}
		path := filepath.Join(t.TempDir(), "model.onnx")
		o := EncodeOptions{Metadata: map[string]string{"gonn.seed": "7", "a": "", "ü": "\"quoted\"\nline"}}
		b := encode(t, fillParams(net), o)
		if err := os.WriteFile(path, b, 0o666); err != nil {
			t.Fatal(err)
		}
		im, err := Load(path)
		if err != nil {
			t.Fatal(err)
		}
		if !maps.Equal(im.Metadata, o.Metadata) {
			t.Errorf("metadata read as %q", im.Metadata)
		}
		if again := encode(t, im.Network, EncodeOptions{Metadata: im.Metadata}); !bytes.Equal(again, b) {
			t.Errorf("%s: the file is not written again as it was", spelled)
		}
	}
}

func TestFormOfTheFile(t *testing.T) {
	net := nets(t, activation.Must("swish:1.5"))["plain"]
	m, err := Export(net, EncodeOptions{Metadata: map[string]string{"b": "2", "a": "1", "c": "3"}})
	if err != nil {
		t.Fatal(err)
	}
	if m.IRVersion != 8 || m.Producer != "gonn" || !slices.Equal(m.Opsets, []graph.Opset{{Version: 16}}) {
		t.Errorf("IR %d, producer %q, opsets %v", m.IRVersion, m.Producer, m.Opsets)
	}
	if want := []graph.Meta{{Key: "a", Value: "1"}, {Key: "b", Value: "2"}, {Key: "c", Value: "3"}}; !slices.Equal(m.Metadata, want) {
		t.Errorf("metadata %v", m.Metadata)
	}
	value := func(v *graph.Value) string { return fmt.Sprintf("%s %v %v", v.Name, v.Type, v.Shape) }
	var got []string
	for _, list := range [][]*graph.Value{m.Graph.Inputs, m.Graph.Outputs, m.Graph.ValueInfo} {
		for _, v := range list {
			got = append(got, value(v))
		}
	}
	for _, n := range m.Graph.Nodes {
		got = append(got, fmt.Sprintf("%s = %s%v %s", strings.Join(n.Outputs, ","), n.OpType, n.Inputs, n.Name))
	}
	for _, p := range m.Graph.Initializers {
		got = append(got, fmt.Sprint(p.Name, p.Dims))
	}
	want := []string{
		"input FLOAT [N 1 6 6]",
		"logits FLOAT [N 3]",
		"conv FLOAT [N 2 4 4]",
		"act.beta FLOAT []",
		"act.b FLOAT [N 2 4 4]",
		"act.s FLOAT [N 2 4 4]",
		"act FLOAT [N 2 4 4]",
		"flatten FLOAT [N 32]",
		"conv = Conv[input conv.weight conv.bias] conv",
		"act.beta = Constant[] act.beta",
		"act.b = Mul[conv act.beta] act.b",
		"act.s = Sigmoid[act.b] act.s",
		"act = Mul[conv act.s] act",
		"flatten = Flatten[act] flatten",
		"logits = Gemm[flatten dense.weight dense.bias] dense",
		"conv.weight[2 1 3 3]", "conv.bias[2]", "dense.weight[3 32]", "dense.bias[3]",
	}
	if !slices.Equal(got, want) {
		t.Errorf("the file is\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

// The result is called logits, or probabilities, and never like something else.
func TestNameOfTheResult(t *testing.T) {
	all := nets(t, activation.Must("relu"))
	named := func(name string) *nn.Network {
		net, err := nn.NewBuilder(nn.Shape{4}).Add(name, layer.Dense{Out: 2}).Add("b", layer.Dense{Out: 2}).Build()
		if err != nil {
			t.Fatal(err)
		}
		return net
	}
	for _, c := range []struct {
		net  *nn.Network
		want string
	}{
		{all["plain"], "logits"}, {all["mlp"], "logits"},
		{all["softmax"], "probabilities"}, {all["sigmoid"], "probabilities"},
		{all["softmax"].Logits(), "logits"},
		{named("logits"), "logits_2"}, {named("probabilities"), "logits"},
	} {
		m, err := graph.Read(encode(t, c.net, EncodeOptions{}))
		if err != nil {
			t.Fatal(err)
		}
		if got := m.Graph.Outputs[0].Name; len(m.Graph.Outputs) != 1 || got != c.want {
			t.Errorf("the result of %s is called %q, want %q", describe(c.net), got, c.want)
		}
	}
}

func TestNamesAreKept(t *testing.T) {
	for _, first := range []string{"conv1", "encoder.conv", "/encoder/conv", "features.0", "weight", "conv 1", "λ"} {
		b := nn.NewBuilder(nn.Shape{1, 5, 5})
		b.Add(first, layer.Conv{Out: 2, Kernel: [2]int{2, 2}}).Add(first+".act", activation.Must("prelu:channel"))
		b.Add("/"+first+"/mish", activation.Must("mish")).Add("out", layer.Flatten{})
		net, err := b.Build()
		if err != nil {
			t.Fatal(err)
		}
		m, err := graph.Read(encode(t, fillParams(net), EncodeOptions{}))
		if err != nil {
			t.Fatal(err)
		}
		sameNetwork(t, imports(t, m).Network, net)
	}
}

// NaN, infinities, −0 and denormals are numbers like any other in a file.
func TestSpecialValuesAreKept(t *testing.T) {
	net := nets(t, activation.Must("prelu:element"))["plain"]
	nan, inf := float32(math.NaN()), float32(math.Inf(1))
	copy(net.Param("act.alpha").Data, []float32{nan, math.Float32frombits(0xffc00123), inf, -inf, float32(math.Copysign(0, -1)), 1e-45})
	m, err := graph.Read(encode(t, net, EncodeOptions{}))
	if err != nil {
		t.Fatal(err)
	}
	sameNetwork(t, imports(t, m).Network, net)
}

// unknown is a layer that ONNX has no form for.
type unknown struct{ layer.Flatten }

func (unknown) Kind() string { return "Unknown" }

func TestLayersWithoutFormAreListed(t *testing.T) {
	net, err := nn.NewBuilder(nn.Shape{2, 3, 3}).Add("a", unknown{}).Add("b", layer.Dense{Out: 2}).Add("c", unknown{}).Build()
	if err != nil {
		t.Fatal(err)
	}
	b, err := Encode(net, EncodeOptions{})
	if b != nil || err == nil {
		t.Fatalf("%d bytes and error %v", len(b), err)
	}
	for _, want := range []string{`layer "a" (Unknown): no ONNX form`, `layer "c" (Unknown): no ONNX form`} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("the error is %q, want %q in it", err, want)
		}
	}
}
