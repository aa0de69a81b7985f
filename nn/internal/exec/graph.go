package exec

import "github.com/gonn-toolkit/gonn/nn/op"

// Graph is bound layers that read each other.
type Graph struct {
	Inputs []op.Shape
	Nodes  []Node // each behind those that it reads
}

// Node is a bound layer in its place.
type Node struct {
	Op      op.Op
	In      []Value
	Weights op.Weights
	// Trained says which parameters have a gradient.
	Trained []bool
}

// Value names what a node reads or gives: 0, 1, … are the outputs of the nodes, −1, −2, …
// the inputs of the graph.
type Value int

// Input is input k of the graph.
func Input(k int) Value { return Value(-1 - k) }

// shape is that of a value, for one sample.
func (g *Graph) shape(v Value) op.Shape {
	if v < 0 {
		return g.Inputs[-1-v]
	}
	return g.Nodes[v].Op.Shape()
}

// index numbers all values: nodes, then inputs.
func (g *Graph) index(v Value) int {
	if v < 0 {
		return len(g.Nodes) - 1 - int(v)
	}
	return int(v)
}

// numValues is how many values there are.
func (g *Graph) numValues() int { return len(g.Nodes) + len(g.Inputs) }

// numGradients is the length of the vector of all gradients: of the trained parameters of
// all nodes, one after the other.
func (g *Graph) numGradients() (n int) {
	for _, node := range g.Nodes {
		for i, trained := range node.Trained {
			if trained {
				n += len(node.Weights[i])
			}
		}
	}
	return n
}

// SplitGradients cuts a vector of all gradients into those of each node's parameters; nil
// for one that is not trained.
func (g *Graph) SplitGradients(flat []float32) []op.Weights {
	all := make([]op.Weights, len(g.Nodes))
	for i, node := range g.Nodes {
		all[i] = make(op.Weights, len(node.Weights))
		for p, trained := range node.Trained {
			if trained {
				n := len(node.Weights[p])
				all[i][p] = flat[:n:n]
				flat = flat[n:]
			}
		}
	}
	return all
}

// Config says what is to be computed.
type Config struct {
	// Training runs layers as in training; without it as in inference.
	Training bool
	Workers  int // 0: one a processor
	// PlanarWorkers is how many of them share a sample that runs alone; 0: what has taken less
	// time lately.
	PlanarWorkers int
	// Outputs are read by Job.AfterForward. What neither they nor the others need is not computed.
	Outputs []Value
	// Observed are shown to Job.Observe as soon as they have been computed.
	Observed []Value
	// Seeds are the values whose gradient Job.AfterForward gives; without them nothing runs back.
	Seeds []Value
	// Gradients are the values whose gradients are shown to Job.Gradient.
	Gradients []Value
}
