package onnxio

import (
	"fmt"
	"slices"
	"strings"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/onnxio/graph"
)

// RecoveredLayer tells where a layer comes from.
type RecoveredLayer struct {
	Name  string   // of the layer in the network
	Nodes []string // the operators of the file's nodes that it stands for, in their order
}

// String gives the operators as Relu+Neg+Relu+Mul+Add.
func (r RecoveredLayer) String() string { return strings.Join(r.Nodes, "+") }

// nodesOf lists the operators of the file's nodes behind the layer that n gives.
func (im *importer) nodesOf(n *graph.Node) []string {
	nodes := []*graph.Node{n}
	if m := im.matches[n]; m != nil {
		nodes = m.nodes
	}
	var all []*graph.Node
	for _, n := range nodes {
		all = append(all, im.clean.From[n]...)
	}
	var ops []string
	for _, f := range im.file.Graph.Nodes { // in the file's order, each once
		if slices.Contains(all, f) {
			ops = append(ops, f.OpType)
		}
	}
	return ops
}

// AxisOrder says how the axes of a file's value lie in the network's: axis i of the file's,
// the batch being 0, is axis o[i]. nil is the same order. (N, H, W, C) in the file and
// (N, C, H, W) in the network is {0, 2, 3, 1}.
type AxisOrder []int

// String names the usual orders of pictures.
func (o AxisOrder) String() string {
	switch {
	case o == nil:
		return "as in the file"
	case slices.Equal(o, []int{0, 2, 3, 1}):
		return "NHWC"
	}
	return fmt.Sprint([]int(o))
}

// ToNetwork gives a value of the file with its axes as the network has them. Without an
// order it is x itself.
func (o AxisOrder) ToNetwork(x *nn.Tensor) (*nn.Tensor, error) {
	if o == nil {
		return x, nil
	}
	inverse := make(AxisOrder, len(o))
	for i, a := range o {
		inverse[a] = i
	}
	return inverse.ToFile(x)
}

// ToFile gives a value of the network with its axes as the file has them.
func (o AxisOrder) ToFile(x *nn.Tensor) (*nn.Tensor, error) {
	if o == nil {
		return x, nil
	}
	if len(x.Shape) != len(o) {
		return nil, fmt.Errorf("a value of shape %v has %d axes, need %d", nn.Shape(x.Shape), len(x.Shape), len(o))
	}
	y := nn.NewTensor(permuted(x.Shape, o)...)
	stride := make([]int, len(o)) // of x, by the axes of y
	for i, n := len(o)-1, 1; i >= 0; i-- {
		stride[slices.Index(o, i)] = n
		n *= x.Shape[i]
	}
	at := make([]int, len(o))
	for k, from := 0, 0; k < len(y.Data); k++ {
		y.Data[k] = x.Data[from]
		for i := len(o) - 1; i >= 0; i-- { // one step on in y
			if at[i]++; at[i] < y.Shape[i] {
				from += stride[i]
				break
			}
			from -= stride[i] * (at[i] - 1)
			at[i] = 0
		}
	}
	return y, nil
}

func permuted(shape []int, o AxisOrder) []int {
	s := make([]int, len(o))
	for i, a := range o {
		s[i] = shape[a]
	}
	return s
}
