package parity_test

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/onnxio"
	"github.com/gonn-toolkit/gonn/onnxio/parity"
)

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
	sets, err := parity.FindRecorded(path)
	if err != nil || len(sets) != 1 {
		t.Fatalf("%d sets, error %v; want 1", len(sets), err)
	}
	expectEqual(t, im, sets[0])

	// A changed weight is found.
	im.Network.Param("conv2.weight").Data[0] += 0.5
	res, err := parity.Replay(im, sets[0], mustParse(t, "close"))
	if err != nil || res[0].Equal {
		t.Errorf("a changed weight passes: %+v, %v", res, err)
	}
}

func expectEqual(t *testing.T, im *onnxio.Imported, r *parity.Recorded) {
	t.Helper()
	res, err := parity.Replay(im, r, mustParse(t, "close"))
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
		if _, err := parity.Replay(im, &tc.r, parity.Tolerance{}); err == nil || !strings.Contains(err.Error(), tc.err) {
			t.Errorf("%s: error %v, want one with %q", name, err, tc.err)
		}
	}
	if _, err := parity.ReadRecorded("a.csv", "b.npy"); err == nil || !strings.Contains(err.Error(), ".npy or .npz") {
		t.Errorf("a.csv: error %v", err)
	}
}
