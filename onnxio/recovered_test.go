package onnxio

import (
	"math"
	"path/filepath"
	"slices"
	"testing"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/onnxio/graph"
	"github.com/gonn-toolkit/gonn/onnxio/reference"
)

// Each value of a file that is said to be a layer's output is so: the evaluator computes the
// file, the kernels the network, and what they give is the same by the layouts. Most layers
// have such a value.
func TestRecoveredValuesAreTheLayers(t *testing.T) {
	layers, placed, all := 0, 0, 0
	var refused []string // of the goldens
	eachExported(t, func(t *testing.T, root, name, file string) {
		m, err := graph.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		im, err := Import(m)
		if err != nil {
			if root == exported {
				refused = append(refused, filepath.ToSlash(name))
			}
			return
		}
		x := readNPZ(t, filepath.Join(filepath.Dir(file), "recorded.npz"))["input"]
		a, b, c := valuesHold(t, m, im, x)
		layers, placed, all = layers+a, placed+b, all+c
	})
	t.Logf("%d of %d layers have a value in the file; %d values of the files are those of layers", placed, layers, all)
	if want := []string{"keras-tf/study-gelu-activation"}; !slices.Equal(refused, want) {
		t.Errorf("%q have no trainable form, want %q", refused, want)
	}
	if placed*20 < layers*19 {
		t.Errorf("only %d of %d layers have a value in the file", placed, layers)
	}
}

// valuesHold compares all values of a file that layers give, and counts them.
func valuesHold(t *testing.T, m *graph.Model, im *Imported, x *nn.Tensor) (layers, placed, all int) {
	t.Helper()
	file, err := reference.New(m)
	if err != nil {
		t.Fatal(err)
	}
	own, err := im.InputOrder.ToNetwork(x)
	if err != nil {
		t.Fatal(err)
	}
	names := []string{nn.InputName}
	for _, n := range im.Network.Nodes() {
		names = append(names, n.Name)
	}
	e, err := nn.NewExecutor(im.Network, nn.ExecutorConfig{Outputs: names})
	if err != nil {
		t.Fatal(err)
	}
	r, err := e.Run(map[string]*nn.Tensor{nn.InputName: own}, nil)
	if err != nil {
		t.Fatal(err)
	}
	see := func(name string, got *reference.Tensor) {
		v, ok := im.Value(name)
		if !ok {
			return
		}
		all++
		want, err := v.ToFile(r.Outputs[v.Layer])
		if err != nil {
			t.Errorf("%s, layer %s: %v", name, v.Layer, err)
			return
		}
		if !nn.Shape(got.Shape).Equal(want.Shape) {
			t.Errorf("%s: shape %v, by layer %s %v", name, got.Shape, v.Layer, want.Shape)
			return
		}
		scale, worst := 0.0, 0.0
		for i, g := range got.Floats {
			scale = max(scale, math.Abs(g))
			worst = max(worst, math.Abs(g-float64(want.Data[i])))
		}
		if !(worst <= 1e-4*(1+scale)) {
			t.Errorf("%s (%v): off by %g of %g from layer %s", name, v.Layout, worst, scale, v.Layer)
		}
		back, err := v.ToNetwork(want)
		if err != nil {
			t.Errorf("%s: %v", name, err)
		} else if i := firstDifference(back.Data, r.Outputs[v.Layer].Data); i >= 0 && v.Factor == 1 || !nn.Shape(back.Shape).Equal(r.Outputs[v.Layer].Shape) {
			t.Errorf("%s: there and back is not the same", name)
		}
	}
	if _, err := file.Observe(map[string]*reference.Tensor{im.Input: reference.FromFloat32s(x.Shape, x.Data)}, see); err != nil {
		t.Fatal(err)
	}
	for _, l := range im.Layers {
		if len(l.Values) > 0 {
			placed++
		} else {
			t.Logf("layer %s (%v) has no value", l.Name, l)
		}
	}
	return len(im.Layers), placed, all
}
