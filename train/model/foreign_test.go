package model_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/onnxio/engine"
	"github.com/gonn-toolkit/gonn/onnxio/graph"
	"github.com/gonn-toolkit/gonn/train/model"
)

// What Prepare opens is closed when it is called again, and by Close.
func TestPrepareClosesWhatItOpenedBefore(t *testing.T) {
	open := []graph.Dim{{Param: "N"}, {Size: 1}, {Param: "H"}, {Param: "W"}}
	g := &graph.Model{IRVersion: 8, Opsets: []graph.Opset{{Version: 16}}, Graph: &graph.Graph{Name: "g",
		Inputs:  []*graph.Value{{Name: "x", Type: graph.Float, HasShape: true, Shape: open}},
		Outputs: []*graph.Value{{Name: "y", Type: graph.Float}},
		Nodes: []*graph.Node{{OpType: "Sin", Inputs: []string{"x"}, Outputs: []string{"s"}},
			{OpType: "GlobalAveragePool", Inputs: []string{"s"}, Outputs: []string{"y"}}}}}
	path := filepath.Join(t.TempDir(), "sin.onnx")
	if err := os.WriteFile(path, g.Bytes(), 0o666); err != nil {
		t.Fatal(err)
	}
	m, err := model.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := m.Close(); err != nil { // nothing is open
		t.Fatal(err)
	}
	samples := func(size int) nn.Samples {
		s, err := nn.NewTensorSamples(nn.NewTensor(1, 1, size, size), []int{0}, 2)
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
	var heads []*engine.Classifier
	for _, size := range []int{4, 5} {
		if err := m.Prepare(engine.Options{Sample: nn.Shape{1, size, size}}); err != nil {
			t.Fatal(err)
		}
		heads = append(heads, m.Foreign.Head)
		if _, err := m.Foreign.Head.Outputs(samples(size), 1); err != nil {
			t.Fatal(err)
		}
	}
	if err := m.Close(); err != nil || m.Foreign.Head != nil {
		t.Errorf("%v, head %v", err, m.Foreign.Head)
	}
	for i, head := range heads {
		if _, err := head.Outputs(samples(4+i), 1); err == nil || !strings.Contains(err.Error(), "closed") {
			t.Errorf("head %d: error %v", i, err)
		}
	}
}

// A file that contradicts its opset is run, and a note says what it contradicts.
func TestContradictionsAreNoted(t *testing.T) {
	g := &graph.Model{IRVersion: 8, Opsets: []graph.Opset{{Version: 17}}, Graph: &graph.Graph{Name: "g",
		Inputs:  []*graph.Value{{Name: "x", Type: graph.Float, HasShape: true, Shape: []graph.Dim{{Param: "N"}, {Size: 4}}}},
		Outputs: []*graph.Value{{Name: "y", Type: graph.Float}},
		Nodes:   []*graph.Node{{OpType: "Gelu", Inputs: []string{"x"}, Outputs: []string{"y"}}}}}
	path := filepath.Join(t.TempDir(), "gelu.onnx")
	if err := os.WriteFile(path, g.Bytes(), 0o666); err != nil {
		t.Fatal(err)
	}
	m, err := model.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	const want = "ONNX has the operator Gelu from opset 20 on, the file states opset 17"
	if notes := strings.Join(m.Notes(), "\n"); m.Foreign == nil || !strings.Contains(notes, want) {
		t.Errorf("notes %q do not say %q", notes, want)
	}
}
