package conformance

import (
	"errors"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"google.golang.org/protobuf/encoding/protowire"

	"github.com/gonn-toolkit/gonn/onnxio/graph"
	"github.com/gonn-toolkit/gonn/onnxio/reference"
)

// tensorProto is a FLOAT tensor with one axis, as a file.
func tensorProto(v ...float32) []byte {
	b := protowire.AppendVarint(protowire.AppendTag(nil, 1, protowire.VarintType), uint64(len(v)))                    // dims
	b = protowire.AppendVarint(protowire.AppendTag(b, 2, protowire.VarintType), uint64(graph.Float))                  // data_type
	return protowire.AppendBytes(protowire.AppendTag(b, 9, protowire.BytesType), graph.Float32Tensor("", nil, v).Raw) // raw_data
}

// writeCase makes DIR/suite/test_neg, whose expected output is as given.
func writeCase(t *testing.T, want []byte) string {
	t.Helper()
	root := t.TempDir()
	set := filepath.Join(root, "suite", "test_neg", "test_data_set_0")
	if err := os.MkdirAll(set, 0o777); err != nil {
		t.Fatal(err)
	}
	value := func(name string) []*graph.Value { return []*graph.Value{{Name: name, Type: graph.Float}} }
	m := &graph.Model{IRVersion: 8, Opsets: []graph.Opset{{Version: 16}}, Graph: &graph.Graph{Name: "g", Inputs: value("x"), Outputs: value("y"),
		Nodes: []*graph.Node{{OpType: "Neg", Inputs: []string{"x"}, Outputs: []string{"y"}}}}}
	for path, b := range map[string][]byte{
		filepath.Join(root, "suite", "test_neg", "model.onnx"): m.Bytes(),
		filepath.Join(set, "input_0.pb"):                       tensorProto(1, float32(math.Inf(1))),
		filepath.Join(set, "output_0.pb"):                      want,
	} {
		if err := os.WriteFile(path, b, 0o666); err != nil {
			t.Fatal(err)
		}
	}
	return root
}

func run(m *graph.Model) (Run, error) {
	e, err := reference.New(m)
	if err != nil {
		return nil, err
	}
	return e.Run, nil
}

func TestCheck(t *testing.T) {
	for _, c := range []struct {
		want []byte
		err  string
	}{
		{tensorProto(-1, float32(math.Inf(-1))), ""},
		{tensorProto(-1.0009, float32(math.Inf(-1))), ""},
		{tensorProto(-1.002, float32(math.Inf(-1))), "element 0 of shape [2] is -1"},
		{tensorProto(-1, math.MaxFloat32), "element 1 of shape [2] is -Inf"},
		{tensorProto(-1), "not FLOAT of shape [1]"},
		{[]byte("?"), "reading data"},
	} {
		cases, err := Find(writeCase(t, c.want))
		if err != nil || len(cases) != 1 || cases[0].ID() != "suite/test_neg" {
			t.Fatalf("cases are %v, %v", cases, err)
		}
		switch err := cases[0].Check(run); {
		case c.err == "" && err != nil:
			t.Errorf("error is %v", err)
		case c.err != "" && (err == nil || !strings.Contains(err.Error(), c.err)):
			t.Errorf("error is %v, want one with %q", err, c.err)
		}
	}
	if _, err := Find(t.TempDir()); err == nil {
		t.Error("a folder without cases is taken")
	}
}

// TestPrepare tells what cannot be prepared from what cannot be run.
func TestPrepare(t *testing.T) {
	cases, err := Find(writeCase(t, tensorProto(-1, 0)))
	if err != nil {
		t.Fatal(err)
	}
	broken := errors.New("broken")
	errs := []error{
		cases[0].Check(func(*graph.Model) (Run, error) { return nil, broken }),
		cases[0].Check(func(*graph.Model) (Run, error) {
			return func(map[string]*reference.Tensor) (map[string]*reference.Tensor, error) { return nil, broken }, nil
		}),
		cases[0].Check(func(*graph.Model) (Run, error) {
			return func(map[string]*reference.Tensor) (map[string]*reference.Tensor, error) { return nil, nil }, nil
		}),
	}
	for i, want := range []string{"preparing: broken", "running: broken", "there is none"} {
		if errs[i] == nil || !strings.Contains(errs[i].Error(), want) {
			t.Errorf("error is %v, want one with %q", errs[i], want)
		}
	}
}
