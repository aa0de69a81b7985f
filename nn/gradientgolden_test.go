package nn_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/nn/internal/golden"
	"github.com/gonn-toolkit/gonn/nn/layer"
)

// gradientGoldens are the small networks whose inner outputs and gradients PyTorch
// computed, in testdata/golden/gradients. testdata/ref/gradient_cases.py describes them.
var gradientGoldens = []string{"branches", "chain", "joined", "residual"}

// gradientGolden is a network and what PyTorch made of it.
type gradientGolden struct {
	golden.Arrays
	Framework string
	Batch     int
	Inputs    []struct {
		Name  string
		Shape nn.Shape
	}
	Layers []struct {
		Name, Kind string
		Settings   json.RawMessage
		In         []string
	}
	Outputs, Params []string
	Seeds           []gradientSeed
	Tolerances      struct{ Outputs, Gradients, Statistics float64 }
}

// gradientSeed is a layer at which a gradient was given, and the inputs and layers that
// it reaches.
type gradientSeed struct {
	At      string
	Reaches []string
}

// Every case of the folder is in the list, so that none is left out in silence.
func TestNoGradientGoldenIsLeftOut(t *testing.T) {
	files, err := os.ReadDir(filepath.Join(goldenDir, "gradients"))
	if err != nil {
		t.Fatal(err)
	}
	var got, want []string
	for _, f := range files {
		got = append(got, f.Name())
	}
	for _, name := range gradientGoldens {
		want = append(want, name+".json", name+".npz")
	}
	if !slices.Equal(got, want) {
		t.Errorf("the folder has %q, the test takes %q", got, want)
	}
}

// Forward takes one input and gives one output, in inference.
func TestForwardEqualsPyTorchInGradientNetworks(t *testing.T) {
	for _, name := range gradientGoldens {
		g := openGradientGolden(t, name)
		if len(g.Inputs) > 1 {
			continue
		}
		t.Run(name, func(t *testing.T) {
			net, err := g.addLayers(t, nn.NewBuilder(g.Inputs[0].Shape), false).Build()
			if err != nil {
				t.Fatal(err)
			}
			g.begin(t, net)
			got := forward(t, net, g.given(t, "x", g.Inputs[0].Name, g.Inputs[0].Shape))
			want := g.columns(t, net, "inference/outputs", g.layerNames())[g.Outputs[0]]
			near(t, g.Outputs[0], got.Data, want, g.Tolerances.Outputs)
		})
	}
}

func openGradientGolden(t *testing.T, name string) *gradientGolden {
	t.Helper()
	base := filepath.Join(goldenDir, "gradients", name)
	g := &gradientGolden{Arrays: golden.Open(t, base+".npz")}
	text, err := os.ReadFile(base + ".json")
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(text, g); err != nil {
		t.Fatalf("%s.json: %v", base, err)
	}
	tol := g.Tolerances
	if g.Framework != "pytorch" || g.Batch < 1 || !(tol.Outputs > 0 && tol.Gradients > 0 && tol.Statistics > 0) ||
		len(g.Inputs) == 0 || len(g.Layers) == 0 || len(g.Seeds) < 2 || len(g.Outputs) == 0 || len(g.Params) == 0 {
		t.Fatalf("%s.json lacks something: %+v", base, g)
	}
	return g
}

// addLayers adds the layers to a builder that has the inputs. In training PyTorch ran
// without dropping anything.
func (g *gradientGolden) addLayers(t *testing.T, b *nn.Builder, training bool) *nn.Builder {
	t.Helper()
	for _, l := range g.Layers {
		read := golden.Kinds[l.Kind]
		if read == nil {
			t.Fatalf("no layer of kind %q is known here", l.Kind)
		}
		made, err := read(l.Settings)
		if err != nil {
			t.Fatal(err)
		}
		if _, ok := made.(layer.Dropout); ok && training {
			made = layer.Dropout{}
		}
		b.Add(l.Name, made, l.In...)
	}
	return b
}

func (g *gradientGolden) layerNames() (names []string) {
	for _, l := range g.Layers {
		names = append(names, l.Name)
	}
	return names
}

// begin sets the parameters to their start values, running statistics too.
func (g *gradientGolden) begin(t *testing.T, net *nn.Network) {
	t.Helper()
	if len(g.Params) != len(net.Params()) {
		t.Fatalf("the golden has %d parameters, the network %d", len(g.Params), len(net.Params()))
	}
	for name, values := range g.paramValues(t, net, "params", func(*nn.Param) bool { return true }) {
		copy(net.Param(name).Data, values)
	}
}

// paramValues cuts an array in which parameters are put end to end.
func (g *gradientGolden) paramValues(t *testing.T, net *nn.Network, key string, in func(*nn.Param) bool) map[string][]float32 {
	t.Helper()
	var list []*nn.Param
	size := 0
	for _, name := range g.Params {
		p := net.Param(name)
		if p == nil {
			t.Fatalf("the network has no parameter %q", name)
		}
		if in(p) {
			list = append(list, p)
			size += p.Shape.Size()
		}
	}
	all := g.Values(t, key, size)
	values := map[string][]float32{}
	for _, p := range list {
		n := p.Shape.Size()
		values[p.FullName()], all = all[:n], all[n:]
	}
	return values
}

// given is a tensor that the network is given: an input (group "x"), or a gradient ("seed").
func (g *gradientGolden) given(t *testing.T, group, name string, shape nn.Shape) *nn.Tensor {
	t.Helper()
	x := &nn.Tensor{Shape: append([]int{g.Batch}, shape...)}
	x.Data = g.Values(t, strings.Join([]string{group, name}, "/"), x.Shape...)
	return x
}

// shape is that of an input, or of a layer's output.
func (g *gradientGolden) shape(t *testing.T, net *nn.Network, name string) nn.Shape {
	t.Helper()
	for _, in := range g.Inputs {
		if in.Name == name {
			return in.Shape
		}
	}
	node := net.Node(name)
	if node == nil {
		t.Fatalf("the network has no layer %q", name)
	}
	return node.Shape
}

// columns cuts an array in which tensors (N, …) of these inputs and layers are put side
// by side, each sample's values in a row.
func (g *gradientGolden) columns(t *testing.T, net *nn.Network, key string, names []string) map[string][]float32 {
	t.Helper()
	width := 0
	for _, name := range names {
		width += g.shape(t, net, name).Size()
	}
	all := g.Values(t, key, g.Batch, width)
	values := map[string][]float32{}
	for at := 0; at < len(all); {
		for _, name := range names {
			n := g.shape(t, net, name).Size()
			values[name] = append(values[name], all[at:at+n]...)
			at += n
		}
	}
	return values
}
