package match

import (
	"fmt"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/nn/activation"
	"github.com/gonn-toolkit/gonn/nn/layer"
)

// structure says which channels of a network may be exchanged without changing what it
// computes.
type structure struct {
	layouts map[string]layout   // of inputs and of the outputs of layers
	filters map[string]*filters // of convolutions and dense layers
	// variables are those of convolutions and dense layers, in their order; some are united.
	variables []*variable
	notes     []string
}

// structureOf finds the orders of channels that a network leaves open: those of each
// convolution and dense layer, unless they are outputs of the network.
func structureOf(net *nn.Network) *structure {
	s := &structure{layouts: map[string]layout{}, filters: map[string]*filters{}}
	shapes := map[string]nn.Shape{}
	for _, p := range net.Inputs() {
		s.layouts[p.Name], shapes[p.Name] = inOrder(p.Shape[0]), p.Shape
	}
	for _, node := range net.Nodes() {
		in := make([]layout, len(node.Inputs))
		for i, name := range node.Inputs {
			in[i] = s.layouts[name]
		}
		s.layouts[node.Name] = s.through(node, in, shapes[node.Inputs[0]])
		shapes[node.Name] = node.Shape
	}
	for _, p := range net.Outputs() {
		s.layouts[p.Name].fix()
	}
	return s
}

// through is the layout of a layer's output; shape is that of its first input.
func (s *structure) through(node *nn.Node, in []layout, shape nn.Shape) layout {
	switch l := node.Layer.(type) {
	case layer.Conv:
		l = l.Normal()
		return s.filtered(node, l.Groups, in[0], shape, l.Kernel[0]*l.Kernel[1], false)
	case layer.ConvTranspose:
		l = l.Normal()
		return s.filtered(node, l.Groups, in[0], shape, l.Kernel[0]*l.Kernel[1], true)
	case layer.Dense:
		return s.filtered(node, 1, in[0], shape, 1, false)
	case activation.Layer, layer.BatchNorm, layer.Rescaling, layer.Dropout, layer.Softmax, layer.LogSoftmax,
		layer.MaxPool, layer.GlobalMaxPool, layer.AveragePool, layer.GlobalAveragePool, layer.Pad:
		return in[0]
	case layer.Flatten, layer.Reshape:
		return reshaped(in[0], shape, node.Shape)
	case layer.Add, layer.Mul:
		return joined(in)
	case layer.Concat:
		return concatenated(in)
	}
	s.notes = append(s.notes, fmt.Sprintf("what layer %q (%s) does to channels is not known: those in front of it and behind it are compared in their order", node.Name, node.Layer.Kind()))
	for _, l := range in {
		l.fix()
	}
	return inOrder(node.Shape[0])
}

// filtered is the layout of the output of a convolution or dense layer.
func (s *structure) filtered(node *nn.Node, groups int, in layout, shape nn.Shape, area int, transposed bool) layout {
	f := &filters{out: node.Shape[0], inputs: shape[0] / groups, area: area, groups: groups, transposed: transposed}
	s.filters[node.Name] = f
	if groups > 1 && groups == shape[0] { // depthwise: a few outputs for each input, in its order
		for _, seg := range in {
			seg.block *= f.out / groups
			f.to = append(f.to, seg)
		}
		return f.to
	}
	v := &variable{n: f.out}
	if groups == 1 {
		f.in = in
	} else { // each group reads channels of its own
		in.fix()
		v.within = f.out / groups
	}
	f.to = layout{{v: v, n: f.out, block: 1}}
	s.variables = append(s.variables, v)
	return f.to
}
