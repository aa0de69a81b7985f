package main

import (
	"bytes"
	"image"
	"image/png"
	"os"
	"path/filepath"
	"testing"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/onnxio"
	"github.com/gonn-toolkit/gonn/onnxio/graph"
)

// writeFile writes a file and makes its folder.
func writeFile(t *testing.T, path string, b []byte) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, b, 0o666); err != nil {
		t.Fatal(err)
	}
}

// writeModel writes an ONNX model.
func writeModel(t *testing.T, path string, m *graph.Model) {
	t.Helper()
	writeFile(t, path, m.Bytes())
}

// writeNetwork writes a network as ONNX.
func writeNetwork(t *testing.T, path string, net *nn.Network) {
	t.Helper()
	b, err := onnxio.Encode(net, onnxio.EncodeOptions{})
	if err != nil {
		t.Fatal(err)
	}
	writeFile(t, path, b)
}

// writePNG writes a picture.
func writePNG(t *testing.T, path string, img image.Image) {
	t.Helper()
	var b bytes.Buffer
	if err := png.Encode(&b, img); err != nil {
		t.Fatal(err)
	}
	writeFile(t, path, b.Bytes())
}
