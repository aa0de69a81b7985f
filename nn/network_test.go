package nn_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/nn/activation"
	"github.com/gonn-toolkit/gonn/nn/layer"
)

func small(t testing.TB) *nn.Network {
	t.Helper()
	return build(t, nn.Shape{1, 6, 6},
		layer.Conv{Out: 2, Kernel: [2]int{3, 3}}, activation.Must("prelu:channel:0.25"),
		layer.Flatten{}, layer.Dense{Out: 3})
}

func values(net *nn.Network) []float32 {
	var all []float32
	for _, p := range net.Params() {
		all = append(all, p.Data...)
	}
	return all
}

func TestParamsAreNamedAndCounted(t *testing.T) {
	net := small(t)
	var names []string
	for _, p := range net.Params() {
		names = append(names, p.FullName()+" "+p.Shape.String())
		if net.Param(p.FullName()) != p {
			t.Errorf("%s is not found by its name", p.FullName())
		}
	}
	want := "conv.weight (2, 1, 3, 3), conv.bias (2), act.alpha (2, 1, 1), dense.weight (3, 32), dense.bias (3)"
	if got := strings.Join(names, ", "); got != want {
		t.Errorf("parameters %s, want %s", got, want)
	}
	if got := net.NumParams(); got != 18+2+2+96+3 {
		t.Errorf("%d values, want 121", got)
	}
	for _, v := range values(net) {
		if v != 0 {
			t.Fatal("a new network's parameters are not zero")
		}
	}
}

func TestCloneHasItsOwnValues(t *testing.T) {
	net := small(t)
	randomize(net, 1)
	was := slices.Clone(values(net))
	c := net.Clone()
	if !slices.Equal(values(c), was) {
		t.Error("the clone has other values")
	}
	for _, p := range c.Params() {
		clear(p.Data)
	}
	if !slices.Equal(values(net), was) {
		t.Error("the clone shares its values")
	}
	x := randomTensor(2, 3, 1, 6, 6)
	if got := forward(t, c, x); slices.Equal(got.Data, forward(t, net, x).Data) {
		t.Error("the clone computes with the original's values")
	}
}

func TestCopyParams(t *testing.T) {
	a, b := small(t), small(t)
	randomize(a, 1)
	if err := b.CopyParams(a); err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(values(a), values(b)) {
		t.Error("the values are not those copied")
	}
	a.Params()[0].Data[0]++
	if slices.Equal(values(a), values(b)) {
		t.Error("the networks share their values")
	}
	was := slices.Clone(values(b))
	for name, other := range map[string]*nn.Network{
		"into a network with 5":                     build(t, nn.Shape{4}, layer.Dense{Out: 3}),
		"dense.weight (4, 32) does not fit":         build(t, nn.Shape{1, 6, 6}, layer.Conv{Out: 2, Kernel: [2]int{3, 3}}, activation.Must("prelu:channel"), layer.Flatten{}, layer.Dense{Out: 4}),
		"act.beta (2, 1, 1) does not fit act.alpha": build(t, nn.Shape{1, 6, 6}, layer.Conv{Out: 2, Kernel: [2]int{3, 3}}, activation.Must("swish-beta:channel"), layer.Flatten{}, layer.Dense{Out: 3}),
	} {
		wantError(t, b.CopyParams(other), "copy parameters", name)
	}
	if !slices.Equal(values(b), was) {
		t.Error("a refused copy has changed values")
	}
}

func TestBuilderOfANetworkKeepsTheValuesThatFit(t *testing.T) {
	net := small(t)
	randomize(net, 1)
	edited, err := net.Builder(func(n *nn.Node) nn.Layer {
		switch n.Name {
		case "act":
			return activation.Must("swish-beta:one")
		case "dense":
			return layer.Dense{Out: 5}
		}
		return n.Layer
	}).Add("last", activation.Must("sigmoid")).Build()
	if err != nil {
		t.Fatal(err)
	}
	if got := edited.Nodes()[len(edited.Nodes())-1].Name; got != "last" || !edited.OutputShape().Equal(nn.Shape{5}) {
		t.Errorf("ends in %s %v, want last (5)", got, edited.OutputShape())
	}
	for _, name := range []string{"conv.weight", "conv.bias"} {
		if !slices.Equal(edited.Param(name).Data, net.Param(name).Data) {
			t.Errorf("%s has lost its values", name)
		}
	}
	if edited.Param("act.alpha") != nil || edited.Param("act.beta") == nil {
		t.Error("the activation is not exchanged")
	}
	if norm(edited.Param("dense.weight").Data) != 0 {
		t.Error("values of another shape are taken over")
	}
	clear(edited.Param("conv.weight").Data)
	if norm(net.Param("conv.weight").Data) == 0 {
		t.Error("the new network shares values with the old one")
	}

	_, err = net.Builder(func(n *nn.Node) nn.Layer {
		if n.Name == "conv" {
			return layer.Conv{Out: 2, Kernel: [2]int{9, 9}}
		}
		return n.Layer
	}).Build()
	wantError(t, err, `layer "conv" (Conv)`, "kernel's 9")
}
