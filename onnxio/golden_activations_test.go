package onnxio

import (
	"encoding/json"
	"math"
	"os"
	"slices"
	"testing"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/train/data"
)

// Chains of all activations as three exporters write them
// (testdata/ref/export_activations.py): each is recognised, and the chain gives what its
// framework gave.
func TestExportedActivationsAreRecognised(t *testing.T) {
	for _, exporter := range []string{"dynamo", "torchscript", "tf2onnx"} {
		t.Run(exporter, func(t *testing.T) {
			base := "../testdata/golden/activations/" + exporter
			var about struct{ Activations []string }
			text, err := os.ReadFile(base + ".json")
			if err == nil {
				err = json.Unmarshal(text, &about)
			}
			if err != nil {
				t.Fatal(err)
			}
			im, err := Load(base + ".onnx")
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, n := range im.Network.Nodes() {
				got = append(got, settings(n.Layer))
			}
			if len(got) < 13 || !slices.Equal(got, about.Activations) {
				t.Errorf("read as %v, want %v", got, about.Activations)
			}
			arrays, err := data.ReadNPZ(base + ".npz")
			if err != nil {
				t.Fatal(err)
			}
			checkChain(t, im.Network, arrays["input"].Float32, arrays["output"].Float32)
		})
	}
}

// checkChain holds a network's output to |a−b| ≤ 1e-5 + 1e-5·max|b|.
func checkChain(t *testing.T, net *nn.Network, input, want []float32) {
	t.Helper()
	size := net.InputShape().Size()
	x := nn.NewTensor(len(input)/size, size)
	copy(x.Data, input)
	y, err := net.Forward(x)
	if err != nil || len(y.Data) != len(want) {
		t.Fatalf("%d values (%v), want %d", len(y.Data), err, len(want))
	}
	scale := 0.0
	for _, v := range want {
		scale = max(scale, math.Abs(float64(v)))
	}
	for i, v := range want {
		if d := math.Abs(float64(y.Data[i]) - float64(v)); !(d <= 1e-5+1e-5*scale) {
			t.Errorf("element %d is %g, want %g", i, y.Data[i], v)
		}
	}
}
