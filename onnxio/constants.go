package onnxio

import (
	"fmt"
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

// valuesOf are the values and the shape of a constant.
func (im *importer) valuesOf(value, what string) (Values, nn.Shape, error) {
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

func dimsOf(t *graph.Tensor) nn.Shape {
	s := make(nn.Shape, len(t.Dims))
	for i, d := range t.Dims {
		s[i] = int(d)
	}
	return s
}
