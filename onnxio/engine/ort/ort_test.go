//go:build ort && (darwin || freebsd || linux || netbsd || windows)

package ort

import (
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/nn/activation"
	"github.com/gonn-toolkit/gonn/nn/preset"
	"github.com/gonn-toolkit/gonn/onnxio"
	"github.com/gonn-toolkit/gonn/onnxio/engine"
	"github.com/gonn-toolkit/gonn/onnxio/graph"
	"github.com/gonn-toolkit/gonn/onnxio/parity"
)

// here is the engine with the library of GONN_ORT_LIB. Who builds with the tag wants it
// tested.
func here(t *testing.T) Engine {
	t.Helper()
	path := os.Getenv("GONN_ORT_LIB")
	if path == "" {
		t.Fatal("GONN_ORT_LIB must name ONNX Runtime's shared library")
	}
	return Engine{path}
}

// study is the study's network with random parameters.
func study(t *testing.T, act string) *nn.Network {
	t.Helper()
	net, err := preset.Build("study", nn.Shape{1, 28, 28}, 10, activation.Must(act))
	if err != nil {
		t.Fatal(err)
	}
	net.Init(nn.PyTorchInit, 1)
	rng := rand.New(rand.NewPCG(1, 2))
	for _, p := range net.Params() {
		if p.Role == nn.Slope || p.Role == nn.Beta {
			for i := range p.Data {
				p.Data[i] = 2*rng.Float32() - 1
			}
		}
	}
	return net
}

func pictures(n int) *nn.Tensor {
	rng := rand.New(rand.NewPCG(3, 4))
	x := nn.NewTensor(n, 1, 28, 28)
	for i := range x.Data {
		x.Data[i] = 3*rng.Float32() - 0.5
	}
	return x
}

func open(t *testing.T, e engine.Engine, m *graph.Model) engine.Session {
	t.Helper()
	s, err := e.Open(m)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}

func exported(t *testing.T, net *nn.Network) *graph.Model {
	t.Helper()
	m, err := onnxio.Export(net, onnxio.EncodeOptions{})
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// ONNX Runtime and gonn give the same logits for the study's network in every
// activation, for batches of several sizes in one session.
func TestStudyEqualsGonn(t *testing.T) {
	e := here(t)
	tolerance, err := parity.ParseTolerance("close")
	if err != nil {
		t.Fatal(err)
	}
	for _, act := range []string{
		"leaky:-1", "leaky:-0.5", "leaky:0", "leaky:0.5", "leaky:1", "prelu:one", "prelu:channel", "prelu:element",
		"swish", "swish-beta:one", "swish-beta:channel", "mish",
	} {
		m := exported(t, study(t, act))
		runtime, gonn := open(t, e, m), open(t, engine.Gonn{}, m)
		for _, n := range []int{1, 2, 33} {
			in := map[string]*nn.Tensor{nn.InputName: pictures(n)}
			got, err := runtime.Run(in)
			if err != nil {
				t.Fatal(err)
			}
			want, err := gonn.Run(in)
			if err != nil {
				t.Fatal(err)
			}
			r, err := parity.Tensors(act, got["logits"], want["logits"], tolerance)
			if err != nil || !r.Equal {
				t.Errorf("%+v, %v", r, err)
			}
			if n == 33 {
				t.Logf("%s: off by %.2g on a scale of %.3g", act, r.MaxError, r.Scale)
			}
		}
	}
}

// Results are the caller's: they stay when the session runs again or is closed.
func TestResultsStay(t *testing.T) {
	s, err := here(t).Open(exported(t, study(t, "leaky:0.5")))
	if err != nil {
		t.Fatal(err)
	}
	run := func(x *nn.Tensor) []float32 {
		y, err := s.Run(map[string]*nn.Tensor{nn.InputName: x})
		if err != nil {
			t.Fatal(err)
		}
		return y["logits"].Data
	}
	first := run(pictures(2))
	before := slices.Clone(first)
	if second := run(nn.NewTensor(2, 1, 28, 28)); slices.Equal(first, second) {
		t.Error("two inputs give one result")
	}
	for range 2 {
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
	}
	if !slices.Equal(first, before) {
		t.Error("a result has changed")
	}
	if _, err := s.Run(map[string]*nn.Tensor{nn.InputName: pictures(1)}); err == nil || !strings.Contains(err.Error(), "closed") {
		t.Errorf("a closed session runs: %v", err)
	}
}

func TestErrorsOfLibraries(t *testing.T) {
	m := exported(t, study(t, "leaky:0.5"))
	text := filepath.Join(t.TempDir(), "text.so")
	if err := os.WriteFile(text, []byte("no library"), 0o600); err != nil {
		t.Fatal(err)
	}
	for path, want := range map[string]string{
		"":                            "is not given",
		"/no/such/library.so":         "/no/such/library.so",
		text:                          "text.so",
		otherLibrary(here(t).Library): "OrtGetApiBase",
	} {
		s, err := Engine{path}.Open(m)
		if s != nil || err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: got %v and error %v, want %q in it", path, s, err, want)
		}
	}
}

// otherLibrary is one beside ONNX Runtime's that is not it.
func otherLibrary(path string) string {
	return filepath.Join(filepath.Dir(path), "libonnxruntime_providers_shared.so")
}

func TestErrorsOfModels(t *testing.T) {
	e := here(t)
	m := exported(t, study(t, "leaky:0.5"))
	s := open(t, e, m)
	for name, tc := range map[string]struct {
		in   map[string]*nn.Tensor
		want string
	}{
		"none":     {nil, `input "input" is missing`},
		"one more": {map[string]*nn.Tensor{"input": pictures(1), "x": pictures(1)}, "x"},
		"shape":    {map[string]*nn.Tensor{"input": nn.NewTensor(1, 28, 28)}, "rank"},
		"empty":    {map[string]*nn.Tensor{"input": nn.NewTensor(0, 1, 28, 28)}, "shape (0, 1, 28, 28) with 0 values"},
		"values":   {map[string]*nn.Tensor{"input": {Shape: []int{1, 1, 28, 28}, Data: make([]float32, 3)}}, "with 3 values"},
	} {
		if y, err := s.Run(tc.in); y != nil || err == nil || !strings.Contains(err.Error(), tc.want) {
			t.Errorf("%s: got %v and error %v, want %q in it", name, y, err, tc.want)
		}
	}

	broken := exported(t, study(t, "leaky:0.5"))
	broken.Graph.Nodes[1].OpType = "NoSuchOperator"
	if s, err := e.Open(broken); s != nil || err == nil || !strings.Contains(err.Error(), "NoSuchOperator") {
		t.Errorf("an operator that is none: %v, %v", s, err)
	}

	shape := exported(t, study(t, "leaky:0.5"))
	shape.Graph.Nodes = append(shape.Graph.Nodes, &graph.Node{OpType: "Shape", Inputs: []string{"logits"}, Outputs: []string{"size"}})
	shape.Graph.Outputs = []*graph.Value{{Name: "size", Type: graph.Int64}}
	if _, err := open(t, e, shape).Run(map[string]*nn.Tensor{"input": pictures(1)}); err == nil || !strings.Contains(err.Error(), `output "size": element type INT64`) {
		t.Errorf("a result of integers: %v", err)
	}
}
