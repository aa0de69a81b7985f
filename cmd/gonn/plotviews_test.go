package main

import (
	"bytes"
	"image/png"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/nn/activation"
	"github.com/gonn-toolkit/gonn/nn/layer"
	"github.com/gonn-toolkit/gonn/onnxio/graph"
)

// eyes is a small network of pictures (1, 12, 9) of two classes, those of folders.
func eyes(t *testing.T, path string) {
	t.Helper()
	net, err := nn.Sequential(nn.Shape{1, 12, 9}, layer.Conv{Out: 2, Kernel: [2]int{3, 3}}, activation.Must("mish"), layer.Flatten{}, layer.Dense{Out: 2})
	if err != nil {
		t.Fatal(err)
	}
	net.Init(nn.KerasInit, 1)
	writeNetwork(t, path, net)
}

func TestPicturesOfWhatANetworkSees(t *testing.T) {
	t.Chdir(t.TempDir())
	eyes(t, "m.onnx")
	folders(t, "data", "lying", "standing", false)
	image := filepath.Join("data", "lying", "c.png")
	for _, c := range []struct{ args, file string }{
		{"maps m.onnx " + image, "maps.png"},
		{"saliency m.onnx " + image + " " + image + " --class 1 --mean 0.5 --width 240", "saliency.png"},
		{"filters,confusion,mistakes m.onnx --data data -o p.svg", "p-mistakes.svg"},
		{"maps m.onnx --data data --train-set --sample 15,0 -o x.png --width 240", "x.png"},
	} {
		out := mustRun(t, append([]string{"plot"}, strings.Fields(c.args)...)...)
		content, err := os.ReadFile(c.file)
		if err != nil || !strings.Contains(out, c.file) {
			t.Errorf("%s: %v, says %s", c.args, err, out)
		}
		if _, err := png.Decode(bytes.NewReader(content)); err != nil && filepath.Ext(c.file) == ".png" {
			t.Errorf("%s: %v", c.args, err)
		}
		if filepath.Ext(c.file) == ".svg" && !bytes.Contains(content, []byte("<svg")) {
			t.Errorf("%s: no SVG", c.args)
		}
	}
}

func TestWrongPicturesOfWhatANetworkSees(t *testing.T) {
	t.Chdir(t.TempDir())
	eyes(t, "m.onnx")
	writeModel(t, "foreign.onnx", sines("nchw", graph.Dim{Param: "N"}, ""))
	folders(t, "data", "lying", "standing", false)
	writeModel(t, "open.onnx", openPictures(t))
	folders(t, "photos", "lying", "standing", true)
	image := filepath.Join("data", "lying", "c.png")
	for _, c := range []struct {
		args string
		code int
		says string
	}{
		{"confusion m.onnx " + image, exitUsage, "confusion takes no picture files"},
		{"filters m.onnx --mean 0.5", exitUsage, "--mean is for pictures of data, not for filters"},
		{"maps m.onnx " + image + " --data data", exitUsage, "choose pictures or samples of a data set"},
		{"maps m.onnx " + image + " --sample 1", exitUsage, "choose one of the two"},
		{"maps m.onnx none.png", 1, "none.png: no such file"},
		{"saliency m.onnx " + image + " --layer dense", exitUsage, "--layer dense"},
		{"mistakes m.onnx --count 5", 1, "m.onnx"}, // of another size than MNIST
		{"maps open.onnx photos/lying/a.png photos/lying/j.png", exitUsage, "give one size for all with --size"},
		{"filters open.onnx", 1, "give --size HxW"},
		{"filters foreign.onnx", 1, "Sin"},
		{"maps foreign.onnx " + image, 1, "Sin"},
		{"saliency foreign.onnx " + image, 1, "Sin"},
	} {
		_, stderr, code := gonn(append([]string{"plot"}, strings.Fields(c.args)...)...)
		if code != c.code || !strings.Contains(stderr, c.says) {
			t.Errorf("gonn plot %s: exit %d, %s", c.args, code, stderr)
		}
	}
	if files, err := filepath.Glob("*.png"); err != nil || files != nil {
		t.Errorf("wrong commands leave %q (%v)", files, err)
	}
}

// A picture reads data once for all models, so their classes must be the same.
func TestPicturesOfModelsWithOtherClasses(t *testing.T) {
	t.Chdir(t.TempDir())
	folders(t, "data", "lying", "standing", false)
	folders(t, "other", "standing", "lying2", false)
	for _, data := range []string{"data", "other"} {
		mustRun(t, "train", "--net", "mlp", "--data", data, "--epochs", "1", "--run", "runs/"+data)
	}
	args := []string{"plot", "interpolation", "runs/data", "runs/other", "--data", "data"}
	const says = "runs/data has the classes lying, standing, and runs/other lying2, standing: draw them by themselves, or give --by-number"
	if _, stderr, code := gonn(args...); code != exitUsage || !strings.Contains(stderr, says) {
		t.Errorf("exit %d, %s", code, stderr)
	}
	mustRun(t, append(args, "--by-number")...)
}
