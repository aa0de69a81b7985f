package main

import (
	"encoding/json"
	"math"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/train/report"
)

// exportedModels are the committed files that real exporters wrote of one network: its
// name is that of the folder around each file.
func exportedModels(t *testing.T, network string) []string {
	t.Helper()
	models, err := filepath.Glob(testdata(t, "golden", "exported", "*", network, "model.onnx"))
	if err != nil || len(models) < 2 {
		t.Fatalf("%d exported models of %s, %v", len(models), network, err)
	}
	return models
}

const residual = "pair-residual-prelu-channel-module"

// import says which operators of the file each layer was, what was folded, moved and
// untied, and how the file's axes lie.
func TestImportTellsWhatItRecovered(t *testing.T) {
	t.Setenv("COLUMNS", "200")
	keras := testdata(t, "golden", "keras", "prelu-element", "tf2onnx.onnx")
	jax := testdata(t, "golden", "exported", "keras-jax", residual, "model.onnx")
	torch := testdata(t, "golden", "pytorch", "prelu-untrained", "dynamo.onnx")
	t.Chdir(t.TempDir())
	for _, tc := range []struct {
		file string
		says []string
	}{
		{keras, []string{keras + ` (tf2onnx 1.17.0 None, opset 15) → runs/import-001

layer    kind                            output shape  parameters  from the file's
input    NHWC                            (1, 28, 28)            0  "input"
conv1    Conv 8, 7×7, stride 1, no bias  (8, 22, 22)          392  Reshape+Conv
act1     prelu:element (8, 22, 22)       (8, 22, 22)        3,872  Relu+Neg+Relu+Transpose+Mul+Transpose+Add
conv2    Conv 8, 5×5, stride 1, no bias  (8, 18, 18)        1,600  Conv
act2     prelu:element (8, 18, 18)       (8, 18, 18)        2,592  Relu+Neg+Relu+Transpose+Mul+Transpose+Add
flatten  Flatten                         (2592)                 0  Transpose+Reshape
dense    Dense 10                        (10)              25,930  MatMul+Add
total parameters: 34,386
layout: the file takes NHWC, the network (N, 1, 28, 28)
folded: 6 nodes that only computed constants and shapes

Next: gonn eval --run runs/import-001, gonn train --net runs/import-001
`}},
		{jax, []string{
			"BatchNorm eps 0.001, momentum 0.9", "bn3, act1", "no bias", "from the file's",
			"total parameters: 1,079 and 60 running statistics\n", "folded: ", "nodes that only computed constants and shapes\n",
		}},
		{torch, []string{"PRelu\n", "note: layers act1 and act2 shared the tensor"}},
	} {
		out := filepath.ToSlash(mustRun(t, "import", tc.file))
		for _, s := range tc.says {
			if !strings.Contains(out, filepath.ToSlash(s)) {
				t.Errorf("import %s: no %q in\n%s", tc.file, s, out)
			}
		}
		if tc.file == torch && strings.Contains(out, "layout: ") {
			t.Errorf("PyTorch's layout is the network's:\n%s", out)
		}
	}

	var r report.Import
	if err := json.Unmarshal([]byte(mustRun(t, "import", keras, "--run", "k", "--json")), &r); err != nil {
		t.Fatal(err)
	}
	act := r.Layers[1]
	if act.Name != "act1" || act.Kind != "prelu:element" || !slices.Equal(act.From, []string{"Relu", "Neg", "Relu", "Transpose", "Mul", "Transpose", "Add"}) ||
		!act.Parameters[0].Shape.Equal(nn.Shape{8, 22, 22}) || r.Input.Layout != "NHWC" || r.Run != "k" || r.Folded != 6 || len(r.Layers) != 6 {
		t.Errorf("%+v", r)
	}
}

// The same network shows the same slopes, whichever framework wrote it.
func TestSlopesAreTheSameFromEveryFramework(t *testing.T) {
	pairs := [][]string{
		{testdata(t, "golden", "keras", "prelu-element", "tf2onnx.onnx"), testdata(t, "golden", "pytorch", "prelu-element", "dynamo.onnx"),
			testdata(t, "golden", "pytorch", "prelu-element", "torchscript.onnx")},
		exportedModels(t, residual),
	}
	for _, files := range pairs {
		want, table := slopesShown(t, files[0])
		if len(want) < 2 {
			t.Errorf("%s shows %d slopes", files[0], len(want))
		}
		for _, file := range files[1:] {
			got, gotTable := slopesShown(t, file)
			if len(got) != len(want) {
				t.Fatalf("%s has %d activations, %s %d", file, len(got), files[0], len(want))
			}
			for i, w := range want {
				g := got[i]
				if g.Layer != w.Layer || g.Kind != w.Kind || g.Sharing != w.Sharing || !g.Shape.Equal(w.Shape) || !sameFloats(g.Values, w.Values) {
					t.Errorf("%s:\n%+v\n%s:\n%+v", file, g, files[0], w)
				}
			}
			if gotTable != table {
				t.Errorf("%s prints\n%s\n%s\n%s", file, gotTable, files[0], table)
			}
		}
	}
}

// slopesShown is what inspect shows of a file's slopes, as JSON and as a table.
func slopesShown(t *testing.T, file string) ([]report.Activation, string) {
	t.Helper()
	var r report.Inspection
	if err := json.Unmarshal([]byte(mustRun(t, "inspect", file, "--json")), &r); err != nil {
		t.Fatal(err)
	}
	_, table, _ := strings.Cut(mustRun(t, "inspect", file), "learned slopes\n")
	table, _, _ = strings.Cut(table, "note: ")
	return r.Activations, table
}

// sameFloats compares bits.
func sameFloats(a, b []float32) bool {
	return slices.EqualFunc(a, b, func(x, y float32) bool { return math.Float32bits(x) == math.Float32bits(y) })
}
