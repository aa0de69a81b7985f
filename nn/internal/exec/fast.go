package exec

import (
	"slices"

	"github.com/gonn-toolkit/gonn/nn/op"
)

// fastRun is the plan that runs blocks by fast algorithms, in inference.
type fastRun struct {
	blocks  *blockRun
	weights preparedWeights
}

// newFastRun returns nil if a layer cannot be fused, because it is no op.Planar.
func newFastRun(f *flow, pool *workerPool) *fastRun {
	p, ok := newPlanarGraph(f)
	if !ok {
		return nil
	}
	r := &fastRun{}
	g := &Graph{Inputs: f.Inputs, Nodes: slices.Clone(f.Nodes)}
	for i, n := range p.nodes {
		if n == nil {
			continue
		}
		if o, ok := n.op.(op.FastOp); ok {
			fast, p := o.Fast()
			to := r.weights.add(n.weights, p)
			g.Nodes[i] = Node{Op: fast, In: n.in, Weights: to}
		}
	}
	r.blocks = newBlockRun(newFlow(fuse(g, f.cfg), f.cfg), pool)
	return r
}

// accepts half a block at least, which costs as much as a whole one.
func (r *fastRun) accepts(samples int, job Job) bool {
	return !job.InBlocks && (samples >= op.Lanes/2 || job.LoadsBlocks)
}

func (r *fastRun) run(samples int, job Job) error {
	r.weights.update(r.blocks.pool, r.blocks.cfg.FixedParams)
	return r.blocks.run(samples, job)
}

func (r *fastRun) usage(samples int) Usage {
	u := r.blocks.usage(samples)
	u.Values += r.weights.size
	return u
}
