package nn_test

import (
	"math"
	"strings"
	"testing"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/nn/activation"
	"github.com/gonn-toolkit/gonn/nn/layer"
)

func TestBuilderErrorsNameTheLayer(t *testing.T) {
	image := nn.Shape{1, 9, 9}
	for name, c := range map[string]struct {
		builder *nn.Builder
		words   []string
	}{
		"no layers":       {nn.NewBuilder(image), []string{"network", "no layers"}},
		"empty input":     {nn.NewBuilder(nn.Shape{}).Add("flat", layer.Flatten{}), []string{"network input", "empty shape", "(C, H, W)"}},
		"zero dimension":  {nn.NewBuilder(nn.Shape{1, 0, 9}).Add("flat", layer.Flatten{}), []string{"network input", "(1, 0, 9)", "below 1"}},
		"endless input":   {nn.NewBuilder(nn.Shape{math.MaxInt / 2, math.MaxInt / 2}).Add("flat", layer.Flatten{}), []string{"network input", "more than 16777216 elements"}},
		"unnamed":         {nn.NewBuilder(image).Add("", layer.Flatten{}), []string{`layer ""`, "cannot be a layer's name"}},
		"named input":     {nn.NewBuilder(image).Add("input", layer.Flatten{}), []string{`layer "input" (Flatten)`, "cannot be a layer's name"}},
		"name taken":      {nn.NewBuilder(image).Add("a", layer.Flatten{}).Add("a", layer.Flatten{}), []string{`layer "a" (Flatten)`, "taken by an earlier layer"}},
		"unknown input":   {nn.NewBuilder(image).Add("a", layer.Flatten{}, "b"), []string{`layer "a" (Flatten)`, `reads "b"`, "not an earlier layer"}},
		"reads itself":    {nn.NewBuilder(image).Add("a", layer.Flatten{}, "a"), []string{`reads "a"`, "not an earlier layer"}},
		"does not fit":    {nn.NewBuilder(image).Add("scores", layer.Dense{Out: 3}), []string{`layer "scores" (Dense)`, "got input (1, 9, 9)", "need a vector"}},
		"too many inputs": {nn.NewBuilder(image).Add("f", layer.Flatten{}, "input", "input"), []string{`layer "f" (Flatten)`, "got 2 inputs", "need 1"}},
		"unread layer": {nn.NewBuilder(image).Add("a", layer.Flatten{}).Add("b", layer.Flatten{}, "input"),
			[]string{`layer "a" (Flatten)`, "no later layer reads it"}},
		"two shapes":     {nn.NewBuilder(image).Add("a", layer.Flatten{}).Add("both", sum{}, "a", "input"), []string{`layer "both" (Sum)`, "(81)", "(1, 9, 9)"}},
		"no function":    {nn.NewBuilder(image).Add("act", activation.Layer{}), []string{`layer "act"`, "no function"}},
		"endless output": {nn.NewBuilder(image).Add("c", layer.Conv{Out: 1, Kernel: [2]int{1, 1}, Pads: [4]int{9999, 9999, 0, 0}}), []string{`layer "c" (Conv)`, "output", "more than 16777216 elements"}},
		"endless weight": {nn.NewBuilder(nn.Shape{1 << 15}).Add("d", layer.Dense{Out: 1 << 15}), []string{`layer "d" (Dense)`, "weight", "more than 268435456 elements"}},
	} {
		t.Run(name, func(t *testing.T) {
			net, err := c.builder.Build()
			wantError(t, err, c.words...)
			if net != nil {
				t.Error("both a network and an error")
			}
		})
	}
}

func TestBuilderReportsAllErrorsAtOnceAndEachOnce(t *testing.T) {
	_, err := nn.NewBuilder(nn.Shape{1, 9, 9}).
		Add("conv", layer.Conv{Out: 2, Kernel: [2]int{11, 11}}). // too large
		Add("act", activation.Must("relu")).                     // reads a layer in error: not reported again
		Add("flatten", layer.Flatten{}).
		Add("odd", layer.Dense{Out: 4}, "input"). // not a vector
		Add("scores", layer.Dense{Out: 3}, "flaten").
		Build()
	wantError(t, err, `layer "conv" (Conv)`, `layer "odd" (Dense)`, `layer "scores" (Dense): reads "flaten"`)
	if err == nil {
		return
	}
	lines := strings.Split(err.Error(), "\n")
	// "flatten" and "odd" are unread, which is two more.
	if len(lines) != 5 {
		t.Errorf("%d errors, want 5:\n%v", len(lines), err)
	}
	if strings.Contains(err.Error(), `layer "act"`) {
		t.Errorf("a layer behind an error is reported too:\n%v", err)
	}
}

// An input in error is reported once, whatever the layers would make of it.
func TestAWrongInputShapeIsReportedOnce(t *testing.T) {
	for _, in := range []nn.Shape{{}, nil, {0}, {-3, 4, 4}} {
		_, err := nn.Sequential(in, activation.Must("prelu:channel"), layer.Conv{Out: 2, Kernel: [2]int{3, 3}}, layer.Flatten{}, layer.Dense{Out: 2})
		wantError(t, err, "network input")
		if err != nil && strings.Contains(err.Error(), "layer") {
			t.Errorf("%v: also reports layers: %v", in, err)
		}
	}
}

func TestSequentialNamesLayers(t *testing.T) {
	act := activation.Must("relu")
	conv := layer.Conv{Out: 2, Kernel: [2]int{3, 3}}
	for _, c := range []struct {
		layers []nn.Layer
		want   string
	}{
		{[]nn.Layer{conv, act, conv, act, layer.Flatten{}, layer.Dense{Out: 2}}, "conv1 act1 conv2 act2 flatten dense"},
		{[]nn.Layer{layer.Flatten{}, layer.Dense{Out: 4}, act, layer.Dense{Out: 2}}, "flatten dense1 act dense2"},
		{[]nn.Layer{conv}, "conv"},
		{[]nn.Layer{act, activation.Must("tanh"), activation.Must("prelu")}, "act1 act2 act3"},
	} {
		var names []string
		for _, node := range build(t, nn.Shape{1, 9, 9}, c.layers...).Nodes() {
			names = append(names, node.Name)
		}
		if got := strings.Join(names, " "); got != c.want {
			t.Errorf("layers %s, want %s", got, c.want)
		}
	}
	_, err := nn.Sequential(nn.Shape{1, 9, 9})
	wantError(t, err, "no layers")
	_, err = nn.Sequential(nn.Shape{1, 4, 4}, conv, conv, act, layer.Dense{Out: 3})
	wantError(t, err, `layer "conv2" (Conv)`, "got input (2, 2, 2)")
}
