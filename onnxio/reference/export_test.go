package reference

import (
	"slices"

	"github.com/gonn-toolkit/gonn/onnxio/graph"
	"github.com/gonn-toolkit/gonn/onnxio/internal/operators"
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
	var names []string
	for _, a := range operators.Nearest("", op, opset).Attrs {
		names = append(names, a.Name)
	}
	return names
}

// Cost is what a node is estimated to take.
func Cost(n *graph.Node, opset int64, in []*Tensor) (bytes, work float64) {
	c := (&call{node: n, opset: opset, in: in}).cost()
	return c.bytes, c.work
}

// Done are the operations of nodes, as they were estimated.
func (m *Meter) Done() float64 { return m.done }

// Counted are the operations that the loops of nodes have reported.
func (m *Meter) Counted() int64 { return m.counted.Load() }
