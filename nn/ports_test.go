package nn_test

import (
	"slices"
	"testing"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/nn/activation"
	"github.com/gonn-toolkit/gonn/nn/layer"
	"github.com/gonn-toolkit/gonn/nn/loss"
)

func TestBuilderRefusesPorts(t *testing.T) {
	dense := layer.Dense{Out: 2}
	in := func() *nn.Builder { return nn.NewBuilder(nil).Input("a", nn.Shape{3}).Input("b", nn.Shape{3}) }
	for name, c := range map[string]struct {
		b     *nn.Builder
		words []string
	}{
		"no input":            {nn.NewBuilder(nil).Add("d", dense), []string{"network input", "there is none"}},
		"an input twice":      {in().Input("a", nn.Shape{3}).Add("s", sum{}, "a", "b"), []string{`input "a"`, "taken"}},
		"an empty name":       {in().Input("", nn.Shape{3}).Add("s", sum{}, "a", "b"), []string{"empty or taken"}},
		"a layer's name":      {in().Add("s", sum{}, "a", "b").Input("s", nn.Shape{3}), []string{`input "s"`, "taken"}},
		"an input's name":     {in().Add("a", sum{}, "a", "b"), []string{`"a" cannot be a layer's name`}},
		"an empty shape":      {in().Input("c", nn.Shape{}).Add("s", sum{}, "a", "b", "c"), []string{`input "c"`, "empty shape"}},
		"a size of 0":         {in().Input("c", nn.Shape{0}).Add("s", sum{}, "a", "b"), []string{`input "c"`, "below 1"}},
		"unread":              {in().Add("d", dense), []string{`input "b"`, "no layer reads it"}},
		"an unknown output":   {in().Add("s", sum{}, "a", "b").Outputs("x"), []string{`output "x"`, "no layer"}},
		"an input as output":  {in().Add("s", sum{}, "a", "b").Outputs("a"), []string{`output "a"`, "no layer"}},
		"an output twice":     {in().Add("s", sum{}, "a", "b").Outputs("s", "s"), []string{`output "s"`, "twice"}},
		"a dead end":          {in().Add("s", sum{}, "a", "b").Add("d", dense).Outputs("s"), []string{`layer "d"`, "not an output"}},
		"an unknown layer":    {in().Add("s", sum{}, "a", "x"), []string{`layer "s"`, `reads "x"`}},
		"no layers":           {in(), []string{"no layers"}},
		"an empty list":       {in().Add("s", sum{}, "a", "b").Outputs([]string{}...), []string{"no output"}},
		"the default is none": {in().Add("s", sum{}, nn.InputName), []string{`reads "input"`}},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := c.b.Build()
			wantError(t, err, c.words...)
		})
	}
}

// Who wants one input and one output says so of a network with more.
func TestMethodsForOneInputAndOneOutput(t *testing.T) {
	net := ported(t)
	data := randomSamples(t, 4, 3, nn.Shape{2, 8, 8})
	words := []string{"image, hint", "scores, features", "Executor"}
	wantError(t, net.CheckSingle(), words...)
	_, err := net.Forward(data.X)
	wantError(t, err, words...)
	_, err = net.Evaluate(data, loss.CrossEntropy{}, 1)
	wantError(t, err, words...)
	_, err = net.Predict(data, 1)
	wantError(t, err, words...)
	_, err = nn.NewStepper(net, loss.CrossEntropy{}, 1).Step(data, upTo(4))
	wantError(t, err, words...)
	if err := study(t).CheckSingle(); err != nil {
		t.Error(err)
	}
}

// A clone, and a network built from another, have its inputs and outputs, and what is frozen.
func TestClonesKeepPortsAndWhatIsFrozen(t *testing.T) {
	net := ported(t)
	net.Param("conv.weight").Frozen = true
	edited, err := net.Builder(func(n *nn.Node) nn.Layer {
		if n.Name == "act" {
			return activation.Must("tanh")
		}
		return n.Layer
	}).Build()
	if err != nil {
		t.Fatal(err)
	}
	for what, c := range map[string]*nn.Network{"clone": net.Clone(), "edited": edited} {
		if got := ports(c.Inputs()); !slices.Equal(got, []string{"image (2, 8, 8)", "hint (5)"}) {
			t.Errorf("%s: inputs %v", what, got)
		}
		if got := ports(c.Outputs()); !slices.Equal(got, []string{"scores (3)", "features (6)"}) {
			t.Errorf("%s: outputs %v", what, got)
		}
		for i, p := range c.Params() {
			if q := net.Params()[i]; p.Frozen != q.Frozen || !slices.Equal(p.Data, q.Data) {
				t.Errorf("%s: %s is another, frozen %v", what, p.FullName(), p.Frozen)
			}
		}
	}
	inner, err := nn.NewBuilder(nn.Shape{3}).Add("a", layer.Dense{Out: 2}).Add("b", sum{}).Outputs("a", "b").Build()
	if err != nil {
		t.Fatal(err)
	}
	if got := ports(inner.Clone().Outputs()); !slices.Equal(got, []string{"a (2)", "b (2)"}) {
		t.Errorf("outputs of a clone: %v", got)
	}
}

func ports(list []nn.Port) (names []string) {
	for _, p := range list {
		names = append(names, p.Name+" "+p.Shape.String())
	}
	return names
}
