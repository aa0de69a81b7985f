package report

import (
	"fmt"
	"strings"
	"testing"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/nn/activation"
	"github.com/gonn-toolkit/gonn/nn/layer"
)

// A chain's summary tells no inputs, that of a network with branches those of all layers.
func TestSummaryTellsInputsOfBranches(t *testing.T) {
	net, err := nn.NewBuilder(nn.Shape{2, 4, 6}).
		Add("conv", layer.Conv{Out: 2, Kernel: [2]int{1, 1}}).
		Add("add", layer.Add{}, "conv", nn.InputName).
		Add("pool", layer.MaxPool{Kernel: [2]int{2, 2}}).
		Build()
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	printLayers(&Page{Writer: &b}, net)
	want := `layer  kind     inputs       output shape  parameters  MACs
input                        (2, 4, 6)              0     0
conv   Conv     input        (2, 4, 6)              6    96
add    Add      conv, input  (2, 4, 6)              0     0
pool   MaxPool  add          (2, 2, 3)              0     0
total parameters: 6, multiply–accumulates a sample: 96
`
	if b.String() != want {
		t.Errorf("the summary is\n%s\nwant\n%s", b.String(), want)
	}

	chain, err := nn.Sequential(nn.Shape{2, 4, 6}, layer.MaxPool{Kernel: [2]int{2, 2}}, layer.Flatten{})
	if err != nil {
		t.Fatal(err)
	}
	b.Reset()
	printLayers(&Page{Writer: &b}, chain)
	if got, _, _ := strings.Cut(b.String(), "\n"); got != "layer    kind     output shape  parameters  MACs" {
		t.Errorf("of a chain the summary starts %q", got)
	}
}

// What a layer is made with is spelled in a few words.
func TestSettingsText(t *testing.T) {
	for _, tc := range []struct {
		layer nn.Layer
		input nn.Shape
		want  string
	}{
		{layer.Conv{Out: 6, Kernel: [2]int{3, 5}}.Normal(), nn.Shape{4, 9, 9}, "6, 3×5, stride 1"},
		{layer.Conv{Out: 4, Kernel: [2]int{3, 3}, Stride: [2]int{2, 1}, Pads: [4]int{0, 0, 1, 1}, Groups: 2, NoBias: true}, nn.Shape{4, 9, 9},
			"4, 3×3, stride 2 1, pads 0 0 1 1, groups 2, no bias"},
		{layer.MaxPool{Kernel: [2]int{2, 2}, Stride: [2]int{1, 1}, Ceil: true}, nn.Shape{4, 9, 9}, "2×2, stride 1, ceil"},
		{layer.NewBatchNorm(nn.Keras), nn.Shape{4, 9, 9}, "eps 0.001, momentum 0.99"},
		{layer.Dense{Out: 3}, nn.Shape{4}, "3"},
		{layer.GlobalMaxPool{Ties: nn.Keras}, nn.Shape{4, 9, 9}, ""},
		{activation.Must("prelu:channel"), nn.Shape{4, 9, 9}, "(4, 1, 1)"},
		{activation.Must("leaky:0.5"), nn.Shape{4}, ""},
	} {
		net, err := nn.Sequential(tc.input, tc.layer)
		if err != nil {
			t.Fatal(err)
		}
		if got := settingsText(net.Nodes()[0]); got != tc.want {
			t.Errorf("%s: %q, want %q", fmt.Sprint(tc.layer.Kind()), got, tc.want)
		}
	}
}
