package model_test

import (
	"os"
	"strings"
	"testing"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/nn/layer"
	"github.com/gonn-toolkit/gonn/onnxio/graph"
)

// The graph of a file is kept until it is released, at the size that was asked for where the
// file leaves that open.
func TestONNXIsTheFile(t *testing.T) {
	pool, err := nn.Sequential(nn.Shape{1, 8, 8}, layer.Conv{Out: 2, Kernel: [2]int{3, 3}}, layer.GlobalAveragePool{}, layer.Flatten{})
	if err != nil {
		t.Fatal(err)
	}
	m := write(t, pool, nil, func(g *graph.Model) {
		g.Graph.Inputs[0].Shape[2] = graph.Dim{Param: "h"}
		for _, v := range g.Graph.ValueInfo {
			v.HasShape, v.Shape = false, nil
		}
	})
	if err := os.Remove(m.Name); err != nil {
		t.Fatal(err)
	}
	for _, height := range []int64{9, 12} {
		m.Fix(nn.Shape{1, int(height), 8})
		g, err := m.ONNX()
		if err != nil {
			t.Fatal(err)
		}
		if dims := g.Graph.Inputs[0].Shape; dims[2].Size != height || dims[3].Size != 8 || dims[0].Known() {
			t.Errorf("height %d: the file takes %v", height, dims)
		}
		if !m.Net.InputShape().Equal(nn.Shape{1, int(height), 8}) {
			t.Errorf("height %d: the network takes %v", height, m.Net.InputShape())
		}
	}
	if m.Release(); m.Net == nil {
		t.Error("the network is gone")
	}
	if _, err := m.ONNX(); err == nil || !strings.Contains(err.Error(), "released") {
		t.Errorf("after Release: %v", err)
	}
}

// Samples are held against what the model takes, and what helps is said.
func TestCheckSamples(t *testing.T) {
	m := write(t, dense(t, 2), nil, nil)
	for _, tc := range []struct {
		shape nn.Shape
		want  string
	}{
		{nn.Shape{1, 2, 2}, ""},
		{nn.Shape{1, 3, 4}, "the network takes samples of shape (1, 2, 2), those of set have (1, 3, 4): pictures get that size by --resize squash:2x2, or by crop or pad, which keep their proportions"},
		{nn.Shape{1, 4, 4}, "--resize squash:2x2"},
		{nn.Shape{3, 2, 2}, "choose data of that shape"},
		{nn.Shape{4}, "choose data of that shape"},
	} {
		if err := m.CheckSamples("set", tc.shape); (err == nil) != (tc.want == "") || err != nil && !strings.Contains(err.Error(), tc.want) {
			t.Errorf("%v: %v, want %q", tc.shape, err, tc.want)
		}
	}
}
