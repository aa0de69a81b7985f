package conformance

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/gonn-toolkit/gonn/onnxio/graph"
)

func TestCore(t *testing.T) {
	root := t.TempDir()
	model := func(op, domain string) []byte {
		value := func(name string) []*graph.Value { return []*graph.Value{{Name: name, Type: graph.Float}} }
		opsets := []graph.Opset{{Version: 16}}
		if domain != "" {
			opsets = append(opsets, graph.Opset{Domain: domain, Version: 1})
		}
		m := &graph.Model{IRVersion: 8, Opsets: opsets, Graph: &graph.Graph{Name: "g",
			Inputs: value("x"), Outputs: value("y"), Nodes: []*graph.Node{
				{OpType: "Relu", Inputs: []string{"x"}, Outputs: []string{"h"}},
				{OpType: op, Domain: domain, Inputs: []string{"h"}, Outputs: []string{"y"}},
			}}}
		return m.Bytes()
	}
	want := map[string]bool{}
	for _, c := range []struct {
		id   string
		data []byte
		want bool
	}{
		{"node/test_a", model("Neg", ""), true},
		{"node/test_b", model("Sin", ""), false},
		{"node/test_c", model("Neg", "com.example"), false},
		{"node/test_identity_opt", []byte("?"), true},
		{"node/test_if_opt", []byte("?"), false},
		{"simple/test_a", model("Neg", ""), false},
	} {
		dir := filepath.Join(root, filepath.FromSlash(c.id))
		if err := os.MkdirAll(dir, 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, "model.onnx"), c.data, 0o666); err != nil {
			t.Fatal(err)
		}
		want[c.id] = c.want
	}
	cases, err := Find(root)
	if err != nil || len(cases) != len(want) {
		t.Fatalf("cases are %v, %v", cases, err)
	}
	for _, c := range cases {
		if got := Core(c); got != want[c.ID()] {
			t.Errorf("%s: %v", c.ID(), got)
		}
	}
}
