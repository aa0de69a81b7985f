package kinds

import (
	"strings"
	"testing"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/nn/activation"
	"github.com/gonn-toolkit/gonn/nn/layer"
	"github.com/gonn-toolkit/gonn/train/plot"
)

// residual is a network with a way past its second convolution.
func residual(t *testing.T) *nn.Network {
	t.Helper()
	conv := layer.Conv{Out: 2, Kernel: [2]int{3, 3}, Pads: [4]int{1, 1, 1, 1}}
	net, err := nn.NewBuilder(nn.Shape{1, 6, 6}).
		Add("conv1", conv).Add("bn1", layer.NewBatchNorm(nn.PyTorch)).Add("act1", activation.Must("relu")).
		Add("conv2", conv).Add(`a"dd`, layer.Add{}, "conv2", "act1").Add("act2", activation.Must("prelu")).
		Add("flatten", layer.Flatten{}).Add("dense", layer.Dense{Out: 3}).Build()
	if err != nil {
		t.Fatal(err)
	}
	return net
}

// What follows a layer alone and keeps its shape is in its box; values that two layers read keep
// boxes apart.
func TestDOT(t *testing.T) {
	const want = `digraph "n\\1" {
	node [shape=box, fontname="Helvetica", fontsize=10];
	n0 [label="input\n1×6×6", style=rounded];
	n1 [label="conv1\nConv 2, 3×3\nBatchNorm · relu\n2×6×6 · 24 parameters"];
	n2 [label="conv2\nConv 2, 3×3\n2×6×6 · 38 parameters"];
	n3 [label="a\"dd\nAdd · prelu:element · Flatten\n72 · 72 parameters"];
	n4 [label="dense\nDense 3\n3 · 219 parameters"];
	n0 -> n1;
	n1 -> n2;
	n2 -> n3;
	n1 -> n3;
	n3 -> n4;
}
`
	if got := string(dot(`n\1`, blocksOf(residual(t)))); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

// A layer that is an output of the network is the end of its box.
func TestOutputsEndBoxes(t *testing.T) {
	net, err := nn.NewBuilder(nn.Shape{1, 6, 6}).
		Add("conv1", layer.Conv{Out: 2, Kernel: [2]int{3, 3}}).Add("act1", activation.Must("relu")).
		Outputs("conv1", "act1").Build()
	if err != nil {
		t.Fatal(err)
	}
	if b := blocksOf(net); len(b.all) != 3 || b.all[1].name != "conv1" || b.all[2].name != "act1" {
		t.Errorf("boxes %+v", b.all)
	}
}

func TestNetworkPicture(t *testing.T) {
	svg, err := NetworkFigure("run", residual(t)).SVG(plot.Light)
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{">run<", ">conv2<", "BatchNorm · relu", "219 parameters", "353 parameters, "} {
		if !strings.Contains(string(svg), want) {
			t.Errorf("the picture does not say %q", want)
		}
	}
}
