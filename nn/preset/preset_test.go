package preset

import (
	"fmt"
	"strings"
	"testing"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/nn/activation"
)

func TestTheStudysNetwork(t *testing.T) {
	for spelled, params := range map[string]int{
		"leaky:-0.5": 27938, "relu": 27938, "mish": 27938, "swish": 27938,
		"prelu:one": 27938 + 2, "swish-beta:one": 27938 + 2,
		"prelu:channel": 27938 + 16, "prelu:element": 27938 + 8*22*22 + 8*18*18,
	} {
		net, err := Build("study", nn.Shape{1, 28, 28}, 10, activation.Must(spelled))
		if err != nil {
			t.Fatal(err)
		}
		if got := net.NumParams(); got != params {
			t.Errorf("%s: %d parameters, want %d", spelled, got, params)
		}
		var layers []string
		for _, n := range net.Nodes() {
			layers = append(layers, fmt.Sprintf("%s %v", n.Name, n.Shape))
		}
		want := "conv1 (8, 22, 22), act1 (8, 22, 22), conv2 (8, 18, 18), act2 (8, 18, 18), flatten (2592), dense (10)"
		if got := strings.Join(layers, ", "); got != want {
			t.Errorf("%s: layers %s, want %s", spelled, got, want)
		}
	}
}

func TestPresetsTakeOtherSizesAndClasses(t *testing.T) {
	for _, name := range Names() {
		for _, in := range []nn.Shape{{1, 28, 28}, {3, 32, 32}, {1, 11, 11}, {2, 12, 40}} {
			for _, classes := range []int{1, 2, 37} {
				net, err := Build(name, in, classes, activation.Must("prelu:element"))
				if err != nil {
					t.Errorf("%s on %v: %v", name, in, err)
					continue
				}
				if !net.OutputShape().Equal(nn.Shape{classes}) {
					t.Errorf("%s on %v with %d classes has outputs %v", name, in, classes, net.OutputShape())
				}
				if classes != 37 {
					continue // the same network but for its last layer
				}
				y, err := net.Forward(nn.NewTensor(append([]int{2}, in...)...))
				if err != nil || len(y.Data) != 2*classes {
					t.Errorf("%s on %v with %d classes gives %v (%v)", name, in, classes, y, err)
				}
			}
		}
	}
}

func TestPresetsAreListed(t *testing.T) {
	if got := strings.Join(Names(), " "); got != "study mlp lenet5 vgg8 resnet20 mobilenet-small" {
		t.Errorf("presets %q", got)
	}
	for _, p := range All {
		if p.About == "" {
			t.Errorf("%s says nothing about itself", p.Name)
		}
	}
}

func TestPresetsRefuseWhatDoesNotFit(t *testing.T) {
	relu := activation.Must("relu")
	for _, c := range []struct {
		name    string
		in      nn.Shape
		classes int
		act     activation.Layer
		words   []string
	}{
		{"resnet", nn.Shape{1, 28, 28}, 10, relu, []string{`unknown network "resnet"`, "study, mlp"}},
		{"study", nn.Shape{1, 10, 28}, 10, relu, []string{`layer "conv2"`, "height 4", "kernel's 5"}},
		{"study", nn.Shape{1, 6, 6}, 10, relu, []string{`layer "conv1"`, "(1, 6, 6)", "kernel's 7"}},
		{"study", nn.Shape{784}, 10, relu, []string{`layer "conv1"`, "got input (784)", "(channels, height, width)"}},
		{"study", nn.Shape{1, 28, 28}, 0, relu, []string{`layer "dense"`, "Out is 0"}},
		{"study", nn.Shape{1, 28, 28}, 10, activation.Must("prelu:22"), []string{`layer "act2"`, "(22)", "(8, 18, 18)"}},
		{"study", nn.Shape{1, 28, 28}, 10, activation.Layer{}, []string{`layer "act1"`, "no function"}},
		{"mlp", nn.Shape{}, 10, relu, []string{"network input", "empty shape"}},
		{"mlp", nn.Shape{1, -28, 28}, 10, relu, []string{"network input", "(1, -28, 28)"}},
		{"mlp", nn.Shape{1, 28, 28}, -1, relu, []string{`layer "dense2"`, "Out is -1"}},
	} {
		net, err := Build(c.name, c.in, c.classes, c.act)
		if err == nil || net != nil {
			t.Errorf("%s on %v: %v, %v; want an error alone", c.name, c.in, net, err)
			continue
		}
		for _, w := range c.words {
			if !strings.Contains(err.Error(), w) {
				t.Errorf("%s on %v: error %q does not say %q", c.name, c.in, err, w)
			}
		}
	}
}
