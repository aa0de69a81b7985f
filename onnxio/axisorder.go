package onnxio

import (
	"fmt"
	"slices"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/onnxio/graph"
)

// AxisOrder says how the axes of the file's value lie in the network's: axis i of the file's,
// the batch being 0, is axis o[i]. nil is the same order. (N, H, W, C) in the file and
// (N, C, H, W) in the network is {0, 2, 3, 1}.
//
// Axes of one element need not be in both. −1 stands for one of the file's that the network
// does not have. One of the network's, up to the last that is named, is left out where the
// file does not have it: a sequence (N, C, L) in the file and a map of one row (N, C, 1, L) in
// the network is {0, 1, 3}, and a file that takes a single sample (C, H, W) is {1, 2, 3}.
type AxisOrder []int

// String names the usual orders of pictures and sequences by their axes in the file.
func (o AxisOrder) String() string {
	if o == nil {
		return "as in the file"
	}
	if len(o) == 0 || slices.Max(o) != 3 || slices.Min(o) < 0 {
		return fmt.Sprint([]int(o))
	}
	name := make([]byte, len(o))
	for i, a := range o {
		name[i] = "NCHW"[a]
	}
	return string(name)
}

// Batched reports whether the file's value has the batch as its first axis. Else the file
// takes or gives one sample at a time.
func (o AxisOrder) Batched() bool { return o == nil || len(o) > 0 && o[0] == 0 }

// ToNetwork gives a value of the file with its axes as the network has them. Without an
// order it is x itself.
func (o AxisOrder) ToNetwork(x *nn.Tensor) (*nn.Tensor, error) {
	if o == nil {
		return x, nil
	}
	if len(x.Shape) != len(o) {
		return nil, fmt.Errorf("a value of shape %v has %d axes, need %d", nn.Shape(x.Shape), len(x.Shape), len(o))
	}
	from := slices.Repeat([]int{-1}, slices.Max(append([]int{-1}, o...))+1) // by the network's axes
	for i, a := range o {
		if a >= 0 {
			from[a] = i
		} else if x.Shape[i] != 1 {
			return nil, fmt.Errorf("a value of shape %v has %d elements along axis %d, need 1", nn.Shape(x.Shape), x.Shape[i], i)
		}
	}
	return moved(x, from), nil
}

// OutputToNetwork gives an output of the file with its axes as the network's output has them: with
// those of one element at the end that the file leaves out.
func (im *Imported) OutputToNetwork(y *nn.Tensor) (*nn.Tensor, error) {
	t, err := im.OutputOrder.ToNetwork(y)
	if err != nil {
		return nil, err
	}
	missing := 1 + len(im.Network.OutputShape()) - len(t.Shape)
	if im.OutputOrder == nil || missing <= 0 {
		return t, nil
	}
	return &nn.Tensor{Shape: append(slices.Clone(t.Shape), slices.Repeat([]int{1}, missing)...), Data: t.Data}, nil
}

// ToFile gives a value of the network with its axes as the file has them.
func (o AxisOrder) ToFile(x *nn.Tensor) (*nn.Tensor, error) {
	if o == nil {
		return x, nil
	}
	for a, d := range x.Shape {
		if d != 1 && !slices.Contains(o, a) {
			return nil, fmt.Errorf("a value of shape %v has %d elements along axis %d, which the file does not have", nn.Shape(x.Shape), d, a)
		}
	}
	if need := slices.Max(append([]int{-1}, o...)) + 1; len(x.Shape) < need {
		return nil, fmt.Errorf("a value of shape %v has %d axes, need %d", nn.Shape(x.Shape), len(x.Shape), need)
	}
	return moved(x, o), nil
}

// moved is x with axis from[i] as its axis i; −1 is an axis of one element. Axes of x that
// are not among them have one element too.
func moved(x *nn.Tensor, from []int) *nn.Tensor {
	stride := make([]int, len(x.Shape))
	for a, n := len(x.Shape)-1, 1; a >= 0; a-- {
		stride[a] = n
		n *= x.Shape[a]
	}
	shape, step := make([]int, len(from)), make([]int, len(from))
	for i, a := range from {
		shape[i] = 1
		if a >= 0 {
			shape[i], step[i] = x.Shape[a], stride[a]
		}
	}
	y := nn.NewTensor(shape...)
	at := make([]int, len(shape))
	for k, from := 0, 0; k < len(y.Data); k++ {
		y.Data[k] = x.Data[from]
		for i := len(shape) - 1; i >= 0; i-- { // one step on in y
			if at[i]++; at[i] < shape[i] {
				from += step[i]
				break
			}
			from -= step[i] * (at[i] - 1)
			at[i] = 0
		}
	}
	return y
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
