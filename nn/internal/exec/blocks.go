package exec

import (
	"sync/atomic"

	"github.com/gonn-toolkit/gonn/nn/internal/kernel"
	"github.com/gonn-toolkit/gonn/nn/op"
)

// blockRun is the plan that runs any number of samples, in blocks of sixteen.
type blockRun struct {
	graph *Graph
	cfg   Config
	pool  *workerPool
	plan  *blockPlan

	workspaces []*workspace // one a worker, or one a block if there are several stages
	slots      []slot       // one a block
	teams      []barrier
	solo       barrier // of a team of one

	// The current run.
	job       Job
	samples   int
	blocks    int
	shared    int // number of blocks at the end that teams share
	stage     *stage
	backwards bool          // whether a worker's blocks are gone through from the last to the first
	back      bool          // whether there is a backward pass
	claimed   []atomic.Bool // of each whole block
	work      func(worker int)
	failure   failure

	total []float32 // of reduce
	sum   func(worker, i int)
}

// slot holds the gradients of the parameters from one block.
type slot struct {
	flat  []float32
	nodes []op.Weights
}

func newBlockRun(f *flow, pool *workerPool) *blockRun {
	r := &blockRun{
		graph: f.Graph, cfg: f.cfg, pool: pool, plan: newBlockPlan(f),
		teams: make([]barrier, pool.size), solo: barrier{size: 1},
	}
	r.work, r.sum = r.workOnBlocks, r.sumRange
	return r
}

// accepts is always true.
func (r *blockRun) accepts(int, Job) bool { return true }

// macsPerMember is the least work for each member of a team that is worth the barriers after
// every layer.
const macsPerMember = 1 << 18

// run processes all blocks in one stage after the other.
func (r *blockRun) run(samples int, job Job) error {
	if samples == 0 {
		r.blocks = 0
		return nil
	}
	r.plan.weights.update(r.pool, r.cfg.FixedParams, samples > op.Lanes)
	r.prepare(samples, job)
	n := running.Add(1)
	defer running.Add(-1)
	workers := r.formTeams(n > 1)
	for i := range r.plan.stages {
		r.stage, r.backwards = &r.plan.stages[i], i%2 == 1
		for b := range r.blocks {
			r.claimed[b].Store(false)
		}
		r.pool.all(workers, r.work)
		if r.failure.found.Load() || r.stage.readsOutputs && !r.back {
			break
		}
		if r.stage.synchronized >= 0 {
			r.plan.merge(r.stage.synchronized, r.stage.back, r.workspaces[:r.blocks])
		}
	}
	r.job = Job{} // keep nothing alive
	for _, ws := range r.workspaces {
		ws.dropRows()
	}
	err := r.failure.take()
	if err != nil || !r.back {
		r.blocks = 0 // nothing to reduce
	}
	if err != nil {
		return err
	}
	if r.cfg.Training {
		r.plan.updateRunning()
	}
	return nil
}

// prepare allocates the memory for a run.
func (r *blockRun) prepare(samples int, job Job) {
	r.job, r.samples, r.blocks = job, samples, Blocks(samples)
	for len(r.workspaces) < r.needed(r.blocks) {
		r.workspaces = append(r.workspaces, r.plan.newWorkspace())
	}
	r.back = len(r.cfg.Seeds) > 0 && !job.ForwardOnly
	if r.back {
		for len(r.slots) < r.blocks {
			flat := make([]float32, r.graph.numGradients())
			r.slots = append(r.slots, slot{flat, r.graph.SplitGradients(flat)})
		}
	}
	if len(r.claimed) < r.blocks {
		r.claimed = make([]atomic.Bool, r.blocks)
	}
}

// needed is the number of workspaces for a number of blocks.
func (r *blockRun) needed(blocks int) int {
	if len(r.plan.stages) > 1 {
		return blocks
	}
	return min(r.pool.size, blocks)
}

// formTeams returns the number of workers that take part, and sets the sizes of the teams,
// each of which shares one of the last blocks. There are no teams if other runs need the
// processors.
func (r *blockRun) formTeams(others bool) int {
	workers, most := r.pool.size, 1+r.plan.macs*op.Lanes/macsPerMember
	r.shared = r.blocks % workers
	if others || most == 1 {
		r.shared = 0
	}
	switch {
	case r.blocks < workers && r.shared == 0:
		workers = r.blocks
	case r.blocks < workers:
		workers = min(workers, r.blocks*most)
	}
	r.plan.shares(1)
	for t := range r.shared {
		size := min(most, (workers-t+r.shared-1)/r.shared)
		r.teams[t].size = int32(size)
		r.plan.shares(size)
	}
	return max(1, workers)
}

// workspace is the memory for block b, which a worker or a team led by it processes.
func (r *blockRun) workspace(worker, b int) *workspace {
	if len(r.plan.stages) > 1 {
		return r.workspaces[b]
	}
	return r.workspaces[worker]
}

// usage is the memory of the workspaces and of the blocks' gradients.
func (r *blockRun) usage(samples int) Usage {
	blocks := Blocks(samples)
	u := Usage{Values: r.needed(blocks)*r.plan.memory.size + r.plan.weights.size}
	if len(r.cfg.Seeds) > 0 {
		u.Gradients = blocks * r.graph.numGradients()
	}
	return u
}

// sumFloats is the number of gradients that sumRange adds up.
const sumFloats = 1 << 13

// reduce adds up the gradients of the blocks.
func (r *blockRun) reduce(total []float32) {
	r.total = total
	r.pool.each((len(total)+sumFloats-1)/sumFloats, r.sum)
	r.total = nil
}

// sumRange adds up the gradients of the blocks for range i of the parameters.
func (r *blockRun) sumRange(_, i int) {
	lo, hi := i*sumFloats, min((i+1)*sumFloats, len(r.total))
	if r.blocks == 0 {
		clear(r.total[lo:hi])
		return
	}
	copy(r.total[lo:hi], r.slots[0].flat[lo:hi])
	for _, s := range r.slots[1:r.blocks] {
		kernel.Add(r.total[lo:hi], s.flat[lo:hi])
	}
}
