package parity_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/nn/activation"
	"github.com/gonn-toolkit/gonn/nn/layer"
	"github.com/gonn-toolkit/gonn/onnxio"
	"github.com/gonn-toolkit/gonn/onnxio/graph"
	"github.com/gonn-toolkit/gonn/onnxio/parity"
)

// sharing is a network with one ReLU and one pool that PyTorch calls several times, in place, and
// what its layers give. change is made to the network afterwards.
func sharing(t *testing.T, change func(m *parity.Model) *parity.Model) (*parity.Model, *parity.Recorded) {
	t.Helper()
	conv, pool := layer.Conv{Out: 6, Kernel: [2]int{3, 3}, Pads: [4]int{1, 1, 1, 1}}, layer.MaxPool{Kernel: [2]int{2, 2}, Stride: [2]int{2, 2}}
	net, err := nn.NewBuilder(nil).Input("input", nn.Shape{3, 8, 8}).
		Add("conv1", conv, "input").Add("bn1", layer.BatchNorm{}, "conv1").Add("r1", activation.Must("relu"), "bn1").Add("p1", pool, "r1").
		Add("conv2", conv, "p1").Add("bn2", layer.BatchNorm{}, "conv2").Add("r2", activation.Must("relu"), "bn2").
		Add("conv3", conv, "r2").Add("bn3", layer.BatchNorm{}, "conv3").Add("sum", layer.Add{}, "bn3", "r2").Add("r3", activation.Must("relu"), "sum").Add("p2", pool, "r3").
		Add("flat", layer.Flatten{}, "p2").Add("fc", layer.Dense{Out: 5}, "flat").Build()
	if err != nil {
		t.Fatal(err)
	}
	m, r := recordedLayers(t, net)
	r.Expected[m.Imported.Output] = r.Expected["fc"]
	return byPyTorch(t, change(m).Imported.Network), r
}

// module is the name of the module that a layer of sharing is a call of, "" for none.
func module(layer string) string {
	switch layer {
	case "r1", "r2", "r3":
		return "relu"
	case "p1", "p2":
		return "pool"
	case "sum", "flat":
		return ""
	}
	return layer
}

// byPyTorch is a network as a file of PyTorch's exporter, which names values by operators and says
// which modules nodes come from.
func byPyTorch(t *testing.T, net *nn.Network) *parity.Model {
	t.Helper()
	g, err := onnxio.Export(net, onnxio.EncodeOptions{})
	if err != nil {
		t.Fatal(err)
	}
	im, err := onnxio.Import(g)
	if err != nil {
		t.Fatal(err)
	}
	called, used := map[string]string{}, map[string]bool{}
	for _, l := range im.Layers {
		for _, n := range l.Nodes {
			name := strings.ToLower(n.OpType)
			for k := 1; used[name]; k++ {
				name = fmt.Sprintf("%s_%d", strings.ToLower(n.OpType), k)
			}
			n.Metadata = []graph.Meta{{Key: "pkg.torch.onnx.name_scopes", Value: fmt.Sprintf("['', '%s', '%s']", module(l.Name), name)}}
			if n.Outputs[0] != im.Output {
				called[n.Outputs[0]] = name
			}
			n.Name, used[name] = "node_"+name, true
		}
	}
	for _, n := range g.Graph.Nodes {
		for _, names := range [][]string{n.Inputs, n.Outputs} {
			for i, name := range names {
				if to, ok := called[name]; ok {
					names[i] = to
				}
			}
		}
	}
	g.Producer = "pytorch"
	if im, err = onnxio.Import(g); err != nil {
		t.Fatal(err)
	}
	return &parity.Model{Graph: g, Imported: im}
}

// recordedBy is what hooks of PyTorch record of sharing: numbered or each module once, by its last
// call; and where modules work in place, copied or overwritten.
func recordedBy(r *parity.Recorded, numbered, copied bool) *parity.Recorded {
	hooks := &parity.Recorded{Source: "the test", Inputs: r.Inputs, Expected: map[string]*nn.Tensor{}}
	calls := map[string]int{}
	over := map[string]string{"bn1": "r1", "bn2": "r2", "bn3": "r3"}
	for _, l := range r.Order {
		name, x := module(l), r.Expected[l]
		if name == "" {
			continue
		}
		if by, ok := over[l]; ok && !copied {
			x = r.Expected[by]
		}
		if calls[name]++; numbered && calls[name] > 1 {
			name = fmt.Sprintf("%s#%d", name, calls[name])
		}
		if hooks.Expected[name] == nil {
			hooks.Order = append(hooks.Order, name)
		}
		hooks.Expected[name] = x
	}
	hooks.Expected["logits"] = r.Expected["logits"]
	hooks.Order = append(hooks.Order, "logits")
	return hooks
}

// Modules that are called several times or work in place are not accused, however they were
// recorded, and a bug is found all the same.
func TestModulesCalledAgainAndInPlace(t *testing.T) {
	for _, numbered := range []bool{true, false} {
		for _, copied := range []bool{true, false} {
			for _, bug := range []string{"", "conv1", "conv2"} {
				m, all := sharing(t, func(m *parity.Model) *parity.Model {
					if bug == "" {
						return m
					}
					return flipped(t, m, bug)
				})
				r := recordedBy(all, numbered, copied)
				where := fmt.Sprintf("numbered %v, copied %v, bug in %q", numbered, copied, bug)
				got := compareLayers(t, m.Graph, m.Imported, r, parity.Options{Truth: true, Why: true})
				if got.Equal != (bug == "") {
					t.Errorf("%s:\n%s", where, got)
				}
				recorded := 0
				for _, l := range got.Layers {
					if l.Verdict != parity.NotRecorded {
						recorded++
					}
					if (l.Verdict == parity.Wrong) != (l.Layer == bug) {
						t.Errorf("%s: %s is %s (%s)", where, l.Layer, l.Verdict, l.Reference)
					}
				}
				if numbered && copied && recorded != len(got.Layers)-2 {
					t.Errorf("%s: %d of %d layers have a recorded value", where, recorded, len(got.Layers))
				}
				if bug != "" && (got.FirstWrong == nil || got.FirstWrong.Own != bug || got.Cause == nil || got.Cause.Kind != "kernel-flipped") {
					t.Errorf("%s: first wrong %+v, cause %+v", where, got.FirstWrong, got.Cause)
				}
				for _, u := range got.Unplaced {
					if !copied && strings.HasPrefix(u.Name, "bn") && !strings.Contains(u.Why, "in place") {
						t.Errorf("%s: %q is left over since %s", where, u.Name, u.Why)
					}
				}
			}
		}
	}
}

// A bug in a layer whose value was overwritten is not that of the layer behind alone.
func TestBugBehindAnOverwrittenValue(t *testing.T) {
	m, all := sharing(t, func(m *parity.Model) *parity.Model {
		for i := range m.Imported.Network.Param("bn2.bias").Data {
			m.Imported.Network.Param("bn2.bias").Data[i] += 0.4 + 0.1*float32(i)
		}
		return m
	})
	got := compareLayers(t, m.Graph, m.Imported, recordedBy(all, true, false), parity.Options{})
	if f := got.FirstWrong; f == nil || f.Layer != "bn2" && !slices.Contains(f.With, "bn2") {
		t.Errorf("first wrong %+v\n%s", f, got)
	}
	if !strings.Contains(got.Answer, "bn2") {
		t.Error(got.Answer)
	}
	for _, l := range got.Layers { // the sum of the next block is not accused of it
		if l.Kind == "Add" && l.Verdict == parity.Wrong {
			t.Errorf("%s is %s", l.Layer, l.Verdict)
		}
	}
}
