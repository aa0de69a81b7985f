package onnxio

import (
	"strings"
	"testing"

	"github.com/gonn-toolkit/gonn/onnxio/graph"
)

// Files that fuzzing found to be misread, as changes of one that is read.
func TestFoundByFuzzingIsRefused(t *testing.T) {
	for _, tt := range []struct {
		name   string
		change func(g *graph.Graph)
		want   string
	}{
		{"the negative of a constant", func(g *graph.Graph) {
			g.Nodes[0].OpType, g.Nodes[0].Inputs, g.Nodes[0].Attrs = "Neg", g.Nodes[0].Inputs[1:2], nil
		}, `PRelu "act1" (its input "conv" is a constant)`},
	} {
		t.Run(tt.name, func(t *testing.T) {
			m := smallModel(t)
			tt.change(m.Graph)
			im, err := Import(m)
			if im != nil || err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("got %v and error %v, want %q", im, err, tt.want)
			}
		})
	}
}
