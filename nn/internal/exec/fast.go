package exec

import (
	"slices"

	"github.com/gonn-toolkit/gonn/nn/op"
)

// fastGraph is the graph with the form of each op for a fast algorithm, in training or in
// inference, where layers behind a convolution become part of it. It is nil if a layer cannot
// run on a single sample, so that nothing is known about fusing it.
func fastGraph(f *flow) *Graph {
	g := &Graph{Inputs: f.Inputs, Nodes: slices.Clone(f.Nodes)}
	if f.trains() {
		for i, n := range g.Nodes {
			if o, ok := n.Op.(op.FastOp); ok {
				if fast, ok := o.Fast(true); ok {
					g.Nodes[i].Op = fast
				}
			}
		}
		return g
	}
	p, ok := newPlanarGraph(f)
	if !ok {
		return nil
	}
	for i, n := range p.nodes {
		if n == nil {
			continue
		}
		if o, ok := n.op.(op.FastOp); ok {
			if fast, ok := o.Fast(false); ok {
				g.Nodes[i] = Node{Op: fast, In: n.in, Weights: n.weights}
			}
		}
	}
	return g
}

// fastRun is the plan that runs blocks by fast algorithms, in inference.
type fastRun struct{ *blockRun }

// accepts half a block at least, which costs as much as a whole one.
func (r fastRun) accepts(samples int, job Job) bool {
	return !job.InBlocks && (samples >= op.Lanes/2 || job.LoadsBlocks)
}
