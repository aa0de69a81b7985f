package graph

import (
	"fmt"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
)

// Each pair of files is a model with functions and the same one with all of them
// inlined by the tools of ONNX (testdata/ref/golden_functions.py). Names of inner
// values differ.
func TestFunctionsBecomeWhatONNXsInlinerMakesOfThem(t *testing.T) {
	const dir = "../../testdata/golden/graph/functions"
	paths, err := filepath.Glob(filepath.Join(dir, "*.flat.onnx"))
	if err != nil || len(paths) < 9 {
		t.Fatalf("found %v, %v", paths, err)
	}
	for _, path := range paths {
		name := strings.TrimSuffix(path, ".flat.onnx")
		t.Run(filepath.Base(name), func(t *testing.T) {
			want, err := ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			got, err := ReadFile(name + ".onnx")
			if err != nil {
				t.Fatal(err)
			}
			if !reflect.DeepEqual(got.Opsets, want.Opsets) {
				t.Errorf("opsets %v, want %v", got.Opsets, want.Opsets)
			}
			r := renaming{to: map[string]string{"": ""}, from: map[string]string{"": ""}}
			if err := r.graphs(got.Graph, want.Graph); err != nil {
				t.Error(err)
			}
			for _, v := range append(want.Graph.Inputs, want.Graph.Outputs...) {
				if r.to[v.Name] != v.Name {
					t.Errorf("%q of the graph became %q", v.Name, r.from[v.Name])
				}
			}
			if err := tryRead(got.Bytes()); err != nil {
				t.Error(err)
			}
			if err := got.Check(); err != nil {
				t.Error(err)
			}
		})
	}
}

// renaming is the names of one graph for those of another, one to one.
type renaming struct{ to, from map[string]string }

func (r renaming) same(a, b string) error {
	to, known := r.to[a]
	from, taken := r.from[b]
	switch {
	case !known && !taken:
		r.to[a], r.from[b] = b, a
	case to != b || from != a:
		return fmt.Errorf("%q stands where %q should: it is %q elsewhere", a, b, to)
	}
	return nil
}

// graphs compares got with want but for the names.
func (r renaming) graphs(got, want *Graph) error {
	if len(got.Nodes) != len(want.Nodes) || len(got.Inputs) != len(want.Inputs) || len(got.Outputs) != len(want.Outputs) {
		return fmt.Errorf("graph %q has %d nodes, want %d", got.Name, len(got.Nodes), len(want.Nodes))
	}
	for i, v := range got.Inputs {
		if err := r.same(v.Name, want.Inputs[i].Name); err != nil {
			return err
		}
	}
	for i, n := range got.Nodes {
		if err := r.nodes(n, want.Nodes[i]); err != nil {
			return fmt.Errorf("node %d: %w", i, err)
		}
	}
	for i, v := range got.Outputs {
		if err := r.same(v.Name, want.Outputs[i].Name); err != nil {
			return err
		}
	}
	return nil
}

func (r renaming) nodes(got, want *Node) error {
	if got.OpType != want.OpType || got.Domain != want.Domain || len(got.Attrs) != len(want.Attrs) ||
		len(got.Inputs) != len(want.Inputs) || len(got.Outputs) != len(want.Outputs) {
		return fmt.Errorf("got %+v, want %+v", got, want)
	}
	for i, name := range got.Inputs {
		if err := r.same(name, want.Inputs[i]); err != nil {
			return err
		}
	}
	for i, a := range got.Attrs {
		b := want.Attrs[i]
		g, isGraph := a.Value.(*Graph)
		switch {
		case a.Name != b.Name || a.Kind() != b.Kind():
			return fmt.Errorf("attribute %+v, want %+v", a, b)
		case isGraph:
			if err := r.graphs(g, b.Value.(*Graph)); err != nil {
				return err
			}
		case !reflect.DeepEqual(a.Value, b.Value):
			return fmt.Errorf("attribute %+v, want %+v", a, b)
		}
	}
	for i, name := range got.Outputs {
		if err := r.same(name, want.Outputs[i]); err != nil {
			return err
		}
	}
	return nil
}
