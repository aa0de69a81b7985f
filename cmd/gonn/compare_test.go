package main

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/nn/activation"
	"github.com/gonn-toolkit/gonn/nn/layer"
	"github.com/gonn-toolkit/gonn/train/report"
)

// writePort writes a network as model.onnx, and as port.onnx the same with the rows of its
// dense layer as a port from another layout would have them.
func writePort(t *testing.T) {
	t.Helper()
	net, err := nn.Sequential(nn.Shape{2, 3, 3}, layer.Conv{Out: 4, Kernel: [2]int{2, 2}}, activation.Must("relu"), layer.Flatten{}, layer.Dense{Out: 3})
	if err != nil {
		t.Fatal(err)
	}
	net.Init(nn.KerasInit, 1)
	writeNetwork(t, "model.onnx", net)
	writeNetwork(t, "copy.onnx", net)
	w := net.Param("dense.weight")
	rows := append([]float32(nil), w.Data...)
	for out := range 3 { // C, H, W becomes H, W, C
		for c := range 4 {
			for p := range 4 {
				w.Data[out*16+p*4+c] = rows[out*16+c*4+p]
			}
		}
	}
	writeNetwork(t, "port.onnx", net)
}

// Each model that is named is held against the recording; without one the second against
// the first.
func TestCompareHoldsEveryModel(t *testing.T) {
	t.Chdir(t.TempDir())
	writePort(t)
	x := nn.NewTensor(5, 2, 3, 3)
	for i := range x.Data {
		x.Data[i] = float32(i%7) - 3
	}
	writeNPY(t, "in.npy", x)
	writeNPY(t, "out.npy", forwardOf(t, networkOf(t, "model.onnx"), x))
	mustRun(t, "import", "port.onnx", "--run", "wrong")
	mustRun(t, "import", "copy.onnx", "--run", "right")
	for _, tc := range []struct {
		args string
		code int
		rows int
	}{
		{"model.onnx --inputs in.npy --expected out.npy", 0, 1},
		{"port.onnx --inputs in.npy --expected out.npy", 1, 1},
		{"model.onnx copy.onnx --inputs in.npy --expected out.npy", 0, 2},
		{"model.onnx port.onnx --inputs in.npy --expected out.npy", 1, 2},
		{"port.onnx model.onnx --inputs in.npy --expected out.npy", 1, 2},
		{"model.onnx --run wrong --inputs in.npy --expected out.npy", 1, 2},
		{"model.onnx --run right --inputs in.npy --expected out.npy", 0, 2},
		{"model.onnx wrong --inputs in.npy --expected out.npy", 1, 2},
		{"model.onnx copy.onnx --inputs in.npy", 0, 1},
		{"model.onnx port.onnx --inputs in.npy", 1, 1},
		{"model.onnx copy.onnx --same", 0, 1},
		{"model.onnx port.onnx --same", 1, 1},
		{"model.onnx port.onnx --same --tolerance loose", 1, 1},
		{"model.onnx port.onnx --same --atol 100", 0, 1},
		// An engine that cannot run is a row, and only matters if nothing differs.
		{"model.onnx --engine gonn,ort", 2, 2},
		{"model.onnx --engine ort --engine gonn", 2, 2},
		{"port.onnx --inputs in.npy --expected out.npy --engine ort --engine gonn", 1, 2},
		{"model.onnx port.onnx --same --engine gonn", 1, 2},
		{"model.onnx copy.onnx --same --engine gonn --engine reference", 0, 4},
	} {
		args := append([]string{"compare"}, strings.Fields(tc.args)...)
		args = append(args, "--ort-lib", "/no/such/library.so")
		out, stderr, code := gonn(args...)
		if code != tc.code || strings.Count(out, ", |a-b| <= ") != tc.rows {
			t.Errorf("%s: exit %d, want %d and %d rows:\n%s%s", tc.args, code, tc.code, tc.rows, out, stderr)
		}
	}
}

// A file of Keras's takes NHWC, what gonn makes of it NCHW: they are still held number by
// number, and a run may stand in a file's place.
func TestCompareAcrossLayouts(t *testing.T) {
	keras := testdata(t, "golden", "keras", "prelu-element", "tf2onnx.onnx")
	t.Chdir(t.TempDir())
	mustRun(t, "import", keras, "--run", "imported")
	mustRun(t, "export", "own.onnx", "--run", "imported")
	for _, args := range [][]string{
		{keras, "own.onnx", "--same"}, {"own.onnx", keras, "--same"}, {keras, "imported", "--same"}, {keras, "--run", "imported", "--same"},
	} {
		r := compared(t, args...)
		if r.Equal == nil || !*r.Equal || len(r.Replays) != 1 || r.Models != nil {
			t.Errorf("%q: %+v", args, r)
		}
	}
	// Without such a question the two are put on a data set, which never fails.
	var r report.Compare = compared(t, keras, "imported", "--limit", "64")
	if r.Equal != nil || r.Models == nil || r.Models.Agree != r.Models.Samples {
		t.Errorf("on a data set: %+v", r)
	}
}

func TestWrongComparisons(t *testing.T) {
	digits := testdata(t, "digits")
	t.Chdir(t.TempDir())
	writePort(t)
	for args, says := range map[string]string{
		"model.onnx --same":                                      "nothing to hold model.onnx against",
		"model.onnx --expected out.npy":                          "give --inputs too",
		"model.onnx port.onnx --same --expected o --inputs i":    "choose one",
		"model.onnx nowhere.onnx --same":                         "nowhere.onnx",
		"model.onnx port.onnx --inputs nowhere.npy":              "nowhere.npy",
		"model.onnx " + digits + " --same":                       "run.json is missing",
		"model.onnx port.onnx copy.onnx":                         "at most one MODEL.onnx",
		"model.onnx " + filepath.Join("a", "b.onnx") + " --same": "b.onnx",
	} {
		_, stderr, code := gonn(append([]string{"compare"}, strings.Fields(args)...)...)
		if code != exitUsage || !strings.Contains(stderr, says) {
			t.Errorf("%s: exit %d and %q, want %q", args, code, stderr, says)
		}
	}
}
