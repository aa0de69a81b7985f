package onnxio

import (
	"bytes"
	"strings"
	"testing"

	"github.com/gonn-toolkit/gonn/onnxio/graph"
	"github.com/gonn-toolkit/gonn/onnxio/internal/fuzzrand"
)

// choices are inputs of which each byte is a choice, to start a fuzz target with.
func choices(f *testing.F) {
	for i := range byte(40) {
		b := make([]byte, 60)
		for k := range b {
			b[k] = (i + 3) * byte(29*k+11)
		}
		f.Add(b)
	}
}

// FuzzExport makes networks, each byte of the input a choice. What is written is read back, is
// the same network (which Encode holds) and is written again to the same bytes.
func FuzzExport(f *testing.F) {
	choices(f)
	f.Fuzz(func(t *testing.T, b []byte) {
		r := fuzzrand.New(b)
		o := EncodeOptions{Opset: pick(r, WriteOpsets...)}
		net, err := randomNetwork(r)
		if err != nil {
			return
		}
		file, err := Encode(net, o)
		if err != nil {
			if strings.Contains(err.Error(), "does not read back") {
				t.Errorf("%s: %v", describe(net), err)
			}
			return
		}
		m, err := graph.Read(file)
		if err != nil {
			t.Fatalf("%s: %v", describe(net), err)
		}
		im, err := Import(m)
		if err != nil || len(im.Notes) > 0 {
			t.Fatalf("%s: %v", describe(net), err)
		}
		if again, err := Encode(im.Network, o); err != nil || !bytes.Equal(again, file) {
			t.Errorf("%s: written, read and written again the bytes differ (%v)", describe(net), err)
		}
	})
}
