package onnxio

import (
	"math"
	"path/filepath"
	"slices"
	"testing"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/onnxio/graph"
)

// Parameters are the file's tensors, in another order of axes or times a factor: what is said
// of them gives the parameter from the file's tensor, and back. Only where a normalisation is
// folded in, or a scale, the file does not hold them.
func TestRecoveredParamsAreTheFilesTensors(t *testing.T) {
	models, err := filepath.Glob(filepath.Join(exported, "*", "*", "model.onnx"))
	if err != nil || len(models) == 0 {
		t.Fatalf("no models (%v)", err)
	}
	params, found, turned, negated := 0, 0, 0, 0
	for _, file := range models {
		m, err := graph.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		im, err := Import(m)
		if err != nil {
			continue
		}
		files := map[string]*graph.Tensor{}
		for _, c := range m.Graph.Initializers {
			files[c.Name] = c
		}
		for _, r := range im.Params(m) {
			params++
			if r.Source == "" {
				t.Logf("%s: %s comes from %q", file, r.Name, r.Sources)
				continue
			}
			found++
			v, err := files[r.Source].Float32s()
			if err != nil {
				t.Fatal(err)
			}
			x := &nn.Tensor{Shape: dimsOf(files[r.Source]), Data: v}
			got, err := r.ToNetwork(x)
			if err != nil {
				t.Fatalf("%s: %s: %v", file, r.Name, err)
			}
			p := im.Network.Param(r.Name)
			if !p.Shape.Equal(got.Shape) || !near(got.Data, p.Data) {
				t.Errorf("%s: %s is not %s as it is said to lie", file, r.Name, r.Source)
			}
			back, err := r.ToFile(&nn.Tensor{Shape: p.Shape, Data: p.Data})
			if err != nil || !slices.Equal(back.Shape, x.Shape) || !near(back.Data, x.Data) {
				t.Errorf("%s: %s there and back: %v", file, r.Name, err)
			}
			if !slices.IsSorted(r.order) {
				turned++
			}
			if r.Factor == -1 {
				negated++
			}
		}
	}
	t.Logf("%d of %d parameters are tensors of their files, %d with other axes, %d negated", found, params, turned, negated)
	if found*10 < params*8 || turned == 0 || negated == 0 {
		t.Error("that is too few")
	}
}

func near(a, b []float32) bool {
	return len(a) == len(b) && !slices.ContainsFunc(a, func(v float32) bool { return v-v != 0 }) && maxDifference(a, b) <= 1e-6
}

func maxDifference(a, b []float32) (most float64) {
	for i, v := range a {
		most = max(most, math.Abs(float64(v)-float64(b[i]))/(1+math.Abs(float64(v))))
	}
	return most
}
