package onnxgo

import (
	"slices"

	"github.com/gonn-toolkit/gonn/onnxio"
	"github.com/gonn-toolkit/gonn/onnxio/graph"
	"github.com/gonn-toolkit/gonn/onnxio/internal/operators"
)

// usualOpset is taken where nodes tell nothing, since operators mean the same in those around it.
const usualOpset = 13

// guessOpset tells the operator set from the nodes: the nearest one before the usual in which
// all are as they must be, or else the nearest behind it.
func guessOpset(nodes []*graph.Node) int64 {
	for v := int64(usualOpset); v >= 1; v-- {
		if allFit(nodes, v) {
			return v
		}
	}
	for v := int64(usualOpset + 1); v <= onnxio.MaxOpset; v++ {
		if allFit(nodes, v) {
			return v
		}
	}
	return usualOpset
}

// allFit reports whether an opset has the operators of all nodes, with their inputs and
// attributes. Operators that ONNX does not have are left out.
func allFit(nodes []*graph.Node, opset int64) bool {
	return !slices.ContainsFunc(nodes, func(n *graph.Node) bool {
		if operators.Versions("", n.OpType) == nil {
			return false
		}
		s := operators.Lookup("", n.OpType, opset)
		if s == nil || s.Deprecated {
			return true
		}
		most := s.MostInputs()
		return len(n.Inputs) < s.LeastInputs() || most >= 0 && len(n.Inputs) > most ||
			slices.ContainsFunc(n.Attrs, func(a *graph.Attr) bool { return s.Attr(a.Name) == nil })
	})
}
