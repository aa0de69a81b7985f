// Package preset builds networks by name, such as resnet20, for any shape of input, number of
// classes and activation.
package preset

import (
	"fmt"
	"strings"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/nn/activation"
	"github.com/gonn-toolkit/gonn/nn/layer"
)

// Preset is a network by name.
type Preset struct {
	Name  string
	About string
	Build func(input nn.Shape, classes int, act activation.Layer) (*nn.Network, error)
}

// All lists the presets in the order of help pages. Every network ends in logits.
var All = []Preset{
	{"study", "two convolutions and a dense layer, as in the study of activation functions", study},
	{"mlp", "one hidden layer of 128 units", mlp},
	{"lenet5", "two convolutions with pools and three dense layers", lenet5},
	{"vgg8", "six 3×3 convolutions with batch normalisation and two dense layers", vgg8},
	{"resnet20", "a residual network of 20 layers with batch normalisation", resnet20},
	{"mobilenet-small", "depthwise and pointwise convolutions with batch normalisation", mobilenetSmall},
}

// Build makes the named network, its parameters zero.
func Build(name string, input nn.Shape, classes int, act activation.Layer) (*nn.Network, error) {
	for _, p := range All {
		if p.Name == name {
			return p.Build(input, classes, act)
		}
	}
	return nil, fmt.Errorf("unknown network %q: choose one of %s", name, strings.Join(Names(), ", "))
}

// Names lists the names of All.
func Names() []string {
	names := make([]string, len(All))
	for i, p := range All {
		names[i] = p.Name
	}
	return names
}

// study has, on 28×28 grey images and with a fixed activation, 27,938 parameters.
func study(input nn.Shape, classes int, act activation.Layer) (*nn.Network, error) {
	return nn.Sequential(input,
		layer.Conv{Out: 8, Kernel: [2]int{7, 7}}, act,
		layer.Conv{Out: 8, Kernel: [2]int{5, 5}}, act,
		layer.Flatten{},
		layer.Dense{Out: classes},
	)
}

func mlp(input nn.Shape, classes int, act activation.Layer) (*nn.Network, error) {
	return nn.Sequential(input,
		layer.Flatten{},
		layer.Dense{Out: 128}, act,
		layer.Dense{Out: classes},
	)
}
