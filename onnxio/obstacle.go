package onnxio

import (
	"errors"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/onnxio/graph"
)

// probes are sizes that a file which leaves the size of its input open is tried at.
var probes = []int{32, 64, 224}

// Obstacle finds what stands in the way of importing a model at any size of the input that
// it leaves open: an operator that has no layer, in front of which all can be read. It is an
// *UnsupportedError, and nil if there is none or it shows at some sizes only.
func Obstacle(m *graph.Model) error {
	feeds := m.Graph.Feeds()
	if len(feeds) != 1 {
		return nil
	}
	var found *UnsupportedError
	for _, size := range probes {
		_, err := ImportOptions{InputShape: probe(feeds[0], size)}.Import(m)
		var why *UnsupportedError
		if !errors.As(err, &why) || len(why.Problems) == 0 || why.Problems[0].Reason != errNoLayer.Error() {
			return nil
		}
		if found != nil && found.Problems[0] != why.Problems[0] {
			return nil
		}
		found = why
	}
	return found
}

// probe is a sample to try a model with: of colour where the channels are open too.
func probe(in *graph.Value, size int) nn.Shape {
	if open := openAxes(in.Shape); len(in.Shape) == 3 && len(open) == 1 {
		return nn.Shape{size}
	}
	return nn.Shape{3, size, size}
}
