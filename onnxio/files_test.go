package onnxio

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/nn/activation"
	"github.com/gonn-toolkit/gonn/nn/preset"
	"github.com/gonn-toolkit/gonn/onnxio/graph"
)

func study(t *testing.T) *nn.Network {
	t.Helper()
	net, err := preset.Build("study", nn.Shape{1, 28, 28}, 10, activation.Must("prelu:element"))
	if err != nil {
		t.Fatal(err)
	}
	return fillParams(net)
}

func TestExternalDataReadsBackToTheBit(t *testing.T) {
	net, o := study(t), EncodeOptions{Opset: 20, Metadata: map[string]string{"seed": "7"}}
	for _, external := range []bool{false, true} {
		f, err := EncodeFiles(net, o, "a.onnx", external)
		if err != nil {
			t.Fatal(err)
		}
		if f.Name != "a.onnx" || (f.DataName == "a.onnx.data") != external || (len(f.Data) > 4*net.NumParams()*9/10) != external {
			t.Fatalf("external %v: %q, %q with %d bytes", external, f.Name, f.DataName, len(f.Data))
		}
		dir := t.TempDir()
		writeFiles(t, dir, f)
		im, err := Load(filepath.Join(dir, "a.onnx"))
		if err != nil {
			t.Fatal(err)
		}
		sameNetwork(t, im.Network, net)
		again, err := EncodeFiles(im.Network, EncodeOptions{Opset: im.Opset, Metadata: im.Metadata}, "a.onnx", external)
		if err != nil || !bytes.Equal(again.Model, f.Model) || !bytes.Equal(again.Data, f.Data) {
			t.Errorf("external %v: written, read and written again the bytes differ (%v)", external, err)
		}
	}
}

func TestEncodeFilesRefuses(t *testing.T) {
	if f, err := EncodeFiles(study(t), EncodeOptions{}, "a/b.onnx", true); f != nil || err == nil || !strings.Contains(err.Error(), `export: "a/b.onnx" cannot be`) {
		t.Errorf("got %v and error %v", f, err)
	}
	if f, err := EncodeFiles(study(t), EncodeOptions{Opset: 3}, "a.onnx", true); f != nil || err == nil || !strings.Contains(err.Error(), "opset 3 is not written") {
		t.Errorf("got %v and error %v", f, err)
	}
	if b, err := oneFile(&graph.Files{DataName: "a", Data: make([]byte, 5)}); b != nil || err == nil || !strings.Contains(err.Error(), "5 bytes of weights are too many for one file") {
		t.Errorf("got %d bytes and error %v", len(b), err)
	}
}

// writeFiles puts a model and its data file into a folder.
func writeFiles(t *testing.T, dir string, f *graph.Files) {
	t.Helper()
	for name, b := range f.All() {
		if err := os.WriteFile(filepath.Join(dir, name), b, 0o666); err != nil {
			t.Fatal(err)
		}
	}
}
