package parity_test

import (
	"cmp"
	"encoding/json"
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/nn/activation"
	"github.com/gonn-toolkit/gonn/nn/layer"
	"github.com/gonn-toolkit/gonn/onnxio"
	"github.com/gonn-toolkit/gonn/onnxio/parity"
)

// cube is a network with maps of 12×12×12, and what its layers give, by their names.
func cube(t *testing.T) (*parity.Model, *parity.Recorded) {
	t.Helper()
	kernel := [2]int{3, 3}
	net, err := nn.Sequential(nn.Shape{3, 14, 14}, layer.Conv{Out: 12, Kernel: kernel}, activation.Must("mish"),
		layer.Conv{Out: 12, Kernel: kernel, Pads: [4]int{1, 1, 1, 1}}, activation.Must("leaky:0.1"), layer.Flatten{}, layer.Dense{Out: 5})
	if err != nil {
		t.Fatal(err)
	}
	return recordedLayers(t, net)
}

// recordedLayers is a network as a model, with random weights, and what its layers give for two
// samples, by their names.
func recordedLayers(t *testing.T, net *nn.Network) (*parity.Model, *parity.Recorded) {
	t.Helper()
	net.Init(nn.PyTorchInit, 3)
	m, err := parity.ModelOf(net)
	if err != nil {
		t.Fatal(err)
	}
	x := nn.NewTensor(append([]int{2}, net.InputShape()...)...)
	for i := range x.Data {
		x.Data[i] = float32(i*i%17)/8 - 1
	}
	r := &parity.Recorded{Source: "the test", Inputs: map[string]*nn.Tensor{m.Imported.Input: x}}
	if err := r.RecordLayers(m.Imported); err != nil {
		t.Fatal(err)
	}
	r.Expected, r.Order = r.Layers, r.LayerOrder
	r.Layers, r.LayerOrder = nil, nil
	return m, r
}

// channelsLast lays maps out as Keras does, and what is flattened too.
func channelsLast(t *testing.T, r *parity.Recorded, maps map[string]nn.Shape) {
	t.Helper()
	for name, shape := range maps {
		x := r.Expected[name]
		y, err := onnxio.AxisOrder{0, 2, 3, 1}.ToFile(&nn.Tensor{Shape: append([]int{x.Shape[0]}, shape...), Data: x.Data})
		if err != nil {
			t.Fatal(err)
		}
		if len(x.Shape) == 2 {
			y.Shape = x.Shape
		}
		r.Expected[name] = y
	}
}

// renamed gives the recorded values names that are nowhere in the file.
func renamed(r *parity.Recorded) map[string]string {
	names := map[string]string{"conv1": "first_conv", "act1": "first_mish", "conv2": "second_conv", "act2": "second_relu", "flatten": "flat", "dense": "fc"}
	expected := map[string]*nn.Tensor{}
	for i, name := range r.Order {
		expected[names[name]] = r.Expected[name]
		r.Order[i] = names[name]
	}
	r.Expected = expected
	return names
}

// Maps of 12×12×12 are placed rightly, whether their channels were recorded first or last, by
// the file's names or by others; so they are in a port with a bug.
func TestCubesArePlaced(t *testing.T) {
	map12 := nn.Shape{12, 12, 12}
	for _, last := range []bool{false, true} {
		for _, other := range []bool{false, true} {
			for _, bug := range []string{"", "conv1", "conv2"} {
				m, r := cube(t)
				if last {
					channelsLast(t, r, map[string]nn.Shape{"conv1": map12, "act1": map12, "conv2": map12, "act2": map12, "flatten": map12})
				}
				names := map[string]string{}
				if other {
					names = renamed(r)
				}
				if bug != "" {
					m = flipped(t, m, bug)
				}
				r.Expected[m.Imported.Output] = r.Expected[cmp.Or(names["dense"], "dense")]
				got := compareLayers(t, m.Graph, m.Imported, r, parity.Options{Why: true})
				where := fmt.Sprintf("channels last %v, other names %v, bug in %q", last, other, bug)
				if len(got.Layers) != 6 || len(got.Unplaced) > 0 || got.Equal != (bug == "") {
					t.Errorf("%s: left over %q\n%s", where, unplacedNames(got), got)
				}
				for _, l := range got.Layers {
					if l.Reference != cmp.Or(names[l.Layer], l.Layer) || (l.Verdict == parity.Wrong) != (l.Layer == bug) {
						t.Errorf("%s: %s is %s and has %q", where, l.Layer, l.Verdict, l.Reference)
					}
				}
				if bug != "" && (got.FirstWrong == nil || got.FirstWrong.Own != bug || got.Cause == nil || got.Cause.Kind != "kernel-flipped") {
					t.Errorf("%s: first wrong %+v, cause %+v", where, got.FirstWrong, got.Cause)
				}
			}
		}
	}
}

// Where other maps or vectors than cubes are recorded too, the order of axes of the cubes is that
// of the maps, and a bug in one cube is seen there alone.
func TestCubesLieAsOtherMaps(t *testing.T) {
	pads := [4]int{1, 1, 1, 1}
	for _, last := range []bool{false, true} {
		for _, other := range []bool{false, true} {
			net, err := nn.Sequential(nn.Shape{3, 12, 12}, layer.Conv{Out: 4, Kernel: [2]int{3, 3}, Pads: pads}, layer.Conv{Out: 12, Kernel: [2]int{3, 3}, Pads: pads}, layer.Flatten{},
				layer.Dense{Out: 9}, activation.Must("mish"), layer.Dense{Out: 8}, activation.Must("mish"), layer.Dense{Out: 5})
			if err != nil {
				t.Fatal(err)
			}
			m, r := recordedLayers(t, net)
			if last {
				channelsLast(t, r, map[string]nn.Shape{"conv1": {4, 12, 12}, "conv2": {12, 12, 12}, "flatten": {12, 12, 12}})
			}
			r.Expected[m.Imported.Output] = r.Expected["dense3"]
			if other {
				for i, name := range r.Order {
					r.Order[i] = "my_" + name
					r.Expected["my_"+name] = r.Expected[name]
					delete(r.Expected, name)
				}
			}
			m = flipped(t, m, "conv2")
			got := compareLayers(t, m.Graph, m.Imported, r, parity.Options{Why: true})
			for _, l := range got.Layers {
				if (l.Verdict == parity.Wrong) != (l.Layer == "conv2") {
					t.Errorf("channels last %v, other names %v: %s is %s", last, other, l.Layer, l.Verdict)
				}
			}
			if got.Cause == nil || got.Cause.Kind != "kernel-flipped" {
				t.Errorf("channels last %v, other names %v: %s", last, other, got)
			}
		}
	}
}

// flipped is the model with the kernels of a convolution turned over.
func flipped(t *testing.T, m *parity.Model, conv string) *parity.Model {
	t.Helper()
	net := m.Imported.Network.Clone()
	for v := net.Param(conv + ".weight").Data; len(v) > 0; v = v[9:] {
		slices.Reverse(v[:9])
	}
	port, err := parity.ModelOf(net)
	if err != nil {
		t.Fatal(err)
	}
	return port
}

// What is recorded and is no layer's is listed, with the reason; it changes nothing else.
func TestExtraTensorsAreLeftOver(t *testing.T) {
	m, r := cube(t)
	extra := map[string]*nn.Tensor{"loss": nn.NewTensor(), "labels": nn.NewTensor(2), "embedding": nn.NewTensor(2, 7), "map": nn.NewTensor(2, 4, 6, 6), "empty": nn.NewTensor(0, 5),
		"noise": nn.NewTensor(2, 12, 12, 12)}
	for name, x := range extra {
		for i := range x.Data {
			x.Data[i] = float32(i%5) - 1.5
		}
		r.Expected[name] = x
	}
	for _, order := range [][]string{nil, slices.Sorted(maps.Keys(r.Expected)), append(slices.Clone(r.Order), slices.Sorted(maps.Keys(extra))...)} {
		r.Order = order
		got := compareLayers(t, m.Graph, m.Imported, r, parity.Options{Truth: true, Why: true})
		if !got.Equal || !sameNames(unplacedNames(got), slices.Collect(maps.Keys(extra))) {
			t.Errorf("left over are %q: %s", unplacedNames(got), got)
		}
		for _, u := range got.Unplaced {
			if u.Why == "" || !u.Shape.Equal(extra[u.Name].Shape) {
				t.Errorf("%+v", u)
			}
		}
	}
}

// What cannot be compared is an error that says what and why.
func TestLayersErrors(t *testing.T) {
	tensor := func(shape ...int) *nn.Tensor { return nn.NewTensor(shape...) }
	for name, tc := range map[string]struct {
		change func(r *parity.Recorded)
		err    string
	}{
		"no input":               {func(r *parity.Recorded) { r.Inputs = map[string]*nn.Tensor{"image": tensor(2, 3, 14, 14)} }, `the model's input is called "input", the recorded data has image`},
		"input of another size":  {func(r *parity.Recorded) { r.Inputs["input"] = tensor(2, 3, 12, 12) }, "got (2, 3, 12, 12), need (N, 3, 14, 14)"},
		"input, channels last":   {func(r *parity.Recorded) { r.Inputs["input"] = tensor(2, 14, 14, 3) }, "got (2, 14, 14, 3), need (N, 3, 14, 14)"},
		"input without samples":  {func(r *parity.Recorded) { r.Inputs["input"] = tensor(0, 3, 14, 14) }, "got (0, 3, 14, 14), which has no samples"},
		"input of more samples":  {func(r *parity.Recorded) { r.Inputs["input"] = tensor(3, 3, 14, 14) }, `"dense" has shape (2, 5); layer dense gives (N, 5), of the 3 samples of the input`},
		"input without axes":     {func(r *parity.Recorded) { r.Inputs["input"] = tensor() }, `input "input": got (), need (N, 3, 14, 14)`},
		"input of NaN":           {func(r *parity.Recorded) { r.Inputs["input"].Data[15] = float32(math.NaN()) }, `input "input": it is NaN at [0 0 1 1]`},
		"no output":              {func(r *parity.Recorded) { delete(r.Expected, "dense") }, `no values of the model's output "logits"; it has "act1", "act2", "conv1", "conv2", "flatten"`},
		"output of more samples": {func(r *parity.Recorded) { r.Expected["logits"] = tensor(3, 5) }, "logits: got shape (2, 5), the reference has (3, 5)"},
		"output of another size": {func(r *parity.Recorded) { r.Expected["logits"] = tensor(2, 6) }, "logits: got shape (2, 5), the reference has (2, 6)"},
		"output without axes":    {func(r *parity.Recorded) { r.Expected["logits"] = tensor() }, "logits: got shape (2, 5), the reference has ()"},
	} {
		m, r := cube(t)
		tc.change(r)
		_, err := parity.Layers(t.Context(), m, r, parity.Options{Tolerance: mustParse(t, "close"), Truth: true, Plans: true, Why: true})
		if err == nil || !strings.Contains(err.Error(), tc.err) {
			t.Errorf("%s: error %v, want one with %q", name, err, tc.err)
		}
	}
}

// A value of one layer that does not fit, or is no number, is that layer's alone.
func TestValuesThatDoNotFit(t *testing.T) {
	nan, inf := float32(math.NaN()), float32(math.Inf(1))
	set := func(x *nn.Tensor, v ...float32) { copy(x.Data, v) }
	for name, tc := range map[string]struct {
		layer   string
		change  func(r *parity.Recorded)
		verdict parity.Verdict
		equal   bool
		why     string // it is left over
	}{
		"other batch":     {"conv2", func(r *parity.Recorded) { r.Expected["conv2"] = nn.NewTensor(3, 12, 12, 12) }, parity.NotRecorded, true, "of the 2 samples of the input"},
		"no samples":      {"conv2", func(r *parity.Recorded) { r.Expected["conv2"] = nn.NewTensor(0, 12, 12, 12) }, parity.NotRecorded, true, "of the 2 samples of the input"},
		"without axes":    {"conv2", func(r *parity.Recorded) { r.Expected["conv2"] = nn.NewTensor() }, parity.NotRecorded, true, "layer conv2 gives (N, 12, 12, 12)"},
		"another size":    {"conv2", func(r *parity.Recorded) { r.Expected["conv2"] = nn.NewTensor(2, 12, 11, 12) }, parity.Wrong, true, ""},
		"one NaN":         {"conv2", func(r *parity.Recorded) { set(r.Expected["conv2"], nan) }, parity.Wrong, true, ""},
		"one infinity":    {"conv2", func(r *parity.Recorded) { set(r.Expected["conv2"], 1, inf) }, parity.Wrong, true, ""},
		"NaN at the end":  {"dense", func(r *parity.Recorded) { set(r.Expected["dense"], 0, nan) }, parity.Wrong, false, ""},
		"only infinities": {"dense", func(r *parity.Recorded) { set(r.Expected["dense"], inf, inf, inf, inf, inf, inf, inf, inf, inf, inf) }, parity.Wrong, false, ""},
	} {
		m, r := cube(t)
		tc.change(r)
		got := compareLayers(t, m.Graph, m.Imported, r, parity.Options{Truth: true, Plans: true, Why: true})
		i := slices.IndexFunc(got.Layers, func(l parity.Layer) bool { return l.Layer == tc.layer })
		if got.Equal != tc.equal || got.Layers[i].Verdict != tc.verdict {
			t.Errorf("%s: %s is %s\n%s", name, tc.layer, got.Layers[i].Verdict, got)
		}
		if !tc.equal && (got.FirstWrong == nil || got.FirstWrong.Own != tc.layer || got.Cause != nil) {
			t.Errorf("%s: first wrong %+v, cause %+v", name, got.FirstWrong, got.Cause)
		}
		if left := len(got.Unplaced) == 1 && strings.Contains(got.Unplaced[0].Why, cmp.Or(tc.why, "?")); left != (tc.why != "") {
			t.Errorf("%s: left over %+v", name, got.Unplaced)
		}
		if _, err := json.Marshal(got); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}
