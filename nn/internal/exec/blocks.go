package exec

import (
	"sync/atomic"

	"github.com/gonn-toolkit/gonn/nn/internal/kernel"
	"github.com/gonn-toolkit/gonn/nn/op"
)

// blockRun runs any number of samples, in blocks of sixteen.
type blockRun struct {
	graph *Graph
	cfg   Config
	pool  *Pool
	plan  *blockPlan

	workspaces []*workspace // one for each that carries or leads; one for each block if there are several stages
	slots      []slot       // one a block
	teams      []barrier
	solo       barrier // of whoever carries a block alone

	// The run at hand.
	job     Job
	samples int
	blocks  int
	shared  int // the last blocks, which teams carry
	stage   *stage
	back    bool          // there are seeds
	claimed []atomic.Bool // the others that somebody carries
	work    func(worker int)
	failure failure

	total []float32 // of reduce
	sum   func(worker, i int)
}

// slot is where the gradients of a block go.
type slot struct {
	flat  []float32
	nodes []op.Weights
}

func newBlockRun(f *flow, pool *Pool) *blockRun {
	r := &blockRun{
		graph: f.Graph, cfg: f.cfg, pool: pool, plan: newBlockPlan(f),
		teams: make([]barrier, pool.size), solo: barrier{size: 1},
	}
	r.work, r.sum = r.workOnBlocks, r.sumRange
	return r
}

// accepts any number of samples.
func (r *blockRun) accepts(int, Job) bool { return true }

// macsPerMember is the least work that makes waiting for each other after every layer
// worth while.
const macsPerMember = 1 << 18

// run carries the blocks through one stage after the other.
func (r *blockRun) run(samples int, job Job) error {
	if samples == 0 {
		r.blocks = 0
		return nil
	}
	r.prepare(samples, job)
	n := running.Add(1)
	defer running.Add(-1)
	workers := r.formTeams(n > 1)
	for i := range r.plan.stages {
		r.stage = &r.plan.stages[i]
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

// prepare makes the memory for a run.
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

// needed is how many workspaces so many blocks take.
func (r *blockRun) needed(blocks int) int {
	if len(r.plan.stages) > 1 {
		return blocks
	}
	return min(r.pool.size, blocks)
}

// formTeams decides how many workers take part and who shares which of the last blocks.
// Teams form only if nobody else needs the processors.
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

// workspace is the memory for block b, which a worker carries or a team's leader leads.
func (r *blockRun) workspace(worker, b int) *workspace {
	if len(r.plan.stages) > 1 {
		return r.workspaces[b]
	}
	return r.workspaces[worker]
}

// usage counts workspaces and the blocks' gradients.
func (r *blockRun) usage(samples int) Usage {
	blocks := Blocks(samples)
	u := Usage{Values: r.needed(blocks) * r.plan.memory.size}
	if len(r.cfg.Seeds) > 0 {
		u.Gradients = blocks * r.graph.numGradients()
	}
	return u
}

// sumFloats is how many parameters' gradients one piece of work sums up.
const sumFloats = 1 << 13

// reduce adds up the gradients of the blocks.
func (r *blockRun) reduce(total []float32) {
	r.total = total
	r.pool.Each((len(total)+sumFloats-1)/sumFloats, r.sum)
	r.total = nil
}

// sumRange adds the gradients of the blocks for a stretch of the parameters.
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
