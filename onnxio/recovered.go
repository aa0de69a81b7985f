package onnxio

import (
	"slices"
	"strings"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/onnxio/graph"
)

// RecoveredLayer tells where a layer comes from.
type RecoveredLayer struct {
	Name string // of the layer in the network
	// Numbered: the name is made of the layer's kind and a number, because the file does not
	// tell the author's.
	Numbered bool
	// Nodes are the nodes of the file that the layer stands for, in the file's order.
	Nodes []*graph.Node
	// Values are the values of the file that hold the layer's output, in the file's order:
	// several where nodes behind it only move axes, none where the file computes it inside
	// of an operator.
	Values []RecoveredValue

	sources []string // initializers of the file that its parameters come from
}

// RecoveredValue is a value of the file that a layer's output is.
type RecoveredValue struct {
	Name   string // of the value in the file
	Layer  string // that gives it, or the network's input
	Layout Layout
	// Factor is what the file's value is divided by the layer's output: 1, unless a factor
	// went into the weights of the layers behind.
	Factor float32
}

// ToNetwork gives a tensor of the file's value, with its batch, as the layer's output.
func (v RecoveredValue) ToNetwork(x *nn.Tensor) (*nn.Tensor, error) {
	y, err := v.Layout.ToNetwork(x)
	if err != nil || v.Factor == 1 {
		return y, err
	}
	return scaledTensor(y, 1/v.Factor), nil
}

// ToFile gives an output of the layer, with its batch, as the file's value.
func (v RecoveredValue) ToFile(x *nn.Tensor) (*nn.Tensor, error) {
	y, err := v.Layout.ToFile(x)
	if err != nil || v.Factor == 1 {
		return y, err
	}
	return scaledTensor(y, v.Factor), nil
}

func scaledTensor(x *nn.Tensor, by float32) *nn.Tensor {
	y := nn.NewTensor(x.Shape...)
	for i, v := range x.Data {
		y.Data[i] = v * by
	}
	return y
}

// Operators are those of the nodes.
func (r RecoveredLayer) Operators() []string {
	var ops []string
	for _, n := range r.Nodes {
		ops = append(ops, n.OpType)
	}
	return ops
}

// String gives the operators as Relu+Neg+Relu+Mul+Add.
func (r RecoveredLayer) String() string { return strings.Join(r.Operators(), "+") }

// Layer finds where a layer comes from, nil if the network has no such layer.
func (im *Imported) Layer(name string) *RecoveredLayer {
	i := slices.IndexFunc(im.Layers, func(l RecoveredLayer) bool { return l.Name == name })
	if i < 0 {
		return nil
	}
	return &im.Layers[i]
}

// Value finds the layer that gives a value of the file; ok is false if none does.
func (im *Imported) Value(name string) (v RecoveredValue, ok bool) {
	v, ok = im.values[name]
	return v, ok
}

// Modules are the file's values that modules or layers of the author's give.
func (im *Imported) Modules() *ModuleValues { return im.modules }

// cleanedOf lists the cleaned graph's nodes of the layer that n gives, that of the result first.
func (im *importer) cleanedOf(n *graph.Node) []*graph.Node {
	switch act, registered := im.matches[n], im.registered[n]; {
	case act != nil:
		return act.nodes
	case registered != nil:
		return registered.nodes
	}
	return []*graph.Node{n}
}

// recoveredValues finds the layers that give the file's values.
func (im *importer) recoveredValues() map[string]RecoveredValue {
	all := map[string]RecoveredValue{}
	layers := map[string]*RecoveredLayer{}
	for i := range im.layers {
		layers[im.layers[i].Name] = &im.layers[i]
	}
	enter := func(value string) {
		p, ok := im.clean.Place(value)
		layer := im.layerOf[p.Value]
		if !ok || layer == "" || im.affine.changed[p.Value] {
			return
		}
		v := RecoveredValue{Name: value, Layer: layer, Layout: layoutOf(p), Factor: 1}
		if f := im.affine.factors[p.Value]; f != 0 {
			v.Factor = f
		}
		all[value] = v
		if l := layers[layer]; l != nil {
			l.Values = append(l.Values, v)
		}
	}
	for _, in := range im.file.Graph.Feeds() {
		enter(in.Name)
	}
	for _, n := range im.file.Graph.Nodes {
		for _, out := range n.Outputs {
			if out != "" {
				enter(out)
			}
		}
	}
	return all
}
