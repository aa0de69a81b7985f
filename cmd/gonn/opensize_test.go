package main

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/gonn-toolkit/gonn/nn"
)

// A file that leaves height and width open takes them from the data, from --size or from
// each picture.
func TestFilesOfOpenSize(t *testing.T) {
	t.Chdir(t.TempDir())
	writeModel(t, "open.onnx", openPictures(t))
	folders(t, "data", "lying", "standing", false)
	folders(t, "photos", "lying", "standing", true)

	if out := mustRun(t, "inspect", "open.onnx"); !strings.Contains(out, "give --size HxW, or data") || !strings.Contains(out, "compare, eval and predict still run it") {
		t.Errorf("inspect:\n%s", out)
	}
	if out := mustRun(t, "inspect", "open.onnx", "--size", "12x9"); !strings.Contains(out, "(1, 12, 9)") {
		t.Errorf("inspect --size:\n%s", out)
	}
	for _, args := range []string{"import open.onnx", "train --net open.onnx --data photos"} {
		if _, stderr, code := gonn(strings.Fields(args)...); code == 0 || !strings.Contains(stderr, "size") {
			t.Errorf("%s: exit %d, %s", args, code, stderr)
		}
	}
	mustRun(t, "import", "open.onnx", "--size", "12x9", "--run", "imported")
	mustRun(t, "eval", "open.onnx", "--data", "data")
	out := mustRun(t, "train", "--net", "open.onnx", "--data", "data", "--epochs", "1", "--run", "r")
	if !strings.Contains(out, "(1, 12, 9)") {
		t.Errorf("the network does not take the size of the data:\n%s", out)
	}
	mustRun(t, "train", "--net", "open.onnx", "--data", "photos", "--resize", "squash:10x10", "--epochs", "1", "--run", "squashed")
	// Each picture at its own size, or all at one.
	a, b := filepath.Join("photos", "lying", "a.png"), filepath.Join("photos", "lying", "j.png")
	each := mustRun(t, "predict", "open.onnx", a, b, a)
	if alone := mustRun(t, "predict", "open.onnx", a) + mustRun(t, "predict", "open.onnx", b) + mustRun(t, "predict", "open.onnx", a); each != alone {
		t.Errorf("together %q, alone %q", each, alone)
	}
	if sized := mustRun(t, "predict", "open.onnx", a, b, a, "--size", "30x20"); sized == each {
		t.Error("--size changes nothing")
	}
	if _, stderr, code := gonn("predict", "open.onnx", a, "--size", "30xwide"); code != exitUsage || !strings.Contains(stderr, "--size 30xwide: need HEIGHTxWIDTH") {
		t.Errorf("a wrong size: exit %d, %s", code, stderr)
	}
	// Recorded data brings its size, and a second model takes it too.
	x := nn.NewTensor(3, 1, 7, 11)
	for i := range x.Data {
		x.Data[i] = float32(i%5) - 2
	}
	writeNPY(t, "in.npy", x)
	mustRun(t, "import", "open.onnx", "--size", "7x11", "--run", "fixed")
	writeNPY(t, "out.npy", forwardOf(t, runOf(t, "fixed"), x))
	for _, args := range []string{"--inputs in.npy --expected out.npy", "open.onnx --inputs in.npy", "fixed --inputs in.npy", "open.onnx --same --size 7x11",
		"--engine gonn --engine reference --size 9x9"} {
		if r := compared(t, append([]string{"open.onnx"}, strings.Fields(args)...)...); r.Equal == nil || !*r.Equal || r.Engine == "reference" {
			t.Errorf("compare %s: %+v", args, r)
		}
	}
}
