package onnxio

import (
	"slices"
	"strings"
	"testing"

	"github.com/gonn-toolkit/gonn/onnxio/graph"
)

// A file whose nodes stand in another order than they run in is the same network, and
// the import says so.
func TestImportTakesNodesInAnyOrder(t *testing.T) {
	whole := smallModel(t)
	want, err := Import(whole)
	if err != nil {
		t.Fatal(err)
	}
	slices.Reverse(whole.Graph.Nodes)
	m, err := graph.Read(whole.Bytes())
	if err != nil {
		t.Fatal(err)
	}
	im, err := Import(m)
	if err != nil {
		t.Fatal(err)
	}
	if !slices.ContainsFunc(im.Notes, func(n string) bool { return strings.Contains(n, "were sorted") }) {
		t.Errorf("the notes are %q", im.Notes)
	}
	_, y := run(t, im.Network, 2)
	if _, z := run(t, want.Network, 2); !slices.Equal(y.Data, z.Data) {
		t.Error("it computes something else")
	}
}
