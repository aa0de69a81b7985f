package onnxio

import (
	"fmt"
	"slices"
	"strings"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/onnxio/graph"
)

// OpenSizeError says that a file leaves axes of its input open which a network needs:
// ImportOptions.InputShape gives them.
type OpenSizeError struct {
	Input string
	Shape []graph.Dim // in the file, with the batch
	Axes  []int       // those that are open
}

// Error names the axes and says how to give them.
func (e *OpenSizeError) Error() string {
	size := "HxW"
	switch {
	case len(e.Shape) < 4 && len(e.Axes) == 1:
		size = "L"
	case len(e.Axes) > 2, len(e.Shape) == 4 && len(e.Axes) == 1 && e.Axes[0] == 1:
		size = "CxHxW"
	}
	axes := fmt.Sprintf("axis %d is", e.Axes[0])
	if last := len(e.Axes) - 1; last > 0 {
		axes = fmt.Sprintf("axes %s and %d are", joinInts(e.Axes[:last]), e.Axes[last])
	}
	in := graph.Value{HasShape: true, Shape: e.Shape}
	return fmt.Sprintf("input %q has shape %s: %s open; give --size %s, or data", e.Input, in.ShapeText(), axes, size)
}

func joinInts(v []int) string {
	parts := make([]string, len(v))
	for i, x := range v {
		parts[i] = fmt.Sprint(x)
	}
	return strings.Join(parts, ", ")
}

// sized is the model with the sizes that it leaves open: one, or, where it is open too
// which axis has the channels, one for each order. A model of fixed sizes is given as it is.
func (o ImportOptions) sized(m *graph.Model) ([]*graph.Model, []string, error) {
	feeds := m.Graph.Feeds()
	if len(feeds) != 1 || !feeds[0].HasShape || len(feeds[0].Shape) < 2 || len(openAxes(feeds[0].Shape)) == 0 {
		return []*graph.Model{m}, nil, nil
	}
	in := feeds[0]
	dims := KnownInput(m, in).Shape
	all := [][]graph.Dim{dims}
	if open := openAxes(dims); len(open) > 0 {
		if len(o.InputShape) == 0 {
			return nil, nil, &OpenSizeError{in.Name, in.Shape, open}
		}
		if slices.Min(o.InputShape) < 1 {
			return nil, nil, fmt.Errorf("input %q: size %v is none that a sample can have", in.Name, o.InputShape)
		}
		if tooLarge(o.InputShape) {
			return nil, nil, fmt.Errorf("input %q: size %v is none that a sample can have: %w", in.Name, o.InputShape, ErrTooLarge)
		}
		if all = fill(dims, o.InputShape); all == nil {
			return nil, nil, fmt.Errorf("input %q has shape %s, which size %v does not fit", in.Name, in.ShapeText(), o.InputShape)
		}
	}
	var models []*graph.Model
	for _, dims := range all {
		models = append(models, withInput(m, in, dims))
	}
	note := fmt.Sprintf("the file leaves the size of its input open, %s; the network takes one size", in.ShapeText())
	return models, []string{note}, nil
}

// openAxes are the axes behind the batch that have no size.
func openAxes(dims []graph.Dim) (open []int) {
	for i, d := range dims {
		if i > 0 && !d.Known() {
			open = append(open, i)
		}
	}
	return open
}

// Sized is the model that the network was imported from, with the sizes that the network has
// where the file leaves those of its input open: m itself if it leaves none.
func (im *Imported) Sized(m *graph.Model) *graph.Model {
	feeds := m.Graph.Feeds()
	if len(feeds) != 1 || len(feeds[0].Shape) != len(im.inputDims) || len(openAxes(feeds[0].Shape)) == 0 {
		return m
	}
	return withInput(m, feeds[0], im.inputDims)
}

// withInput is a model whose input has a shape.
func withInput(m *graph.Model, in *graph.Value, dims []graph.Dim) *graph.Model {
	v := *in
	v.Shape = dims
	g := *m.Graph
	g.Inputs = slices.Clone(g.Inputs)
	g.Inputs[slices.Index(g.Inputs, in)] = &v
	c := *m
	c.Graph = &g
	return &c
}

// fill gives the open axes sizes, in each order that the known ones allow; nil if there is
// none.
func fill(dims []graph.Dim, shape nn.Shape) (all [][]graph.Dim) {
	for _, sizes := range placed(dims, shape) {
		full, fits := slices.Clone(dims), true
		for i, d := range dims {
			if i > 0 && !d.Known() {
				fits = fits && sizes[i-1] > 0
				full[i] = graph.Dim{Size: int64(sizes[i-1])}
			}
		}
		if fits {
			all = append(all, full)
		}
	}
	return all
}

// placed lists the ways in which a sample's sizes may lie along the axes behind the batch;
// 0 stands for one that is not given.
func placed(dims []graph.Dim, shape nn.Shape) [][]int {
	open := openAxes(dims)
	all := shape.Size()
	if len(dims) == 2 {
		return [][]int{{all}}
	}
	c, h, w := 0, 1, shape[len(shape)-1]
	if len(shape) > 1 {
		h = shape[len(shape)-2]
	}
	if len(shape) == 3 {
		c = shape[0]
	}
	switch {
	case len(shape) > 3:
		return nil
	case len(dims) == 3 && len(open) == 1 && min(h, w) == 1: // along a sequence
		return [][]int{{h * w, h * w}}
	case len(dims) == 3:
		return [][]int{{h, w}}
	case len(dims) != 4 || len(shape) < 2:
		return nil
	}
	first, last := []int{c, h, w}, []int{h, w, c}
	switch {
	case dims[1].Known() && !dims[3].Known():
		return [][]int{first}
	case dims[3].Known() && !dims[1].Known():
		return [][]int{last}
	}
	return [][]int{first, last}
}
