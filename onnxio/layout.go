package onnxio

import (
	"fmt"
	"slices"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/onnxio/internal/rewrite"
)

// Layout says how the elements of a file's value lie in the output of a layer. The file may
// have a map (N, C, H, W) as (N, H, W, C), and its features as (N, H·W·C); a sequence
// (N, C, L) is a map of one row. The zero Layout is the same order of the same axes.
type Layout struct {
	// sizes are those of the parts into which both are cut, in the network's order, the
	// batch first; groups is how many of them each axis of the network's has, axes lists
	// those of each axis of the file's.
	sizes  []int
	groups []int
	axes   [][]int
}

func layoutOf(p rewrite.Place) Layout { return Layout{p.Sizes, p.Groups, p.Axes} }

// Same reports whether the file's value and the layer's output have the same axes.
func (l Layout) Same() bool {
	if l.axes == nil {
		return true
	}
	if len(l.axes) != len(l.groups) {
		return false
	}
	at := 0
	for i, axis := range l.axes {
		for k := range max(l.groups[i], len(axis)) {
			if k >= len(axis) || k >= l.groups[i] || axis[k] != at+k {
				return false
			}
		}
		at += l.groups[i]
	}
	return true
}

// String gives the shape of the file's value with its axes named by those of the network's.
func (l Layout) String() string {
	if l.Same() {
		return "as in the network"
	}
	names := "NCHW"
	s := "("
	for i, axis := range l.axes {
		if i > 0 {
			s += ", "
		}
		for k, p := range axis {
			if k > 0 {
				s += "·"
			}
			if len(l.sizes) == 4 {
				s += names[p : p+1]
			} else {
				s += fmt.Sprint("axis ", p)
			}
		}
		if len(axis) == 0 {
			s += "1"
		}
	}
	return s + ")"
}

// ToNetwork gives a value of the file, with its batch, as the network has it. Its shape must
// be the file's, but for the size of the batch. Without a change it is x itself.
func (l Layout) ToNetwork(x *nn.Tensor) (*nn.Tensor, error) {
	if l.Same() {
		return x, nil
	}
	cut, batch, err := l.cut(x.Shape)
	if err != nil {
		return nil, err
	}
	order := l.order()
	from := make([]int, len(order)) // by the parts
	for i, p := range order {
		from[p] = i
	}
	y := moved(&nn.Tensor{Shape: cut, Data: x.Data}, from)
	y.Shape = l.joined(batch)
	return y, nil
}

// ToFile gives an output of the layer, with its batch, as the file has the value.
func (l Layout) ToFile(x *nn.Tensor) (*nn.Tensor, error) {
	if l.Same() {
		return x, nil
	}
	if len(x.Shape) == 0 || !slices.Equal(x.Shape, l.joined(x.Shape[0])) {
		return nil, fmt.Errorf("a value of shape %v; need %v but for the batch", nn.Shape(x.Shape), nn.Shape(l.joined(l.sizes[0])))
	}
	sizes := slices.Clone(l.sizes)
	sizes[0] = x.Shape[0]
	y := moved(&nn.Tensor{Shape: sizes, Data: x.Data}, l.order())
	y.Shape = l.fileShape(sizes)
	return y, nil
}

// order lists all parts as the file has them; those that it does not have, of one element,
// come last.
func (l Layout) order() []int {
	order := slices.Concat(l.axes...)
	for p := range l.sizes {
		if !slices.Contains(order, p) {
			order = append(order, p)
		}
	}
	return order
}

// cut is the shape of a file's value cut into its parts, in the file's order.
func (l Layout) cut(shape []int) (sizes []int, batch int, err error) {
	all := slices.Clone(l.sizes)
	all[0] = 1
	for i, axis := range l.axes {
		if slices.Contains(axis, 0) && i < len(shape) {
			if rest := l.fileShape(all)[i]; shape[i]%rest == 0 {
				all[0] = shape[i] / rest
			}
		}
	}
	if !slices.Equal(l.fileShape(all), shape) {
		return nil, 0, fmt.Errorf("a value of shape %v; need %v but for the batch", nn.Shape(shape), nn.Shape(l.fileShape(all)))
	}
	for _, p := range l.order() {
		sizes = append(sizes, all[p])
	}
	return sizes, all[0], nil
}

// fileShape is the shape of the file's value for parts of the given sizes.
func (l Layout) fileShape(sizes []int) []int {
	shape := make([]int, len(l.axes))
	for i, axis := range l.axes {
		shape[i] = 1
		for _, p := range axis {
			shape[i] *= sizes[p]
		}
	}
	return shape
}

// joined is the shape of the network's value.
func (l Layout) joined(batch int) []int {
	shape, at := make([]int, len(l.groups)), 0
	for i, n := range l.groups {
		shape[i] = 1
		for p := at; p < at+n; p++ {
			if p == 0 {
				shape[i] *= batch
			} else {
				shape[i] *= l.sizes[p]
			}
		}
		at += n
	}
	return shape
}
