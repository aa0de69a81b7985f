package exec

import "github.com/gonn-toolkit/gonn/nn/op"

// Graph is a directed acyclic graph of bound layers.
type Graph struct {
	Inputs []op.Shape
	Nodes  []Node // in topological order

	// Of a fused graph.
	unfused *Graph
	parts   [][]int // of each node, the nodes that it consists of
}

// Node is a bound layer with its inputs and parameters.
type Node struct {
	Op      op.Op
	In      []Value
	Weights op.Weights
	// Trained says which parameters need a gradient.
	Trained []bool
}

// Value identifies a value of a graph: 0, 1, … are the outputs of the nodes, −1, −2, … the
// inputs of the graph.
type Value int

// Input is input k of the graph.
func Input(k int) Value { return Value(-1 - k) }

// shape is the shape of a value, for one sample.
func (g *Graph) shape(v Value) op.Shape {
	if v < 0 {
		return g.Inputs[-1-v]
	}
	return g.Nodes[v].Op.Shape()
}

// index numbers all values from 0: nodes, then inputs.
func (g *Graph) index(v Value) int {
	if v < 0 {
		return len(g.Nodes) - 1 - int(v)
	}
	return int(v)
}

// numValues is the number of values.
func (g *Graph) numValues() int { return len(g.Nodes) + len(g.Inputs) }

// numGradients is the number of gradients of all trained parameters.
func (g *Graph) numGradients() (n int) {
	if g.unfused != nil {
		return g.unfused.numGradients()
	}
	for _, node := range g.Nodes {
		for i, trained := range node.Trained {
			if trained {
				n += len(node.Weights[i])
			}
		}
	}
	return n
}

// SplitGradients slices a vector of all gradients into those of each node's parameters; nil
// for parameters that are not trained.
func (g *Graph) SplitGradients(flat []float32) []op.Weights {
	all := make([]op.Weights, len(g.Nodes))
	if g.unfused != nil {
		each := g.unfused.SplitGradients(flat)
		for i, parts := range g.parts {
			for _, p := range parts {
				all[i] = append(all[i], each[p]...)
			}
		}
		return all
	}
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

// Config says what an Executor computes.
type Config struct {
	// Training is the mode of the layers: training or inference.
	Training bool
	Workers  int // 0 for one a processor
	// PlanarWorkers is the number of workers that share a single sample; 0 for the number that
	// was faster lately.
	PlanarWorkers int
	// Fast allows fast algorithms in inference.
	Fast bool
	// FixedParams promises that parameters do not change after the first run.
	FixedParams bool
	// Outputs are the values that Job.AfterForward reads. Nodes that neither they nor the
	// values below depend on are not computed.
	Outputs []Value
	// Observed are the values for which Job.Observe is called.
	Observed []Value
	// Seeds are the values whose gradient Job.AfterForward writes. Without seeds there is no
	// backward pass.
	Seeds []Value
	// Gradients are the values for which Job.Gradient is called.
	Gradients []Value
}
