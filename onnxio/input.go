package onnxio

import (
	"fmt"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/onnxio/graph"
)

// input is the one input of a model, held against what a network has. The model must have
// one output, too.
func input(m *graph.Model) (*graph.Value, error) {
	inputs := m.Graph.Feeds()
	if len(inputs) != 1 {
		return nil, fmt.Errorf("the model has %d inputs; a network has 1", len(inputs))
	}
	if n := len(m.Graph.Outputs); n != 1 {
		return nil, fmt.Errorf("the model has %d outputs; a network has 1", n)
	}
	in := inputs[0]
	if in.Type != graph.Float {
		return nil, fmt.Errorf("input %q has element type %v; need FLOAT", in.Name, in.Type)
	}
	if !in.HasShape || len(in.Shape) == 0 || len(in.Shape) == 1 && !in.Shape[0].Known() {
		return nil, fmt.Errorf("input %q has no shape (N, …) in the file", in.Name)
	}
	var sample nn.Shape
	for i, d := range in.Shape {
		if i == 0 && len(in.Shape) > 1 {
			continue // the batch
		}
		if !d.Known() || d.Size < 1 || d.Size > 1<<20 {
			return nil, fmt.Errorf("input %q: axis %d is %v; every axis but the batch must be a fixed size", in.Name, i, d)
		}
		sample = append(sample, int(d.Size))
	}
	if tooLarge(sample) {
		return nil, fmt.Errorf("input %q has samples of shape %v; %w", in.Name, sample, ErrTooLarge)
	}
	return in, nil
}

// noteBatch tells what the file says of the batch.
func (im *importer) noteBatch(in *graph.Value, order AxisOrder) {
	switch d := in.Shape[0]; {
	case !order.Batched():
		im.notes = append(im.notes, "the file takes one sample, without an axis for the batch; the network takes any number")
	case d.Known():
		im.batch = d.Size
		if d.Size != 1 {
			im.notes = append(im.notes, fmt.Sprintf("the file fixes the batch at %d; the network takes any", d.Size))
		}
	}
}

// tooLarge reports whether a sample has more than MaxSample elements.
func tooLarge(s nn.Shape) bool {
	n := 1
	for _, d := range s {
		if d > MaxSample/n {
			return true
		}
		n *= d
	}
	return false
}
