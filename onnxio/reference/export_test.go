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

// Product is the number of elements of a shape.
func Product(shape []int) int { return product(shape) }

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

// Needs is what a graph is estimated to take, if its values have these shapes: the most memory
// at once and the operations of all nodes.
func Needs(g *graph.Graph, shapes map[string][]int) (memory, operations float64) {
	bytes := func(name string) float64 { return bytesOf(&Tensor{}) + numberBytes*float64(product(shapes[name])) }
	held, p := 0.0, newPlan(g)
	for _, t := range g.Initializers {
		held += bytes(t.Name)
	}
	for _, v := range g.Inputs {
		held += bytes(v.Name)
	}
	for i, n := range g.Nodes {
		c := &call{node: n, opset: 17}
		for _, name := range n.Inputs {
			c.in = append(c.in, &Tensor{Type: graph.Float, Shape: shapes[name]})
		}
		cost := c.cost()
		memory, operations = max(memory, held+cost.bytes), operations+overhead+cost.work
		held += bytes(n.Outputs[0])
		for _, name := range append([]string{n.Outputs[0]}, n.Inputs...) {
			if constant := slices.ContainsFunc(g.Initializers, func(t *graph.Tensor) bool { return t.Name == name }); !constant && p.last[name] <= i {
				held -= bytes(name)
			}
		}
	}
	return memory, operations
}
