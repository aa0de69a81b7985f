package main

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/nn/layer"
)

// dense writes a dense layer of two inputs and outputs whose weights are all of one value.
func dense(t *testing.T, path string, weight float32) {
	t.Helper()
	net, err := nn.Sequential(nn.Shape{2}, layer.Dense{Out: 2})
	if err != nil {
		t.Fatal(err)
	}
	for i := range net.Param("dense.weight").Data {
		net.Param("dense.weight").Data[i] = weight
	}
	writeNetwork(t, path, net)
}

// What is not looked at is not equal.
func TestCompareOverlooksNothing(t *testing.T) {
	t.Chdir(t.TempDir())
	dense(t, "a.onnx", 1)
	dense(t, "b.onnx", 2)
	dense(t, "small.onnx", 1e-7)
	dense(t, "turned.onnx", -1e-7)
	for _, dir := range []string{"x[1]", "bad["} { // which a pattern would read otherwise
		dense(t, filepath.Join(dir, "m.onnx"), 1)
		writePB(t, filepath.Join(dir, "test_data_set_0", "input_0.pb"), &nn.Tensor{Shape: []int{1, 2}, Data: []float32{1, 2}})
		writePB(t, filepath.Join(dir, "test_data_set_0", "output_0.pb"), &nn.Tensor{Shape: []int{1, 2}, Data: []float32{7, 7}})
	}
	for _, c := range []struct {
		args string
		code int
		says string
	}{
		{"a.onnx b.onnx --engine gonn", exitFailed, ""},
		{"a.onnx b.onnx --same", exitFailed, ""},
		{"small.onnx turned.onnx --same", 0, "Equal by --atol 1e-05 alone"},
		{"small.onnx turned.onnx --same --atol 0 --rtol 1e-5", exitFailed, "Different"},
		{"x[1]/m.onnx", exitFailed, ""},
		{"bad[/m.onnx", exitFailed, ""},
		{"a.onnx --inputs= --expected=", exitUsage, "--inputs names no file"},
		{"a.onnx --html=", exitUsage, "--html names no file"},
		{"a.onnx b.onnx --same --html a.xml --junit ./a.xml", exitUsage, "choose two files"},
	} {
		if stdout, stderr, code := gonn(append([]string{"compare"}, strings.Fields(c.args)...)...); code != c.code || !strings.Contains(stdout+stderr, c.says) {
			t.Errorf("%s: exit %d, want %d, and %q in\n%s%s", c.args, code, c.code, c.says, stdout, stderr)
		}
	}
}
