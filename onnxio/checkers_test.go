package onnxio

import (
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/nn/activation"
	"github.com/gonn-toolkit/gonn/nn/preset"
	"github.com/gonn-toolkit/gonn/onnxio/graph"
)

// checkDir, if set, is a folder for the files of TestWriteForCheckers, which
// testdata/ref/check_onnx.py then gives to onnx.checker and ONNX Runtime.
const checkDir = "GONN_CHECK_DIR"

// Every activation in every form of network, and every layer in every geometry, as gonn
// writes it, with weights in a second file too, and every spelling that gonn recognises,
// each with an input and gonn's output for it: NAME.onnx (and NAME.onnx.data),
// NAME.input.npy, NAME.output.npy. In the opsets that are not the default, each activation
// is in one network. Here they are read back; there they are run.
func TestWriteForCheckers(t *testing.T) {
	dir, all, large := os.Getenv(checkDir), WriteOpsets, true
	if dir == "" {
		dir, all, large = t.TempDir(), WriteOpsets[:1], !testing.Short() // other tests read the other opsets back
	}
	write := func(name string, external bool, net *nn.Network, opsets ...int64) {
		for _, opset := range opsets {
			encode := func(file string) (*graph.Files, error) {
				return EncodeFiles(net, EncodeOptions{Opset: opset}, file, external)
			}
			writeForCheckers(t, dir, fmt.Sprintf("opset%d %s", opset, name), encode, net, 1)
		}
	}
	for _, spelled := range everyActivation() {
		act := activation.Must(spelled)
		if act.Func == arctan {
			continue // these tools do not know its operator
		}
		around := nets(t, act)
		if large && !strings.HasSuffix(spelled, ":4x4") {
			study, err := preset.Build("study", nn.Shape{1, 28, 28}, 10, act)
			if err != nil {
				t.Fatal(err)
			}
			around["study"] = scaled(fillParams(study))
		}
		for name, net := range around {
			opsets := all[:1]
			if name == "plain" {
				opsets = all
			}
			write(spelled+" "+name, false, net, opsets...)
		}
	}
	for name, net := range layerNets(t) {
		write("layer "+name, false, net, all...)
	}
	write("registered layer", false, gated(t), all...)
	for name, net := range respelledNets(t) {
		write("respelled "+name, false, net, all...)
	}
	presets := preset.Names()
	if !large {
		presets = presets[:1]
	}
	for _, name := range presets {
		net, err := preset.Build(name, nn.Shape{1, 28, 28}, 10, activation.Must("prelu:channel"))
		if err != nil {
			t.Fatal(err)
		}
		scaled(fillParams(net))
		write("preset "+name, false, net, all...)
		write("external preset "+name, true, net, all...)
	}
	for i, c := range spelledCases() {
		name := fmt.Sprintf("spelled %s %03d", c.name, i)
		encode := func(file string) (*graph.Files, error) { return c.m.Files(file, false) }
		writeForCheckers(t, dir, name, encode, imports(t, c.m).Network, 10) // ±7: past all kinks
	}
}

// scaled divides the weights by √fan_in, so that results stay near 1.
func scaled(net *nn.Network) *nn.Network {
	for _, p := range net.Params() {
		for i := range p.Data {
			p.Data[i] /= float32(math.Sqrt(float64(p.FanIn)))
		}
	}
	return net
}

// writeForCheckers writes what encode makes for a name of the model's file.
func writeForCheckers(t *testing.T, dir, name string, encode func(file string) (*graph.Files, error), net *nn.Network, scale float32) {
	t.Helper()
	base := filepath.Join(dir, strings.NewReplacer(":", "_", " ", "_").Replace(name))
	x, _ := run(t, net, 3)
	for i := range x.Data {
		x.Data[i] *= scale
	}
	y, err := net.Forward(x)
	if err != nil {
		t.Fatal(err)
	}
	f, err := encode(filepath.Base(base) + ".onnx")
	if err != nil {
		t.Fatal(err)
	}
	writeFiles(t, dir, f)
	writeNPY(t, base+".input.npy", x)
	writeNPY(t, base+".output.npy", y)

	im, err := Load(base + ".onnx")
	if err != nil {
		t.Fatal(err)
	}
	got, err := im.Network.Forward(loadNPY(t, base+".input.npy"))
	if err != nil {
		t.Fatal(err)
	}
	sameBits(t, name, got.Data, loadNPY(t, base+".output.npy").Data)
}

func loadNPY(t *testing.T, path string) *nn.Tensor {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return decodeNPY(t, b)
}
