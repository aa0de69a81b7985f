package reference

import (
	"slices"

	"github.com/gonn-toolkit/gonn/onnxio/graph"
)

// Operators names every operator, for tests.
func Operators() []string {
	var names []string
	for name := range ops {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

// Attributes names what an operator may have.
func Attributes(op string, opset int64) []string {
	s, err := SignatureOf(op, opset)
	if err != nil {
		panic(err)
	}
	return s.Attributes
}

// Gives is the estimate of the elements that a node gives.
func Gives(n *graph.Node, opset int64, in []*Tensor) float64 {
	return (&call{node: n, opset: opset, in: in}).gives()
}

// Elements is the number of elements of several values.
func Elements(list []*Tensor) (n int) {
	for _, t := range list {
		n += int(heldBy(t))
	}
	return n
}
