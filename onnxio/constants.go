package onnxio

import (
	"fmt"
	"slices"
	"strings"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/onnxio/graph"
)

// trainable reports whether a constant may be what a layer learns, rather than a number
// written into the graph: it comes from an initializer, or, in files of others, has more
// elements than one. All exporters write the numbers of a program without axes; what is
// learned has at least one axis in PyTorch and Keras.
func (im *importer) trainable(value string) bool {
	t := im.consts[value]
	if t == nil || t.Type != graph.Float {
		return false
	}
	if im.asWritten {
		return len(im.clean.Roots[value]) > 0
	}
	n, err := t.Len()
	if err != nil || n > 1 {
		return err == nil
	}
	if len(t.Dims) == 0 || len(im.clean.Roots[value]) == 0 {
		return false
	}
	// tf2onnx gives numbers all axes of what they meet. What was learned has one, or is read
	// from a variable; PReLU's slope is negated at once.
	root := im.rootOf(value)
	return !im.fromTensorFlow() || len(t.Dims) == 1 || strings.Contains(root, "ReadVariableOp") || strings.HasSuffix(root, "/Neg:0")
}

// constant is input k of a node, which must be a constant; what names it in errors.
func (im *importer) constant(n *graph.Node, k int, what string) (values, nn.Shape, error) {
	return im.valuesOf(n.Inputs[k], what)
}

// valuesOf are the values and the shape of a constant.
func (im *importer) valuesOf(value, what string) (values, nn.Shape, error) {
	t := im.consts[value]
	if t == nil {
		return nil, nil, fmt.Errorf("its %s %q is computed when the model runs, not a constant", what, value)
	}
	if t.Type != graph.Float {
		return nil, nil, fmt.Errorf("its %s %q has element type %v; need FLOAT", what, value, t.Type)
	}
	n, err := t.Len()
	if err == nil && n == 0 {
		err = fmt.Errorf("shape %v has no elements", dimsOf(t))
	}
	if err != nil {
		return nil, nil, fmt.Errorf("its %s %q: %w", what, value, err)
	}
	return t.CopyFloat32s, dimsOf(t), nil
}

// numbers are the values of input k of a node, a constant of a few.
func (im *importer) numbers(n *graph.Node, k int, what string) ([]float32, error) {
	read, dims, err := im.constant(n, k, what)
	if err != nil {
		return nil, err
	}
	v := make([]float32, dims.Size())
	return v, read(v)
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
