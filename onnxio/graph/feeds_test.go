package graph_test

import (
	"testing"

	"github.com/gonn-toolkit/gonn/onnxio/graph"
)

func TestFeedsLeavesOutInputsWithValues(t *testing.T) {
	g := &graph.Graph{
		Inputs:       []*graph.Value{{Name: "w"}, {Name: "x"}, {Name: "b"}, {Name: "y"}},
		Initializers: []*graph.Tensor{{Name: "b"}, {Name: "w"}, {Name: "c"}},
	}
	feeds := g.Feeds()
	if len(feeds) != 2 || feeds[0].Name != "x" || feeds[1].Name != "y" {
		t.Errorf("%v", feeds)
	}
}
