package model_test

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/nn/layer"
	"github.com/gonn-toolkit/gonn/onnxio"
	"github.com/gonn-toolkit/gonn/onnxio/graph"
	"github.com/gonn-toolkit/gonn/train/model"
)

// write encodes a network with metadata, perhaps rewritten by a tool, and opens the file.
func write(t *testing.T, net *nn.Network, metadata map[string]string, rewrite func(*graph.Model)) *model.Model {
	t.Helper()
	net.Init(nn.KerasInit, 1)
	g, err := onnxio.Export(net, onnxio.EncodeOptions{Metadata: metadata})
	if err != nil {
		t.Fatal(err)
	}
	if rewrite != nil {
		rewrite(g)
	}
	path := filepath.Join(t.TempDir(), "m.onnx")
	if err := os.WriteFile(path, g.Bytes(), 0o666); err != nil {
		t.Fatal(err)
	}
	m, err := model.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func dense(t *testing.T, outputs int) *nn.Network {
	t.Helper()
	net, err := nn.Sequential(nn.Shape{1, 2, 2}, layer.Flatten{}, layer.Dense{Out: outputs})
	if err != nil {
		t.Fatal(err)
	}
	return net
}

// One output tells two classes apart, files of others name no classes, and names that do not
// go with the outputs are told and not used.
func TestClassNames(t *testing.T) {
	named := func(outputs int, names string, rewrite func(*graph.Model), more ...string) *model.Model {
		metadata := map[string]string{"class_names": names}
		for _, key := range more {
			metadata[key] = "x"
		}
		return write(t, dense(t, outputs), metadata, rewrite)
	}
	strange := func(g *graph.Model) { g.Producer = "onnxsim" }
	for _, tc := range []struct {
		m     *model.Model
		want  string
		noted bool
	}{
		{named(1, "no,yes", nil), "no yes", false},
		{named(2, "no,yes", nil), "no yes", false},
		{named(1, "no,yes,perhaps", nil), "", true},
		{named(3, "a,a,b", nil), "", true},
		{named(2, "no,yes", strange), "", false},
		{named(2, "no,yes", strange, "data_sha256", "semantics"), "no yes", false},
		{named(2, "no,yes", strange, "net_sha256"), "no yes", false},
	} {
		got := strings.Join(tc.m.ClassNames(), " ")
		noted := slices.ContainsFunc(tc.m.Notes(), func(n string) bool { return strings.Contains(n, "class_names in its metadata are not used") })
		if got != tc.want || noted != tc.noted {
			t.Errorf("%q: %q and notes %q, want %q", tc.m.Metadata, got, tc.m.Notes(), tc.want)
		}
	}
}

// How pixels are read comes from the metadata where it goes with the network.
func TestNormalize(t *testing.T) {
	for told, want := range map[string]string{"": "", "0.5:0.25": "0.5:0.25", "0.5,0.5,0.5:0.25": "", "half": ""} {
		m := write(t, dense(t, 2), map[string]string{"normalize": told}, nil)
		noted := slices.ContainsFunc(m.Notes(), func(n string) bool { return strings.Contains(n, "normalize in its metadata is not used") })
		if m.Normalize != want || noted != (told != want) {
			t.Errorf("%q: %q, notes %q", told, m.Normalize, m.Notes())
		}
	}
}

// A network that scales pixels itself is told of, unless it gets them as they are.
func TestScalesPixels(t *testing.T) {
	build := func(l layer.Rescaling, scale float32) *nn.Network {
		net, err := nn.Sequential(nn.Shape{1, 2, 2}, l, layer.Flatten{}, layer.Dense{Out: 2})
		if err != nil {
			t.Fatal(err)
		}
		for i := range net.Nodes()[0].Params[0].Data {
			net.Nodes()[0].Params[0].Data[i] = scale
		}
		return net
	}
	for _, tc := range []struct {
		scale     float32
		normalize string
		want      bool
	}{
		{1. / 255, "", true},
		{1. / 127.5, "", true},
		{1. / 64, "", true},
		{1. / 255, "0:1:1", false},
		{1. / 255, "0.5:0.5", true},
		{2, "", false},
		{1, "", false},
	} {
		m := write(t, build(layer.Rescaling{NoOffset: true}, tc.scale), map[string]string{"normalize": tc.normalize}, nil)
		if how, twice := m.ScalesPixels(); twice != tc.want {
			t.Errorf("a factor of %v, normalised by %q: %v (%s)", tc.scale, tc.normalize, twice, how)
		}
	}
}

// The loss comes from the metadata where it goes with the network; what does not is told.
func TestLossOfMetadata(t *testing.T) {
	for _, c := range []struct {
		loss, weights, want string
		noted               bool
	}{
		{"bce-logits", "", "bce-logits", false},
		{"cross-entropy", "1,2", "cross-entropy 1,2", false},
		{"cross-entropy", "1,2,3", "cross-entropy", true},
		{"cross-entropy", "heavy", "cross-entropy", true},
		{"nonsense", "", "cross-entropy", true},
		{"bce", "", "cross-entropy", false}, // the file ends in another layer now
	} {
		m := write(t, dense(t, 2), map[string]string{"loss": c.loss, "class_weights": c.weights, "semantics": "keras"}, nil)
		s := m.LossSettings()
		noted := slices.ContainsFunc(m.Notes(), func(n string) bool { return strings.Contains(n, "loss and class_weights in its metadata are not used") })
		if got := strings.TrimSpace(s.Loss + " " + s.ClassWeights); got != c.want || noted != c.noted {
			t.Errorf("%s with weights %q: %q, notes %q", c.loss, c.weights, got, m.Notes())
		}
	}
}
