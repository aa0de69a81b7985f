package parity_test

import (
	"path/filepath"
	"slices"
	"testing"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/onnxio"
	"github.com/gonn-toolkit/gonn/onnxio/graph"
	"github.com/gonn-toolkit/gonn/onnxio/parity"
	"github.com/gonn-toolkit/gonn/train/data"
)

const exported = "../../testdata/golden/exported"

func tensors(t *testing.T, file string) map[string]*nn.Tensor {
	t.Helper()
	arrays, err := data.ReadNPZ(file)
	if err != nil {
		t.Fatal(err)
	}
	m := map[string]*nn.Tensor{}
	for name, a := range arrays {
		if m[name], err = a.Tensor(); err != nil {
			t.Fatal(err)
		}
	}
	return m
}

// The kernels compute what exporters wrote, layer by layer beside the file in float64, and in
// all plans; and the output is what the framework recorded.
func TestLayersOfExportedModels(t *testing.T) {
	files, err := filepath.Glob(filepath.Join(exported, "*", "*", "model.onnx"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no models (%v)", err)
	}
	count := 0
	var refused []string
	for _, file := range files {
		name, _ := filepath.Rel(exported, filepath.Dir(file))
		t.Run(name, func(t *testing.T) {
			m, err := graph.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			im, err := onnxio.Import(m)
			if err != nil {
				refused = append(refused, filepath.ToSlash(name))
				return
			}
			rec := tensors(t, filepath.Join(filepath.Dir(file), "recorded.npz"))
			r := &parity.Recorded{Inputs: map[string]*nn.Tensor{im.Input: rec["input"]}}
			parity.Check(t, &parity.Model{Graph: m, Imported: im}, r, parity.Options{})
			r.Expected = map[string]*nn.Tensor{im.Output: rec["output"]}
			parity.Check(t, &parity.Model{Graph: m, Imported: im}, r, parity.Options{})
			count++
		})
	}
	t.Logf("%d models", count)
	if want := []string{"keras-tf/study-gelu-activation"}; !slices.Equal(refused, want) {
		t.Errorf("%q have no trainable form, want %q", refused, want)
	}
}

// A file that takes a fixed number of samples is held against itself with as many.
func TestLayersOfAFixedNumberOfSamples(t *testing.T) {
	m, err := parity.OpenModel(filepath.Join(exported, "torchscript-static", "flatten-view-size-prelu-channel-module", "model.onnx"))
	if err != nil {
		t.Fatal(err)
	}
	for _, n := range []int{1, 2, 5} {
		x := nn.NewTensor(append([]int{n}, m.Imported.Network.InputShape()...)...)
		for i := range x.Data {
			x.Data[i] = float32(i%5) - 2
		}
		r := parity.Check(t, m, &parity.Recorded{Inputs: map[string]*nn.Tensor{m.Imported.Input: x}}, parity.Options{})
		if r.Output.Shape[0] != 2 {
			t.Errorf("%d samples: the output has shape %v, the file takes 2", n, r.Output.Shape)
		}
	}
}
