package onnxio

import (
	"bytes"
	"math/rand/v2"
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
	f.Fuzz(func(t *testing.T, b []byte) { writesBack(t, fuzzrand.New(b)) })
}

func TestRandomNetworksAreWrittenBackToTheSameBytes(t *testing.T) {
	r := rand.New(rand.NewPCG(4, 4))
	written, layers := 0, 0
	for range 300 {
		if n := writesBack(t, r); n > 0 {
			written, layers = written+1, layers+n
		}
	}
	if written < 200 {
		t.Errorf("only %d of 300 networks are written", written)
	}
	t.Logf("promise S7: %d random networks of %d layers written, read and written again to the same bytes", written, layers)
}

// writesBack writes a random network, reads it and writes it again. It gives the number of its
// layers, 0 if there is nothing to write.
func writesBack(t *testing.T, r *rand.Rand) (layers int) {
	o := EncodeOptions{Opset: pick(r, WriteOpsets...)}
	net, err := randomNetwork(r)
	if err != nil {
		return 0
	}
	file, err := Encode(net, o)
	if err != nil {
		if strings.Contains(err.Error(), "does not read back") {
			t.Errorf("%s: %v", describe(net), err)
		}
		return 0
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
	return len(net.Nodes())
}
