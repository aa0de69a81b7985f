package main

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/onnxio"
	"github.com/gonn-toolkit/gonn/onnxio/graph"
	"github.com/gonn-toolkit/gonn/train/recipe"
)

// The same network in every opset: the same answers, the message tells the opset and the
// bytes.
func TestExportInEveryOpset(t *testing.T) {
	t.Chdir(t.TempDir())
	mustRun(t, small("--act", "mish", "--run", "a")...)
	want := afterModel(mustRun(t, "eval", "--run", "a", "--limit", "100", "--json"))
	for opset, act := range map[int64]string{16: "Softplus", 18: "Mish", 20: "Mish", 24: "Mish"} {
		file := fmt.Sprintf("%d.onnx", opset)
		told := mustRun(t, "export", file, "--run", "a", "--opset", fmt.Sprint(opset))
		if says := fmt.Sprintf("a: wrote %s (opset %d, %d bytes), read back and checked\n", file, opset, len(readAll(t, file))); told != says {
			t.Errorf("export says %q, want %q", told, says)
		}
		m, err := graph.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if m.Opset("") != opset || m.Graph.Nodes[1].OpType != act {
			t.Errorf("%s is of opset %d with a %s", file, m.Opset(""), m.Graph.Nodes[1].OpType)
		}
		if got := afterModel(mustRun(t, "eval", file, "--limit", "100", "--json")); got != want {
			t.Errorf("eval %s:\n%s\nwant\n%s", file, got, want)
		}
	}
}

// --external writes two files that are the network together; either of them in the way
// stops it, unless it is forced.
func TestExportWithExternalData(t *testing.T) {
	t.Chdir(t.TempDir())
	mustRun(t, small("--act", "prelu", "--run", "a")...)
	mustRun(t, small("--act", "mish", "--run", "b")...)
	if err := os.Mkdir("sub", 0o777); err != nil {
		t.Fatal(err)
	}
	model, data := filepath.Join("sub", "model.onnx"), filepath.Join("sub", "model.onnx.data")
	told := mustRun(t, "export", model, "--run", "a", "--external")
	if says := fmt.Sprintf("a: wrote %s (opset 16, %d bytes) and %s (%d bytes), read back and checked\n",
		model, len(readAll(t, model)), data, len(readAll(t, data))); told != says {
		t.Errorf("export says %q, want %q", told, says)
	}
	if len(readAll(t, model)) > 4000 || len(readAll(t, data)) < 4*34_402 {
		t.Errorf("the model has %d bytes, its data %d", len(readAll(t, model)), len(readAll(t, data)))
	}
	evaluation := func(args ...string) string {
		return afterModel(mustRun(t, append([]string{"eval", "--limit", "100", "--json"}, args...)...))
	}
	a, b := evaluation("--run", "a"), evaluation("--run", "b")
	if got := evaluation(model); got != a {
		t.Errorf("eval of the files:\n%s\nwant\n%s", got, a)
	}
	mustRun(t, "import", model, "--run", "again")
	if got := evaluation("--run", "again"); got != a {
		t.Errorf("eval of the import:\n%s\nwant\n%s", got, a)
	}

	before := [][]byte{readAll(t, model), readAll(t, data)}
	refused := func(in string) {
		t.Helper()
		_, stderr, code := gonn("export", model, "--run", "b", "--external")
		if code != 2 || !strings.Contains(stderr, in+" exists: choose another name or overwrite it with --force") {
			t.Errorf("%s is in the way: exit %d, %s", in, code, stderr)
		}
	}
	refused(data)
	if !bytes.Equal(readAll(t, model), before[0]) || !bytes.Equal(readAll(t, data), before[1]) {
		t.Error("a refused export changed the files")
	}
	if err := os.Remove(data); err != nil {
		t.Fatal(err)
	}
	refused(model)
	if _, err := os.Stat(data); err == nil {
		t.Error("a refused export left a file")
	}
	if _, stderr, code := gonn("eval", model); code != 1 || !strings.Contains(stderr, "model.onnx.data") {
		t.Errorf("without its data: exit %d, %s", code, stderr)
	}

	mustRun(t, "export", model, "--run", "b", "--external", "--force")
	if got := evaluation(model); got != b {
		t.Errorf("eval of the files written over:\n%s\nwant\n%s", got, b)
	}
	mustRun(t, "export", model, "--run", "a", "--external", "--force")
	if !bytes.Equal(readAll(t, model), before[0]) || !bytes.Equal(readAll(t, data), before[1]) {
		t.Error("written again the bytes differ")
	}
	_, told, code := gonn("export", model, "--run", "a", "--force")
	if says := fmt.Sprintf("note: %s stays; %s does not read it\n", data, model); code != 0 || told != says {
		t.Errorf("one file over two: exit %d, %q, want %q", code, told, says)
	}
	if got := evaluation(model); got != a {
		t.Errorf("eval of the one file:\n%s\nwant\n%s", got, a)
	}
}

// An untrained network by name is the one that training starts from, in any size.
func TestExportOfANetworkByName(t *testing.T) {
	t.Chdir(t.TempDir())
	told := mustRun(t, "export", "m.onnx", "--net", "resnet20", "--act", "prelu:channel", "--size", "3x16x8", "--classes", "4")
	if says := fmt.Sprintf("resnet20: wrote m.onnx (opset 16, %d bytes), read back and checked\n", len(readAll(t, "m.onnx"))); told != says {
		t.Errorf("export says %q, want %q", told, says)
	}
	im, err := onnxio.Load("m.onnx")
	if err != nil {
		t.Fatal(err)
	}
	net, err := recipe.Preset("resnet20", "prelu:channel", nn.Shape{3, 16, 8}, 4)
	if err != nil {
		t.Fatal(err)
	}
	for i, p := range im.Network.Params() {
		if q := net.Params()[i]; p.FullName() != q.FullName() || !slices.Equal(p.Data, q.Data) {
			t.Errorf("%s is not %s of the preset", p.FullName(), q.FullName())
		}
	}
	mustRun(t, "export", "study.onnx", "--net", "study", "--softmax")
	if out := mustRun(t, "inspect", "study.onnx"); !strings.Contains(out, "prelu:element") || !strings.Contains(out, "Softmax") {
		t.Errorf("the study's network:\n%s", out)
	}
}

// A folder in the place of the file to write is told, with what to type instead.
func TestExportToAFolder(t *testing.T) {
	t.Chdir(t.TempDir())
	mustRun(t, "train", "--net", "mlp", "--limit", "20", "--epochs", "1", "--run", "runs/one")
	for dir, want := range map[string]string{
		"runs/one": "runs/one is a run: give the file to write, as in gonn export model.onnx --run runs/one",
		"runs":     "runs is a folder: give the file to write, as in gonn export " + filepath.Join("runs", "model.onnx"),
	} {
		if _, stderr, code := gonn("export", dir); code != exitUsage || !strings.Contains(stderr, want) {
			t.Errorf("export %s: exit %d, %s", dir, code, stderr)
		}
	}
	mustRun(t, "export", "model.onnx", "--run", "runs/one")
	mustRun(t, "export", filepath.Join("runs", "model.onnx"))
}
