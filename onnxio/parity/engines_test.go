package parity_test

import (
	"path/filepath"
	"testing"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/onnxio/engine"
	"github.com/gonn-toolkit/gonn/onnxio/parity"
)

// An engine's values of all layers are a reference: every layer of a file of Keras's is held,
// by the file's own values, N, H, W, C among them.
func TestRecordOnHoldsEveryLayer(t *testing.T) {
	dir := filepath.Join(exported, "keras-tf", "depthwise-prelu-channel-module")
	m, err := parity.OpenModel(filepath.Join(dir, "model.onnx"))
	if err != nil {
		t.Fatal(err)
	}
	in := &parity.Recorded{Inputs: map[string]*nn.Tensor{m.Imported.Input: tensors(t, filepath.Join(dir, "recorded.npz"))["input"]}}
	r, err := parity.RecordOn(engine.Reference{}, m, in)
	if err != nil {
		t.Fatal(err)
	}
	report := parity.Check(t, m, r, parity.Options{})
	for _, l := range report.Layers {
		if l.Verdict != parity.Equal {
			t.Errorf("layer %s: %s", l.Layer, l.Verdict)
		}
	}
	if len(report.Unplaced) > 0 {
		t.Errorf("unplaced: %v", report.Unplaced)
	}
}
