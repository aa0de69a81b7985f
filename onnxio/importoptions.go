package onnxio

import (
	"fmt"
	"slices"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/onnxio/graph"
	"github.com/gonn-toolkit/gonn/onnxio/internal/rewrite"
)

// ImportOptions are what Import and Load need to know besides the file. The zero value is
// what these take.
type ImportOptions struct {
	// InputShape is the shape of a sample where the file leaves axes of its input open:
	// (C, H, W), as data have it; or (H, W) if the channels are in the file or follow from
	// its weights; or (L) of a sequence. Axes that the file fixes are not looked at.
	InputShape nn.Shape
}

// Load is the function of that name with options.
func (o ImportOptions) Load(path string) (*Imported, error) {
	m, err := graph.ReadFile(path)
	if err != nil {
		return nil, err
	}
	im, err := o.Import(m)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return im, nil
}

// Import is the function of that name with options.
func (o ImportOptions) Import(m *graph.Model) (*Imported, error) {
	if err := checkModel(m); err != nil {
		return nil, err
	}
	im, err := o.read(m)
	if wrong := contradictions(m); wrong != nil {
		return nil, join(err, wrong)
	}
	return im, err
}

// read imports a model that can be run.
func (o ImportOptions) read(m *graph.Model) (*Imported, error) {
	if im := importWritten(m); im != nil {
		return im, nil
	}
	rounding := roundingOf(m)
	notes := slices.Clone(m.Notes)
	for _, read := range []func(*graph.Model) (*graph.Model, []string, error){readAsTrained, resultsInFloat, inFloats} {
		var more []string
		var err error
		if m, more, err = read(m); err != nil {
			return nil, err
		}
		notes = append(notes, more...)
	}
	models, more, err := o.sized(m)
	if err != nil {
		return nil, err
	}
	var first error
	for _, m := range models {
		im, err := importInOrder(m, append(notes, more...), rounding)
		if err == nil {
			im.inputDims = m.Graph.Feeds()[0].Shape
			return im, nil
		}
		if first == nil || readsMore(err, first) {
			first = err
		}
	}
	return nil, first
}

// importInOrder imports a model with the axes of its input in the order in which it becomes
// a network.
func importInOrder(m *graph.Model, notes []string, rounding float64) (*Imported, error) {
	in, err := input(m)
	if err != nil {
		return nil, err
	}
	var reshaping *Imported
	prepared := rewrite.Prepare(m)
	read := func(order AxisOrder) (*Imported, error) { return importAs(m, prepared, in, order, notes, rounding) }
	for _, order := range axisOrders(m, in) {
		if reshaping != nil && !order.Batched() {
			break
		}
		im, failed := read(order)
		switch {
		case failed == nil && !im.reshapesInput():
			return ofPictures(im, in, read), nil
		case failed == nil && reshaping == nil:
			reshaping = im
		case failed != nil && (err == nil || readsMore(failed, err)):
			err = failed
		}
	}
	if reshaping != nil {
		return reshaping, nil
	}
	return nil, err
}

// reshapesInput reports whether the network begins by giving its input other axes, which it
// need not where these lie in another order.
func (im *Imported) reshapesInput() bool {
	return slices.ContainsFunc(im.Network.Nodes(), func(n *nn.Node) bool {
		return n.Layer.Kind() == "Reshape" && n.Inputs[0] == nn.InputName
	})
}
