package parity_test

import (
	"encoding/binary"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/onnxio"
	"github.com/gonn-toolkit/gonn/onnxio/engine"
	"github.com/gonn-toolkit/gonn/onnxio/graph"
	"github.com/gonn-toolkit/gonn/onnxio/parity"
)

// ends are those of the study's networks.
var ends = parity.Ends{Inputs: []string{"input"}, Outputs: []string{"logits"}}

var golden = filepath.Join("..", "..", "testdata", "golden", "pytorch")

func load(t *testing.T, elem ...string) (*onnxio.Imported, string) {
	t.Helper()
	path := filepath.Join(append([]string{golden}, elem...)...)
	im, err := onnxio.Load(path)
	if err != nil {
		t.Fatal(err)
	}
	return im, path
}

// gonn gives the logits that PyTorch recorded, from .npz and from ONNX's own test
// folders.
func TestReplayMatchesPyTorch(t *testing.T) {
	im, _ := load(t, "prelu-element", "dynamo.onnx")
	r, err := parity.ReadRecorded(filepath.Join(golden, "recorded", "inputs.npz"), filepath.Join(golden, "recorded", "prelu-element", "expected.npz"))
	if err != nil {
		t.Fatal(err)
	}
	expectEqual(t, im, r)

	im, path := load(t, "mish-testdata", "model.onnx")
	sets, err := parity.FindRecorded(path, ends)
	if err != nil || len(sets) != 1 {
		t.Fatalf("%d sets, error %v; want 1", len(sets), err)
	}
	expectEqual(t, im, sets[0])

	// A changed weight is found.
	im.Network.Param("conv2.weight").Data[0] += 0.5
	res, err := parity.Replay(engine.Recovered(im), ends, sets[0], mustParse(t, "close"))
	if err != nil || res[0].Equal {
		t.Errorf("a changed weight passes: %+v, %v", res, err)
	}
}

func expectEqual(t *testing.T, im *onnxio.Imported, r *parity.Recorded) {
	t.Helper()
	res, err := parity.Replay(engine.Recovered(im), ends, r, mustParse(t, "close"))
	if err != nil {
		t.Fatal(err)
	}
	if len(res) != 1 || !res[0].Equal || res[0].Name != "logits" || res[0].Scale == 0 {
		t.Errorf("%+v", res)
	}
	t.Logf("%s: largest error %.3g on a scale of %.3g", r.Source, res[0].MaxError, res[0].Scale)
}

func TestReplayErrors(t *testing.T) {
	im, _ := load(t, "mish", "torchscript.onnx")
	one := func(name string, x *nn.Tensor) map[string]*nn.Tensor { return map[string]*nn.Tensor{name: x} }
	x, y := nn.NewTensor(2, 1, 28, 28), nn.NewTensor(2, 10)
	for name, tc := range map[string]struct {
		r   parity.Recorded
		err string
	}{
		"wrong input name":  {parity.Recorded{Inputs: one("image", x), Expected: one("logits", y)}, `called "input", the recorded data has image`},
		"wrong output name": {parity.Recorded{Inputs: one("input", x), Expected: one("scores", y)}, `called "logits", the recorded data has scores`},
		"wrong input shape": {parity.Recorded{Inputs: one("input", nn.NewTensor(2, 1, 14, 14)), Expected: one("logits", y)}, "(2, 1, 14, 14)"},
		"wrong batch":       {parity.Recorded{Inputs: one("input", x), Expected: one("logits", nn.NewTensor(3, 10))}, "got shape (2, 10), the reference has (3, 10)"},
	} {
		if _, err := parity.Replay(engine.Recovered(im), ends, &tc.r, parity.Tolerance{}); err == nil || !strings.Contains(err.Error(), tc.err) {
			t.Errorf("%s: error %v, want one with %q", name, err, tc.err)
		}
	}
	if _, err := parity.ReadRecorded("a.csv", "b.npy"); err == nil || !strings.Contains(err.Error(), ".npy or .npz") {
		t.Errorf("a.csv: error %v", err)
	}
}

// input_k.pb is the k-th input, whatever the tensor is called; all outputs are compared.
func TestReplayOfSeveralInputsAndOutputs(t *testing.T) {
	dir := t.TempDir()
	value := func(name string) *graph.Value { return &graph.Value{Name: name, Type: graph.Float} }
	m := &graph.Model{IRVersion: 8, Opsets: []graph.Opset{{Version: 16}}, Graph: &graph.Graph{
		Inputs: []*graph.Value{value("a"), value("w"), value("b")},
		Nodes: []*graph.Node{
			{OpType: "Sub", Inputs: []string{"a", "b"}, Outputs: []string{"d"}},
			{OpType: "Mul", Inputs: []string{"d", "w"}, Outputs: []string{"p"}},
		},
		Outputs: []*graph.Value{value("p"), value("d")},
	}}
	ten, err := graph.FromFloat64s("w", graph.Float, []int64{1}, []float64{10})
	if err != nil {
		t.Fatal(err)
	}
	m.Graph.Initializers = []*graph.Tensor{ten}
	ends := parity.EndsOf(m)
	if !slices.Equal(ends.Inputs, []string{"a", "b"}) || !slices.Equal(ends.Outputs, []string{"p", "d"}) {
		t.Fatalf("%+v", ends)
	}
	set := filepath.Join(dir, "test_data_set_0")
	if err := os.Mkdir(set, 0o777); err != nil {
		t.Fatal(err)
	}
	write := func(file string, v float32) {
		// A TensorProto: dims 1, data_type FLOAT, raw_data of 4 bytes; no name.
		b := binary.LittleEndian.AppendUint32([]byte{0x08, 1, 0x10, 1, 0x4a, 4}, math.Float32bits(v))
		if err := os.WriteFile(filepath.Join(set, file), b, 0o666); err != nil {
			t.Fatal(err)
		}
	}
	write("input_0.pb", 5)
	write("input_1.pb", 3)
	write("output_0.pb", 20)
	find := func() ([]*parity.Recorded, error) { return parity.FindRecorded(filepath.Join(dir, "model.onnx"), ends) }
	if _, err := find(); err == nil || !strings.Contains(err.Error(), "output_1.pb") {
		t.Errorf("an output is missing: %v", err)
	}
	write("output_1.pb", 2.5)
	sets, err := find()
	if err != nil || len(sets) != 1 {
		t.Fatalf("%d sets, %v", len(sets), err)
	}
	s, err := engine.Reference{}.Open(m)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	res, err := parity.Replay(s, ends, sets[0], parity.Tolerance{})
	if err != nil || len(res) != 2 {
		t.Fatalf("%+v, %v", res, err)
	}
	if res[0].Name != "p" || !res[0].Equal || res[1].Name != "d" || res[1].Equal || res[1].MaxError != 0.5 {
		t.Errorf("%+v", res)
	}
	unnamed := *sets[0]
	unnamed.Inputs = map[string]*nn.Tensor{"": unnamed.Inputs["a"]}
	if _, err := parity.Replay(s, ends, &unnamed, parity.Tolerance{}); err == nil || !strings.Contains(err.Error(), "the model has 2 inputs, a, b, the recorded data one without a name") {
		t.Errorf("one .npy for two inputs: %v", err)
	}
	write("input_2.pb", 3)
	if _, err := find(); err == nil || !strings.Contains(err.Error(), "the model has only 2 inputs") {
		t.Errorf("an input too many: %v", err)
	}
}

// Whole numbers in ONNX's test folders are read as what they are.
func TestReplayOfWholeNumbers(t *testing.T) {
	for _, typ := range []graph.DataType{graph.Uint8, graph.Int32, graph.Int64, graph.Bool} {
		dir := t.TempDir()
		set := filepath.Join(dir, "test_data_set_0")
		if err := os.Mkdir(set, 0o777); err != nil {
			t.Fatal(err)
		}
		// A TensorProto: dims 2, its type, and int32_data or int64_data 1, 0.
		field := byte(0x2a)
		if typ == graph.Int64 {
			field = 0x3a
		}
		for _, file := range []string{"input_0.pb", "output_0.pb"} {
			if err := os.WriteFile(filepath.Join(set, file), []byte{0x08, 2, 0x10, byte(typ), field, 2, 1, 0}, 0o666); err != nil {
				t.Fatal(err)
			}
		}
		m := &graph.Model{IRVersion: 8, Opsets: []graph.Opset{{Version: 16}}, Graph: &graph.Graph{
			Inputs:  []*graph.Value{{Name: "x", Type: typ}},
			Nodes:   []*graph.Node{{OpType: "Identity", Inputs: []string{"x"}, Outputs: []string{"y"}}},
			Outputs: []*graph.Value{{Name: "y", Type: typ}},
		}}
		sets, err := parity.FindRecorded(filepath.Join(dir, "model.onnx"), parity.EndsOf(m))
		if err != nil {
			t.Fatal(err)
		}
		s, err := engine.Reference{}.Open(m)
		if err != nil {
			t.Fatal(err)
		}
		res, err := parity.Replay(s, parity.EndsOf(m), sets[0], parity.Tolerance{})
		if err != nil || len(res) != 1 || !res[0].Equal || res[0].Scale != 1 {
			t.Errorf("%v: %+v, %v", typ, res, err)
		}
	}
}
