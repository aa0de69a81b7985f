package onnxio

import (
	"fmt"
	"slices"
	"strings"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/onnxio/graph"
)

// LayerReader is a node of a file, for the Read of a LayerFormat. Values are named as in the
// file; "" is an input that is left out.
//
// Nodes of files that gonn has not written are not always those of the file: what depends on
// constants alone is computed, operators have the form of opset 20 or later, and axes lie as
// the network has them.
type LayerReader struct {
	im   *importer
	node *graph.Node
	took *reading
}

// reading is what was asked for to read one layer.
type reading struct {
	single bool          // no other nodes may be taken
	own    []*graph.Node // those that belong to the layer, once this is known
	nodes  []*graph.Node // that were looked at, the one that gives the result first
	consts []string      // those whose values were asked for
}

// FoundLayer is a layer found in a file.
type FoundLayer struct {
	Layer nn.Layer
	// Inputs are the values that the layer reads, in its order.
	Inputs []string
	// Params are the values of all parameters, by their names in the layer.
	Params map[string]Values

	stem string // of its name, "" for that of its kind
	// then, if not nil, is a layer that follows, where one node does the work of two.
	then nn.Layer
}

func (im *importer) readerOf(n *graph.Node) *LayerReader {
	return &LayerReader{im, n, &reading{nodes: []*graph.Node{n}}}
}

// Operator is the node's operator as LayerFormat.Operators has it.
func (n *LayerReader) Operator() string { return operatorOf(n.node) }

// Version is that of the domain of the node's operator: the opset for one of ONNX's own, 0
// if the file does not import the domain.
func (n *LayerReader) Version() int64 { return n.im.clean.Model.Opset(n.node.Domain) }

// NumInputs is the number of the node's inputs, of which some may be left out.
func (n *LayerReader) NumInputs() int { return len(n.node.Inputs) }

// Input is the value that input k is, "" if the node has no such input.
func (n *LayerReader) Input(k int) string {
	if k < 0 || k >= len(n.node.Inputs) {
		return ""
	}
	return n.node.Inputs[k]
}

// Int is an attribute of kind INT, or def if the node does not have it. One of another kind is
// an error.
func (n *LayerReader) Int(attr string, def int64) (int64, error) { return n.node.Int(attr, def) }

// Ints is Int for a list, of any length.
func (n *LayerReader) Ints(attr string, def []int64) ([]int64, error) {
	v, err := n.node.Ints(attr, def)
	return slices.Clone(v), err
}

// Float is Int for a FLOAT.
func (n *LayerReader) Float(attr string, def float32) (float32, error) {
	return n.node.Float(attr, def)
}

// String is Int for a STRING.
func (n *LayerReader) String(attr, def string) (string, error) { return n.node.String(attr, def) }

// Constant reports whether a value is a constant of the file.
func (n *LayerReader) Constant(value string) bool { return n.im.consts[value] != nil }

// Trainable reports whether a value may be a parameter, rather than a number in the program:
// a constant of type FLOAT that has more than one element, or axes and comes from an initializer.
// In files that gonn wrote it is an initializer.
func (n *LayerReader) Trainable(value string) bool { return n.im.trainable(value) }

// Shape is the shape of a constant, and of any other value that of a sample. It is nil if it
// is not known, which it may not be behind operators that ONNX does not have, as long as Read
// is asked which nodes belong to a layer.
func (n *LayerReader) Shape(value string) nn.Shape {
	if t := n.im.consts[value]; t != nil {
		return dimsOf(t)
	}
	if s := n.im.sampleOf(value); s != nil || !n.im.asWritten {
		return s
	}
	return n.im.described(value)
}

// Values are the values and the shape of a constant of type FLOAT, for a parameter. The error
// calls it by the given name.
func (n *LayerReader) Values(value, name string) (Values, nn.Shape, error) {
	if !slices.Contains(n.took.consts, value) {
		n.took.consts = append(n.took.consts, value)
	}
	return n.im.valuesOf(value, name)
}

// Float32s are the values of a constant of type FLOAT. The error calls it by the given name.
func (n *LayerReader) Float32s(value, name string) ([]float32, error) {
	read, dims, err := n.im.valuesOf(value, name)
	if err != nil {
		return nil, err
	}
	v := make([]float32, dims.Size())
	return v, read(v)
}

// Int64s are the values of a constant of integers. The error calls it by the given name.
func (n *LayerReader) Int64s(value, name string) ([]int64, error) {
	t := n.im.consts[value]
	if t == nil {
		return nil, fmt.Errorf("its %s %q is computed when the model runs, not a constant", name, value)
	}
	v, err := t.Int64s()
	if err != nil {
		return nil, fmt.Errorf("its %s: %w", name, err)
	}
	return v, nil
}

// Inner is the node that gives a value, if it may be part of the layer; else nil. The nodes
// from the Inputs of the layer that Read returns to its result are part of it. If others read
// what one of them gives, the layer is not taken.
func (n *LayerReader) Inner(value string) *LayerReader {
	inner := n.im.Maker[value]
	root := n.took.nodes[0]
	switch {
	case inner == nil || n.took.single || len(inner.Outputs) != 1 || n.im.isOutput(value):
		return nil
	case n.im.acts.claimed[inner] && !slices.Contains(n.took.own, inner):
		return nil // by another layer
	case n.im.asWritten && !strings.HasPrefix(inner.Name, root.Name+"."):
		return nil // the same
	}
	if !slices.Contains(n.took.nodes, inner) {
		n.took.nodes = append(n.took.nodes, inner)
	}
	return &LayerReader{n.im, inner, n.took}
}

// Check is an error unless the node has a number of inputs between the two, of which the first
// is no constant, one output, and no attributes but the named ones.
func (n *LayerReader) Check(minInputs, maxInputs int, attrs ...string) error {
	if have, outputs := len(n.node.Inputs), len(n.node.Outputs); have < minInputs || have > maxInputs || outputs != 1 {
		return fmt.Errorf("has %d inputs and %d outputs; need %d to %d and 1", have, outputs, minInputs, maxInputs)
	}
	if err := n.layerInput(0); err != nil {
		return err
	}
	for _, a := range n.node.Attrs {
		if !slices.Contains(attrs, a.Name) {
			return fmt.Errorf("attribute %q is not known for it", a.Name)
		}
	}
	return nil
}

// checkJoin is Check for a layer all of whose inputs are other layers.
func (n *LayerReader) checkJoin(minInputs, maxInputs int, attrs ...string) error {
	if err := n.Check(minInputs, maxInputs, attrs...); err != nil {
		return err
	}
	for k := range n.node.Inputs {
		if err := n.layerInput(k); err != nil {
			return err
		}
	}
	return nil
}

// layerInput tells why input k is not the result of a layer.
func (n *LayerReader) layerInput(k int) error {
	switch x := n.Input(k); {
	case x == "":
		return fmt.Errorf("its input %d is left out", k)
	case n.Constant(x):
		return fmt.Errorf("its input %q is a constant", x)
	}
	return nil
}
