package onnxgo

import (
	"fmt"
	"maps"
	"math"
	"slices"

	"github.com/gonn-toolkit/gonn/onnxio/graph"
)

// collector turns what onnx-go has decoded into an ONNX graph. onnx-go does not say which
// values are the model's inputs and outputs, but it makes their nodes before those of
// initializers and of other results, and gives them a tensor of their type.
type collector struct {
	graph      *Graph
	model      *graph.Model
	made, read map[*Node]bool // by operations
	first      int64          // the number of the first result; inputs have lower ones
}

// collect makes the model, its input of the shape that has been set and for batches of
// any size.
func (g *Graph) collect() (*graph.Model, error) {
	c := &collector{
		graph: g, made: map[*Node]bool{}, read: map[*Node]bool{}, first: math.MaxInt64,
		model: &graph.Model{IRVersion: 8, Opsets: []graph.Opset{{Version: g.Opset}}, Graph: &graph.Graph{Name: "onnx-go"}},
	}
	for _, op := range g.ops {
		for _, n := range op.outputs {
			c.made[n] = true
			c.first = min(c.first, n.id)
		}
		for _, n := range op.inputs {
			c.read[n] = true
		}
	}
	for _, op := range g.ops {
		if err := c.node(op); err != nil {
			return nil, err
		}
	}
	for _, n := range byID(c.read) {
		if !c.made[n] && n.name != "" {
			if err := c.start(n); err != nil {
				return nil, err
			}
		}
	}
	for _, n := range byID(c.made) {
		if c.wanted(n) && !c.read[n] {
			g.output = n
			c.model.Graph.Outputs = append(c.model.Graph.Outputs, &graph.Value{Name: n.name, Type: graph.Float})
		}
	}
	if g.Opset == 0 {
		c.model.Opsets[0].Version = guessOpset(c.model.Graph.Nodes)
	}
	return c.model, nil
}

// wanted reports whether a result is read or an output. Others, which have no type, are
// those that nobody asked for, such as the mask of a Dropout.
func (c *collector) wanted(n *Node) bool { return n.name != "" && (c.read[n] || n.decoded > 0) }

// node adds an operation.
func (c *collector) node(op operation) error {
	n := &graph.Node{OpType: op.Name, Name: op.outputs[0].name}
	for _, x := range op.inputs {
		// An operation without inputs gets one from onnx-go, of which nothing is known.
		if added := x.name != "" && !c.made[x] && x.tensor == nil && x.id > c.first; !added {
			n.Inputs = append(n.Inputs, x.name)
		}
	}
	for k, y := range op.outputs {
		if k == 0 || slices.ContainsFunc(op.outputs[k:], c.wanted) {
			n.Outputs = append(n.Outputs, y.name)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(op.Attributes)) {
		a, err := attribute(name, op.Attributes[name])
		if err != nil {
			return fmt.Errorf("%s: %w", n.Label(), err)
		}
		n.Attrs = append(n.Attrs, a)
	}
	c.model.Graph.Nodes = append(c.model.Graph.Nodes, n)
	return nil
}

// start adds a value that operations start from: an input or an initializer.
func (c *collector) start(n *Node) error {
	g := c.model.Graph
	if n.id < c.first && n.decoded < 2 { // an initializer among the inputs has got its value too
		v, err := inputValue(n)
		if err != nil {
			return err
		}
		c.graph.input = n
		g.Inputs = append(g.Inputs, v)
	} else if n.tensor != nil {
		t, err := fromTensor(n.name, n.tensor)
		if err != nil {
			return err
		}
		g.Initializers = append(g.Initializers, t)
	}
	return nil
}

// byID lists nodes in the order in which they were made.
func byID(nodes map[*Node]bool) []*Node {
	return slices.SortedFunc(maps.Keys(nodes), func(a, b *Node) int { return int(a.id - b.id) })
}

// inputValue is the type of an input as it has been set.
func inputValue(n *Node) (*graph.Value, error) {
	if !n.set || n.tensor == nil {
		return nil, fmt.Errorf("input %q has not been set: call the model's SetInput before Run", n.name)
	}
	shape := n.tensor.Shape()
	if len(shape) == 0 {
		return nil, fmt.Errorf("input %q is a scalar: need a batch axis", n.name)
	}
	v := &graph.Value{Name: n.name, Type: graph.Float, HasShape: true, Shape: []graph.Dim{{Param: "N"}}}
	for _, d := range shape[1:] {
		v.Shape = append(v.Shape, graph.Dim{Size: int64(d)})
	}
	return v, nil
}
