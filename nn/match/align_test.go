package match

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/nn/activation"
	"github.com/gonn-toolkit/gonn/nn/layer"
)

// renamed is a copy of a network with other names, and the inputs of sums the other way round.
func renamed(t *testing.T, net *nn.Network) *nn.Network {
	t.Helper()
	names := map[string]string{nn.InputName: nn.InputName}
	b := nn.NewBuilder(net.InputShape())
	for i, node := range net.Nodes() {
		names[node.Name] = fmt.Sprintf("node_%d", len(net.Nodes())-i)
		var in []string
		for _, name := range node.Inputs {
			in = append(in, names[name])
		}
		if _, ok := node.Layer.(layer.Add); ok {
			in[0], in[1] = in[1], in[0]
		}
		b.Add(names[node.Name], node.Layer, in...)
	}
	other, err := b.Build()
	if err != nil {
		t.Fatal(err)
	}
	for i, p := range net.Params() {
		copy(other.Params()[i].Data, p.Data)
	}
	return other
}

func compared(t *testing.T, a, b *nn.Network) *Result {
	t.Helper()
	r, err := Networks(a, b)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// Neither names nor the order of branches nor a softmax matter.
func TestNetworksOfOtherNames(t *testing.T) {
	for _, name := range []string{"study", "resnet20", "mobilenet-small"} {
		net := presetOf(t, name, "prelu:channel", nn.Shape{1, 16, 16}, 3)
		other, _ := exchanged(net, rand.New(rand.NewPCG(1, 1)))
		other, err := renamed(t, other).Builder(nil).Add("softmax", layer.Softmax{}).Build()
		if err != nil {
			t.Fatal(err)
		}
		for _, r := range []*Result{compared(t, net, other), compared(t, other, net)} {
			if !r.Equal || r.MaxError != 0 {
				t.Errorf("%s: equal %v, error %g, only %q and %q", name, r.Equal, r.MaxError, r.OnlyA, r.OnlyB)
			}
		}
	}
}

// pairsOf lists what corresponds: the names of layers with filters.
func pairsOf(r *Result) string {
	var list []string
	for _, l := range r.Layers {
		s := l.A + "=" + l.B
		if l.Why != "" {
			s += " (" + l.Why + ")"
		}
		list = append(list, s)
	}
	return strings.Join(list, ", ")
}

// Networks of other structures are compared as far as they agree.
func TestNetworksOfOtherStructures(t *testing.T) {
	chain := func(classes int, act string, layers ...nn.Layer) *nn.Network {
		net, err := nn.Sequential(nn.Shape{1, 12, 12}, append(append([]nn.Layer{conv(6, 3), activation.Must(act)}, layers...),
			conv(7, 3), activation.Must(act), layer.Flatten{}, layer.Dense{Out: classes})...)
		if err != nil {
			t.Fatal(err)
		}
		return random(net, 4)
	}
	net := chain(3, "prelu:channel")
	other, _ := exchanged(net, rand.New(rand.NewPCG(1, 1)))
	copied := func(to *nn.Network, pairs ...string) *nn.Network { // the parameters that are the same
		for _, p := range pairs {
			a, b, _ := strings.Cut(p, "=")
			for _, q := range other.Node(a).Params {
				copy(to.Param(b+"."+q.Name).Data, q.Data)
			}
		}
		return to
	}
	for name, c := range map[string]struct {
		b            *nn.Network
		pairs        string
		same         int // filters in layers that come out as equal
		onlyA, onlyB string
	}{
		"more classes": {copied(chain(5, "prelu:channel"), "conv1=conv1", "conv2=conv2"),
			"conv1=conv1, conv2=conv2, dense=dense (the weights have other shapes)", 13, "", ""},
		"another activation": {copied(chain(3, "relu"), "conv1=conv1", "conv2=conv2", "dense=dense"),
			"conv1=conv1, conv2=conv2, dense=dense", 16, "", ""},
		"one more layer": {copied(chain(3, "prelu:channel", layer.NewBatchNorm(nn.PyTorch)), "conv1=conv1", "conv2=conv2", "dense=dense"),
			"conv1=conv1, conv2=conv2, dense=dense", 16, "", "bn"},
		"one more convolution": {copied(chain(3, "prelu:channel", layer.Conv{Out: 6, Kernel: [2]int{1, 1}}), "conv1=conv1", "conv2=conv3", "dense=dense"),
			"conv1=conv1, conv2=conv3, dense=dense", 16, "", "conv2"},
	} {
		r := compared(t, net, c.b)
		same := 0
		for _, l := range r.Layers {
			if l.Why == "" && l.MaxError == 0 {
				same += len(l.Perm)
			}
		}
		if got := pairsOf(r); got != c.pairs || same != c.same || strings.Join(r.OnlyA, " ") != c.onlyA || strings.Join(r.OnlyB, " ") != c.onlyB || r.Equal {
			t.Errorf("%s: %s, %d equal filters, only %q and %q, equal %v", name, got, same, r.OnlyA, r.OnlyB, r.Equal)
		}
		if len(r.Activations) != 2 {
			t.Errorf("%s: activations %+v", name, r.Activations)
		}
	}
}

// Nothing is compared where nothing corresponds.
func TestNetworksWithNothingInCommon(t *testing.T) {
	dense, err := nn.Sequential(nn.Shape{4}, layer.Dense{Out: 3})
	if err != nil {
		t.Fatal(err)
	}
	convs, err := nn.Sequential(nn.Shape{1, 4, 4}, conv(3, 2))
	if err != nil {
		t.Fatal(err)
	}
	if r, err := Networks(dense, convs); err == nil || r != nil {
		t.Errorf("%+v and %v, want an error alone", r, err)
	}
	for _, act := range []string{"relu", "prelu"} {
		if net, err := nn.Sequential(nn.Shape{4}, activation.Must(act)); err != nil {
			t.Fatal(err)
		} else if r := compared(t, net, net); !r.Equal || len(r.Activations) != 1 {
			t.Errorf("%s alone: %+v", act, r)
		}
	}
}

// Chains too long for all pairs of layers are paired by names.
func TestLongNetworks(t *testing.T) {
	long := func(layers int) *nn.Network {
		b := nn.NewBuilder(nn.Shape{4})
		for i := range layers {
			b.Add(fmt.Sprint("d", i), layer.Dense{Out: 4})
		}
		net, err := b.Add("o", layer.Dense{Out: 2}).Build()
		if err != nil {
			t.Fatal(err)
		}
		return random(net, 1)
	}
	a, b := long(2100), long(2101)
	r := compared(t, a, b)
	if len(r.Layers) != 2101 || len(r.OnlyA) != 0 || strings.Join(r.OnlyB, " ") != "d2100" {
		t.Errorf("%d layers, only %q and %q", len(r.Layers), r.OnlyA, r.OnlyB)
	}
}
