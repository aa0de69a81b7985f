package onnxio

import (
	"fmt"
	"slices"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/onnxio/graph"
)

// collectConstants finds all values that do not depend on the input: initializers,
// Constant nodes, and either of them passed on by Identity (PyTorch's TorchScript
// exporter does this to equal tensors) or by a CastLike that changes nothing (ONNX's own
// definitions of functions have one behind every number).
func (im *importer) collectConstants() {
	for _, t := range im.model.Graph.Initializers {
		im.consts[t.Name] = t
	}
	for _, n := range im.model.Graph.Nodes {
		switch {
		case !ownOperator(n):
		case n.OpType == "Constant":
			t, err := constantValue(n)
			if err != nil {
				im.refuse(n, err)
				im.claimed[n] = true
				continue
			}
			im.consts[n.Outputs[0]] = t
		case im.passesOn(n):
			im.consts[n.Outputs[0]] = im.consts[n.Inputs[0]]
			im.initial[n.Outputs[0]] = im.initial[n.Inputs[0]]
		}
	}
}

// passesOn tells whether a node's result is its first input, a constant. What a CastLike
// of a FLOAT takes as its example is FLOAT if it is not a constant, as all values between
// layers are.
func (im *importer) passesOn(n *graph.Node) bool {
	if len(n.Inputs) == 0 || len(n.Outputs) != 1 || im.consts[n.Inputs[0]] == nil {
		return false
	}
	switch {
	case n.OpType == "Identity":
		return len(n.Inputs) == 1
	case n.OpType == "CastLike" && len(n.Inputs) == 2 && len(n.Attrs) == 0:
		like := im.consts[n.Inputs[1]]
		return im.consts[n.Inputs[0]].Type == graph.Float && (like == nil || like.Type == graph.Float)
	}
	return false
}

// ownOperator tells whether a node's operator is of ONNX's own domain.
func ownOperator(n *graph.Node) bool { return n.Domain == "" || n.Domain == "ai.onnx" }

// constantForms are the attributes in which a Constant node may hold numbers.
var constantForms = map[string]graph.AttrKind{
	"value":        graph.KindTensor,
	"value_float":  graph.KindFloat,
	"value_floats": graph.KindFloats,
	"value_int":    graph.KindInt,
	"value_ints":   graph.KindInts,
}

// constantValue reads a Constant node in any of its forms for numbers.
func constantValue(n *graph.Node) (*graph.Tensor, error) {
	if len(n.Attrs) != 1 || len(n.Outputs) != 1 {
		return nil, fmt.Errorf("has %d attributes and %d outputs, need one of each", len(n.Attrs), len(n.Outputs))
	}
	name, a := n.Outputs[0], n.Attrs[0]
	if a.Kind() != constantForms[a.Name] {
		return nil, fmt.Errorf("attribute %q is of kind %v, which is none of a Constant's forms for numbers", a.Name, a.Kind())
	}
	switch v := a.Value.(type) {
	case *graph.Tensor:
		t := *v
		t.Name = name
		return &t, nil
	case float32:
		return graph.Float32Tensor(name, nil, []float32{v}), nil
	case []float32:
		return graph.Float32Tensor(name, []int64{int64(len(v))}, v), nil
	case int64:
		return graph.Int64Tensor(name, nil, []int64{v}), nil
	case []int64:
		return graph.Int64Tensor(name, []int64{int64(len(v))}, v), nil
	}
	return nil, fmt.Errorf("attribute %q has no value", a.Name)
}

// isConstant tells whether a node only makes a constant.
func (im *importer) isConstant(n *graph.Node) bool {
	return len(n.Outputs) == 1 && im.consts[n.Outputs[0]] != nil
}

// trainable tells whether a value is a tensor of the file that a layer may take as
// its parameter, rather than a number written into the graph.
func (im *importer) trainable(value string) bool {
	t := im.consts[value]
	return t != nil && im.initial[value] && t.Type == graph.Float
}

// constant is input k of a node, which must be a constant; what names it in errors.
func (im *importer) constant(n *graph.Node, k int, what string) ([]float32, nn.Shape, error) {
	t := im.consts[n.Inputs[k]]
	if t == nil {
		return nil, nil, fmt.Errorf("its %s %q is computed when the model runs, not a constant", what, n.Inputs[k])
	}
	if t.Type != graph.Float {
		return nil, nil, fmt.Errorf("its %s %q has element type %v; need FLOAT", what, n.Inputs[k], t.Type)
	}
	v, err := t.Float32s()
	if err == nil && len(v) == 0 {
		err = fmt.Errorf("shape %v has no elements", dimsOf(t))
	}
	if err != nil {
		return nil, nil, fmt.Errorf("its %s %q: %w", what, n.Inputs[k], err)
	}
	return v, dimsOf(t), nil
}

func dimsOf(t *graph.Tensor) nn.Shape {
	s := make(nn.Shape, len(t.Dims))
	for i, d := range t.Dims {
		s[i] = int(d)
	}
	return s
}

// check holds a node against what its layer reads: the number of inputs, one
// output, and no attribute but the named ones.
func (im *importer) check(n *graph.Node, minInputs, maxInputs int, attrs ...string) error {
	if len(n.Inputs) < minInputs || len(n.Inputs) > maxInputs || len(n.Outputs) != 1 {
		return fmt.Errorf("has %d inputs and %d outputs; need %d to %d and 1", len(n.Inputs), len(n.Outputs), minInputs, maxInputs)
	}
	if err := im.layerInput(n, 0); err != nil {
		return err
	}
	return im.knownAttrs(n, attrs...)
}

// checkJoin is check for a layer all of whose inputs are other layers.
func (im *importer) checkJoin(n *graph.Node, minInputs, maxInputs int, attrs ...string) error {
	if err := im.check(n, minInputs, maxInputs, attrs...); err != nil {
		return err
	}
	for k := range n.Inputs {
		if err := im.layerInput(n, k); err != nil {
			return err
		}
	}
	return nil
}

// layerInput tells why input k of a node is not the result of a layer.
func (im *importer) layerInput(n *graph.Node, k int) error {
	switch x := n.Inputs[k]; {
	case x == "":
		return fmt.Errorf("its input %d is left out", k)
	case im.consts[x] != nil:
		return fmt.Errorf("its input %q is a constant", x)
	}
	return nil
}

func (im *importer) knownAttrs(n *graph.Node, attrs ...string) error {
	for _, a := range n.Attrs {
		if !slices.Contains(attrs, a.Name) {
			return fmt.Errorf("attribute %q is not known for it", a.Name)
		}
	}
	return nil
}
