package main

import (
	"cmp"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/onnxio"
	"github.com/gonn-toolkit/gonn/train/data"
	"github.com/gonn-toolkit/gonn/train/model"
)

// A residual network with batch normalisation from each framework: import, an epoch of
// training, export. What is exported is the trained network, to the bit. GONN_CHECK_DIR
// may name a folder for it, with an input and gonn's output, which
// testdata/ref/check_onnx.py then gives to ONNX Runtime.
func TestRoundTrip(t *testing.T) {
	checkDir := cmp.Or(os.Getenv("GONN_CHECK_DIR"), t.TempDir())
	for _, file := range exportedModels(t, residual) {
		exporter := filepath.Base(filepath.Dir(filepath.Dir(file)))
		t.Run(exporter, func(t *testing.T) {
			t.Chdir(t.TempDir())
			writeStripes(t, "stripes.npz")
			mustRun(t, "import", file, "--run", "imported")
			computesWhatWasRecorded(t, "imported", file)
			mustRun(t, "train", "--net", "imported", "--data", "stripes.npz", "--limit", "64", "--batch", "16", "--epochs", "1",
				"--semantics", "pytorch", "--run", "tuned")
			tuned := runOf(t, "tuned")
			everythingMoved(t, runOf(t, "imported"), tuned)

			base := filepath.Join(checkDir, "roundtrip_"+exporter)
			mustRun(t, "export", base+".onnx", "--run", "tuned")
			x := nn.NewTensor(5, 3, 8, 7)
			for i := range x.Data {
				x.Data[i] = float32(math.Sin(float64(i) * 0.7))
			}
			y := forwardOf(t, tuned, x)
			writeNPY(t, base+".input.npy", x)
			writeNPY(t, base+".output.npy", y)
			mustRun(t, "compare", base+".onnx", "--inputs", base+".input.npy", "--expected", base+".output.npy", "--tolerance", "exact")
		})
	}
}

// writeStripes writes a data set of five classes, pictures of 8 × 7 with the channels last.
func writeStripes(t *testing.T, path string) {
	t.Helper()
	const n = 80
	x, labels := make([]float32, n*8*7*3), make([]int64, n)
	for i := range x {
		sample, pixel := i/(8*7*3), i/3%(8*7)
		labels[sample] = int64(sample % 5)
		x[i] = float32(math.Sin(float64(pixel*(1+sample%5)+i%3) + float64(sample)))
	}
	shape := []int{n, 8, 7, 3}
	writeNPZ(t, path, array{"x_train", shape, x}, array{"y_train", []int{n}, labels},
		array{"x_test", shape, x}, array{"y_test", []int{n}, labels})
}

// computesWhatWasRecorded holds a file and the run that was imported from it against what
// the framework gave.
func computesWhatWasRecorded(t *testing.T, dir, file string) {
	t.Helper()
	arrays, err := data.ReadNPZ(filepath.Join(filepath.Dir(file), "recorded.npz"))
	if err != nil {
		t.Fatal(err)
	}
	x, err := arrays["input"].Tensor()
	if err != nil {
		t.Fatal(err)
	}
	want, err := arrays["output"].Tensor()
	if err != nil {
		t.Fatal(err)
	}
	writeNPY(t, "in.npy", x)
	writeNPY(t, "out.npy", want)
	compared := mustRun(t, "compare", file, "--inputs", "in.npy", "--expected", "out.npy")
	nhwc := x.Shape[3] == 3
	if strings.Contains(compared, "(takes NHWC)") != nhwc {
		t.Errorf("NHWC is %v; compare says\n%s", nhwc, compared)
	}
	if nhwc {
		if x, err = (onnxio.AxisOrder{0, 2, 3, 1}).ToNetwork(x); err != nil {
			t.Fatal(err)
		}
	}
	got := forwardOf(t, runOf(t, dir), x)
	scale := 0.0
	for _, v := range want.Data {
		scale = max(scale, math.Abs(float64(v)))
	}
	for i, v := range want.Data {
		if d := math.Abs(float64(got.Data[i] - v)); d > 1e-5+1e-5*scale {
			t.Fatalf("output %d is %v, the framework gave %v", i, got.Data[i], v)
		}
	}
}

// everythingMoved checks that training has changed every parameter, statistics included.
func everythingMoved(t *testing.T, before, after *nn.Network) {
	t.Helper()
	for _, p := range after.Params() {
		old := before.Param(p.FullName())
		if old == nil || slices.Equal(old.Data, p.Data) {
			t.Errorf("training has left %s as it was", p.FullName())
		}
	}
}

func runOf(t *testing.T, dir string) *nn.Network {
	t.Helper()
	src, err := model.OpenRun(dir)
	if err != nil {
		t.Fatal(err)
	}
	return src.Net
}

func forwardOf(t *testing.T, net *nn.Network, x *nn.Tensor) *nn.Tensor {
	t.Helper()
	y, err := net.Forward(x)
	if err != nil {
		t.Fatal(err)
	}
	return y
}

// writeNPY writes a tensor as numpy.save does.
func writeNPY(t *testing.T, path string, x *nn.Tensor) {
	t.Helper()
	if err := os.WriteFile(path, array{"", x.Shape, x.Data}.npy(t), 0o666); err != nil {
		t.Fatal(err)
	}
}

// networkOf is the network of a file.
func networkOf(t *testing.T, path string) *nn.Network {
	t.Helper()
	m, err := model.OpenFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return m.Net
}
