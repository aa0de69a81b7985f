package onnxgo

import (
	"errors"
	"fmt"
	"math"

	"github.com/owulveryck/onnx-go"
	"gonum.org/v1/gonum/graph"
	"gonum.org/v1/gonum/graph/simple"
	"gorgonia.org/tensor"

	"github.com/gonn-toolkit/gonn/onnxio"
)

// Graph is the computation that onnx-go decodes a file into and that Run carries out: a
// backend.ComputationBackend of onnx-go. One goroutine may use it at a time.
type Graph struct {
	// Opset is the operator set of the file, which onnx-go keeps from its backends. 0
	// stands for what the nodes tell.
	Opset int64

	*simple.WeightedDirectedGraph
	operands map[*Node][]*Node // of results whose operation is not known yet
	ops      []operation
	broken   error // what was wrong in calls that return no error

	im            *onnxio.Imported // made by the first Run
	samples       []int            // shape of the samples that im is for
	input, output *Node
}

// operation is one that onnx-go has decoded.
type operation struct {
	onnx.Operation
	inputs, outputs []*Node
}

// NewGraph returns an empty graph, for onnx.NewModel.
func NewGraph() *Graph {
	return &Graph{WeightedDirectedGraph: simple.NewWeightedDirectedGraph(0, math.Inf(1)), operands: map[*Node][]*Node{}}
}

// NewNode makes a node, for AddNode.
func (g *Graph) NewNode() graph.Node {
	return &Node{id: g.WeightedDirectedGraph.NewNode().ID(), graph: g}
}

// SetWeightedEdge says that e.From is computed from e.To. onnx-go calls it once for each
// operand of a node, in their order.
func (g *Graph) SetWeightedEdge(e graph.WeightedEdge) {
	from, ok1 := e.From().(*Node)
	to, ok2 := e.To().(*Node)
	switch {
	case !ok1 || !ok2:
		g.broken = errors.New("onnxgo: an edge between nodes of another backend")
	case from == to:
		g.broken = fmt.Errorf("onnxgo: the value %q is computed from itself", from.name)
	default:
		g.operands[from] = append(g.operands[from], to)
		g.WeightedDirectedGraph.SetWeightedEdge(e)
	}
}

// ApplyOperation says what computes the nodes from their operands.
func (g *Graph) ApplyOperation(o onnx.Operation, results ...graph.Node) error {
	if len(results) == 0 {
		return fmt.Errorf("onnxgo: %s: it has no results", o.Name)
	}
	op := operation{Operation: o}
	for i, r := range results {
		n, ok := r.(*Node)
		if !ok {
			return fmt.Errorf("onnxgo: %s: result %d is a node of another backend", o.Name, i)
		}
		op.outputs = append(op.outputs, n)
		op.inputs = g.operands[n] // the same for each
		delete(g.operands, n)
	}
	g.ops = append(g.ops, op)
	return g.broken
}

// Node is a value of the computation: an input, a constant or a result.
type Node struct {
	id      int64
	name    string
	graph   *Graph
	tensor  tensor.Tensor
	decoded int  // how many tensors onnx-go set while it decoded the file
	set     bool // whether one was set after that
}

// ID numbers the nodes in the order in which onnx-go made them.
func (n *Node) ID() int64 { return n.id }

// SetName sets the name of the value in the file.
func (n *Node) SetName(name string) { n.name = name }

// GetName gives the name of the value in the file.
func (n *Node) GetName() string { return n.name }

// SetTensor sets the value of an input or constant. It is not copied.
func (n *Node) SetTensor(t tensor.Tensor) error {
	if t == nil {
		return fmt.Errorf("onnxgo: no tensor for the value %q", n.name)
	}
	n.tensor = t
	if len(n.graph.ops) == 0 {
		n.decoded++
	} else {
		n.set = true
	}
	return nil
}

// GetTensor gives the value, that of a result after Run.
func (n *Node) GetTensor() tensor.Tensor { return n.tensor }
