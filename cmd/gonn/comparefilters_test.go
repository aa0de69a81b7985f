package main

import (
	"bytes"
	"image/png"
	"os"
	"strings"
	"testing"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/nn/activation"
	"github.com/gonn-toolkit/gonn/nn/preset"
)

// writeStudies writes a network, the same with its first eight channels the other way round, and
// one that starts from other values.
func writeStudies(t *testing.T) {
	t.Helper()
	build := func(seed uint64) *nn.Network {
		net, err := preset.Build("study", nn.Shape{1, 28, 28}, 10, activation.Must("prelu:channel"))
		if err != nil {
			t.Fatal(err)
		}
		net.Init(nn.PyTorchInit, seed)
		for i := range 8 {
			net.Param("act1.alpha").Data[i] = float32(i)/8 + float32(seed)
		}
		return net
	}
	net := build(1)
	writeNetwork(t, "a.onnx", net)
	writeNetwork(t, "c.onnx", build(2))
	for _, name := range []string{"conv1.weight", "conv1.bias", "act1.alpha"} {
		p := net.Param(name)
		exchange(p.Data, len(p.Data)/8)
	}
	for w := net.Param("conv2.weight").Data; len(w) > 0; w = w[8*25:] {
		exchange(w[:8*25], 25)
	}
	writeNetwork(t, "b.onnx", net)
}

// exchange puts the parts of v in the opposite order.
func exchange(v []float32, size int) {
	for i, j := 0, len(v)-size; i < j; i, j = i+size, j-size {
		for k := range size {
			v[i+k], v[j+k] = v[j+k], v[i+k]
		}
	}
}

// Two files whose channels are in different orders are told to be one network, others are not.
func TestCompareMatchesFilters(t *testing.T) {
	t.Chdir(t.TempDir())
	writeStudies(t)
	for b, same := range map[string]bool{"a.onnx": true, "b.onnx": true, "c.onnx": false} {
		r := compared(t, "a.onnx", b, "--data", "mnist", "--limit", "32")
		if r.Models == nil || r.Models.Filters == nil || r.Equal != nil {
			t.Fatalf("%s: %+v", b, r)
		}
		f := r.Models.Filters
		if f.Equal != same || (*f.MaxError == 0) != same || len(f.Layers) != 3 || (f.Layers[0].After > 0.999) != same {
			t.Errorf("%s: %+v, %+v", b, f, f.Layers)
		}
		if moved := f.Layers[0].Moved; b == "b.onnx" && (moved != 8 || f.Layers[0].Permutation[0] != 7) {
			t.Errorf("%s: %d channels moved: %v", b, moved, f.Layers[0].Permutation)
		}
		if s := f.Slopes[0]; same && *s.Correlation < 0.999 || s.From != 1 {
			t.Errorf("%s: %+v", b, s)
		}
		if m := r.Models.McNemar; !same && m.RightAlone[0]+m.RightAlone[1] == 0 || same && m.P != 1 {
			t.Errorf("%s: %+v", b, m)
		}
	}
}

// The picture shows the samples of the report, is not written over another file, and not at all
// if there is nothing to show.
func TestCompareDrawsDisagreements(t *testing.T) {
	t.Chdir(t.TempDir())
	writeStudies(t)
	flags := []string{"--data", "mnist", "--limit", "64", "--disagreements"}
	r := compared(t, append([]string{"a.onnx", "c.onnx"}, append(flags, "d.png")...)...)
	n := len(r.Models.Disagreements)
	if n < 11 || n > 50 || r.Models.Picture != "d.png" {
		t.Fatalf("%d disagreements, picture %q", n, r.Models.Picture)
	}
	drawn, err := os.ReadFile("d.png")
	if err != nil {
		t.Fatal(err)
	}
	img, err := png.Decode(bytes.NewReader(drawn))
	if err != nil {
		t.Fatal(err)
	}
	if rows := (n + 9) / 10; img.Bounds().Dx() != 3*(10*29+1) || img.Bounds().Dy() != 3*(rows*29+1) {
		t.Errorf("%v for %d samples", img.Bounds(), n)
	}
	out, stderr, code := gonn(append([]string{"compare", "a.onnx", "c.onnx"}, append(flags, "d.png")...)...)
	if code != exitUsage || !strings.Contains(stderr, "--force") || out != "" {
		t.Errorf("over a file: exit %d, %s%s", code, out, stderr)
	}
	if _, stderr, code = gonn(append([]string{"compare", "a.onnx", "c.onnx", "--force"}, append(flags, "d.png")...)...); code != 0 {
		t.Errorf("with --force: exit %d, %s", code, stderr)
	}
	if again, err := os.ReadFile("d.png"); err != nil || !bytes.Equal(again, drawn) {
		t.Errorf("another picture the second time (%v)", err)
	}
	_, stderr, code = gonn(append([]string{"compare", "a.onnx", "b.onnx"}, append(flags, "e.png")...)...)
	if _, err := os.Stat("e.png"); code != 0 || err == nil || !strings.Contains(stderr, "e.png is not written") {
		t.Errorf("without disagreements: exit %d, %s", code, stderr)
	}
	_, stderr, code = gonn("compare", "a.onnx", "b.onnx", "--same", "--disagreements", "f.png")
	if code != exitUsage || !strings.Contains(stderr, "--disagreements draws samples of a data set") {
		t.Errorf("without data: exit %d, %s", code, stderr)
	}
}
