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

// axisOrders are the orders that a network may have the axes of a file's input in, which are
// tried one after the other. The first is the file's own, in which pictures may have their
// channels last; then sequences and pictures without channels are taken as maps. A file
// that fixes all sizes may have been made of one sample, without an axis for the batch.
func axisOrders(m *graph.Model, in *graph.Value) []AxisOrder {
	batched := map[int][]AxisOrder{
		1: nil,
		2: {nil, {0, 3}},
		3: {nil, {0, 1, 3}, {0, 3, 1}, {0, 2, 3}},
		4: {nil, {0, 2, 3, 1}},
	}
	single := map[int][]AxisOrder{
		1: {{1}, {3}},
		2: {{1, 3}, {3, 1}},
		3: {{1, 2, 3}, {2, 3, 1}},
		4: {{1, 2, 3, 4}},
	}
	rank := len(in.Shape)
	all, known := batched[rank]
	if !known {
		return []AxisOrder{nil}
	}
	if size := in.Shape[0]; size.Known() && size.Size >= 1 {
		all = append(all, single[rank]...)
	}
	if len(m.Graph.Nodes) > mostReordered {
		all = all[:1]
	}
	return all
}

// mostReordered is the largest number of nodes of a file that is read in more than one order,
// so that what cannot be read is refused as soon as in one.
const mostReordered = 1000

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
