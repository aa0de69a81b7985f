package graph

import (
	"fmt"
	"slices"
)

// TrainsNorm reports whether the node is a BatchNormalization of training, which normalises
// by the statistics of the batch, in an operator set of ONNX's own. The attribute for it
// changed its name, and between opsets 7 and 13 the number of results says so. It is an error
// if the attribute is neither 0 nor 1.
func (n *Node) TrainsNorm(opset int64) (bool, error) {
	switch {
	case n.OpType != "BatchNormalization" || !n.Standard():
		return false, nil
	case opset < 7:
		test, err := n.flag("is_test")
		return !test && err == nil, err
	case opset < 14:
		return len(n.Outputs) > 1, nil
	}
	return n.flag("training_mode")
}

// flag is an INT attribute that says yes or no; without it no.
func (n *Node) flag(name string) (bool, error) {
	v, err := n.Int(name, 0)
	if err == nil && v != 0 && v != 1 {
		err = fmt.Errorf("attribute %q is %d, it must be 0 or 1", name, v)
	}
	return v == 1 && err == nil, err
}

// InferenceNorm is a BatchNormalization of training as one of inference, which normalises by
// the running statistics among its inputs and has one result.
func (n *Node) InferenceNorm(opset int64) *Node {
	norm := *n
	norm.Outputs = n.Outputs[:1]
	norm.Attrs = slices.DeleteFunc(slices.Clone(n.Attrs), func(a *Attr) bool { return a.Name == "training_mode" || a.Name == "is_test" })
	if opset < 7 {
		norm.Attrs = append(norm.Attrs, IntAttr("is_test", 1))
	}
	return &norm
}
