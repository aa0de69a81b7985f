package onnxio

import (
	"fmt"
	"math"
	"testing"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/nn/activation"
	"github.com/gonn-toolkit/gonn/nn/layer"
)

// settings writes all settings of a layer that a file keeps. The start value and
// the derivative at kinks concern training only, and ONNX has no place for them.
func settings(l nn.Layer) string {
	switch l := l.(type) {
	case layer.Conv:
		return fmt.Sprintf("%+v", l.Normal())
	case layer.ConvTranspose:
		return fmt.Sprintf("%s%+v", l.Kind(), l.Normal())
	case layer.MaxPool:
		return fmt.Sprintf("%s%+v", l.Kind(), l.Normal())
	case layer.AveragePool:
		return fmt.Sprintf("%s%+v", l.Kind(), l.Normal())
	case activation.Layer:
		l.Start = nil
		return l.String()
	}
	return fmt.Sprintf("%s%+v", l.Kind(), l)
}

// sameNetwork holds two networks against each other: names, layers with all their
// settings, parameters and results, to the bit.
func sameNetwork(t *testing.T, got, want *nn.Network) {
	t.Helper()
	if g, w := describe(got), describe(want); g != w {
		t.Fatalf("the network is\n%s\nwant\n%s", g, w)
	}
	for i, w := range want.Params() {
		g := got.Params()[i]
		if g.FullName() != w.FullName() || !g.Shape.Equal(w.Shape) {
			t.Errorf("parameter %s %v, want %s %v", g.FullName(), g.Shape, w.FullName(), w.Shape)
		}
		sameBits(t, w.FullName(), g.Data, w.Data)
	}
	_, g := run(t, got, 3)
	_, w := run(t, want, 3)
	sameBits(t, "result", g.Data, w.Data)
}

func sameBits(t *testing.T, what string, got, want []float32) {
	t.Helper()
	if len(got) != len(want) {
		t.Fatalf("%s has %d values, want %d", what, len(got), len(want))
	}
	for i := range want {
		if math.Float32bits(got[i]) != math.Float32bits(want[i]) {
			t.Fatalf("%s: element %d is %v, want %v", what, i, got[i], want[i])
		}
	}
}

// distance is max|a−b| and the largest that counts as close: 1e-5 + 1e-5·max|b|.
func distance(a, b []float32) (worst, allowed float64) {
	scale := 0.0
	for i := range b {
		d := math.Abs(float64(a[i]) - float64(b[i]))
		if !(d <= worst) { // a NaN is the worst of all
			worst = d
		}
		scale = max(scale, math.Abs(float64(b[i])))
	}
	return worst, 1e-5 + 1e-5*scale
}
