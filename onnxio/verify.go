package onnxio

import (
	"fmt"
	"math"
	"slices"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/onnxio/graph"
)

// verify holds a model that was written and read back against the network: the same
// layers with the same settings under the same names, the same parameters and the same
// results, all to the bit.
func verify(net *nn.Network, m *graph.Model) error {
	if err := checkModel(m); err != nil {
		return err
	}
	im, err := readWritten(m)
	if err != nil {
		return err
	}
	got := im.Network
	if len(got.Nodes()) != len(net.Nodes()) {
		return fmt.Errorf("%d layers instead of %d", len(got.Nodes()), len(net.Nodes()))
	}
	for i, n := range net.Nodes() {
		g := got.Nodes()[i]
		if !slices.Equal(g.Inputs, n.Inputs) {
			return fmt.Errorf("layer %q reads %q instead of %q", n.Name, g.Inputs, n.Inputs)
		}
		if g.Name != n.Name || g.Layer.Kind() != n.Layer.Kind() || !g.Shape.Equal(n.Shape) {
			return fmt.Errorf("layer %q (%s) %v instead of %q (%s) %v",
				g.Name, g.Layer.Kind(), g.Shape, n.Name, n.Layer.Kind(), n.Shape)
		}
		if err := sameSettings(g.Layer, writtenLayer(net, n)); err != nil {
			return fmt.Errorf("layer %q (%s): %w", n.Name, n.Layer.Kind(), err)
		}
	}
	for i, p := range net.Params() {
		g := got.Params()[i]
		if !g.Shape.Equal(p.Shape) || g.Role != p.Role {
			return fmt.Errorf("parameter %s has shape %v instead of %v", p.FullName(), g.Shape, p.Shape)
		}
		if j := firstDifference(g.Data, p.Data); g.FullName() != p.FullName() || j >= 0 {
			return fmt.Errorf("parameter %s differs at element %d", p.FullName(), j)
		}
	}
	return sameResults(net, got)
}

// sameResults runs both networks on two samples of a fixed pattern.
func sameResults(net, got *nn.Network) error {
	x := nn.NewTensor(append([]int{2}, net.InputShape()...)...)
	for i := range x.Data {
		x.Data[i] = float32(i*7%11)/10 - 0.2
	}
	want, err := net.Forward(x)
	if err != nil {
		return err
	}
	y, err := got.Forward(x)
	if err != nil {
		return err
	}
	if i := firstDifference(y.Data, want.Data); i >= 0 {
		return fmt.Errorf("result %v instead of %v at element %d", y.Data[i], want.Data[i], i)
	}
	return nil
}

// firstDifference is the first index at which two vectors differ in their bits, −1
// if there is none. NaN equals a NaN of the same bits.
func firstDifference(a, b []float32) int {
	if len(a) != len(b) {
		return min(len(a), len(b))
	}
	for i := range a {
		if math.Float32bits(a[i]) != math.Float32bits(b[i]) {
			return i
		}
	}
	return -1
}
