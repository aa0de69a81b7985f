package exec

import (
	"sync"
	"sync/atomic"

	"github.com/gonn-toolkit/gonn/nn/op"
)

// Executor runs a graph as its Config says. It owns the memory that this takes and may be
// used by one goroutine at a time.
type Executor struct {
	graph  *Graph
	cfg    Config
	pool   *Pool
	plan   *blockPlan
	planar *planarRun // nil: a sample does not run alone

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
	claimed []atomic.Bool // the others that somebody carries
	carry   func(worker int)
	failure failure

	total  []float32 // of Reduce
	reduce func(worker, i int)
}

// slot is where the gradients of a block go.
type slot struct {
	flat  []float32
	nodes []op.Weights
}

// New plans.
func New(g *Graph, c Config) *Executor {
	e := &Executor{graph: g, cfg: c, pool: NewPool(c.Workers), solo: barrier{size: 1}}
	f := newFlow(g, c)
	e.plan = newBlockPlan(f)
	if !c.Training && len(c.Seeds) == 0 {
		e.planar = newPlanarRun(f, e.pool)
	}
	e.carry, e.reduce = e.carryBlocks, e.reduceStretch
	e.teams = make([]barrier, e.pool.size)
	return e
}

// Workers is the number of workers.
func (e *Executor) Workers() int { return e.pool.size }

// Pool is the workers, for other work between runs.
func (e *Executor) Pool() *Pool { return e.pool }

// running is how many runs are under way in this process.
var running atomic.Int32

// macsPerMember is the least work that makes waiting for each other after every layer
// worth while.
const macsPerMember = 1 << 18

// Run takes so many samples through the network. An error of Job.Load or Job.Turn ends it;
// of several it is that of the first block. Running statistics stay as they are then.
func (e *Executor) Run(samples int, job Job) error {
	if e.alone(samples, job.InBlocks) {
		return e.planar.run(samples, job)
	}
	if samples == 0 {
		e.blocks = 0
		return nil
	}
	e.prepare(samples, job)
	n := running.Add(1)
	defer running.Add(-1)
	workers := e.formTeams(n > 1)
	for i := range e.plan.stages {
		e.stage = &e.plan.stages[i]
		for b := range e.blocks {
			e.claimed[b].Store(false)
		}
		e.pool.all(workers, e.carry)
		if e.failure.found.Load() {
			break
		}
		if e.stage.synchronized >= 0 {
			e.plan.merge(e.stage.synchronized, e.stage.back, e.workspaces[:e.blocks])
		}
	}
	e.job = Job{} // keep nothing alive
	if err := e.failure.take(); err != nil {
		e.blocks = 0 // nothing to reduce
		return err
	}
	if e.cfg.Training {
		e.plan.updateRunning()
	}
	return nil
}

// prepare makes the memory for a run.
func (e *Executor) prepare(samples int, job Job) {
	e.job, e.samples, e.blocks = job, samples, Blocks(samples)
	for len(e.workspaces) < e.needed(e.blocks) {
		e.workspaces = append(e.workspaces, e.plan.newWorkspace())
	}
	if len(e.cfg.Seeds) > 0 {
		for len(e.slots) < e.blocks {
			flat := make([]float32, e.graph.numGradients())
			e.slots = append(e.slots, slot{flat, e.graph.SplitGradients(flat)})
		}
	}
	if len(e.claimed) < e.blocks {
		e.claimed = make([]atomic.Bool, e.blocks)
	}
}

// needed is how many workspaces so many blocks take.
func (e *Executor) needed(blocks int) int {
	if len(e.plan.stages) > 1 {
		return blocks
	}
	return min(e.pool.size, blocks)
}

// formTeams decides how many workers take part and who shares which of the last blocks.
// Teams form only if nobody else needs the processors.
func (e *Executor) formTeams(others bool) int {
	workers, most := e.pool.size, 1+e.plan.macs*op.Lanes/macsPerMember
	e.shared = e.blocks % workers
	if others || most == 1 {
		e.shared = 0
	}
	switch {
	case e.blocks < workers && e.shared == 0:
		workers = e.blocks
	case e.blocks < workers:
		workers = min(workers, e.blocks*most)
	}
	e.plan.shares(1)
	for t := range e.shared {
		size := min(most, (workers-t+e.shared-1)/e.shared)
		e.teams[t].size = int32(size)
		e.plan.shares(size)
	}
	return max(1, workers)
}

// workspace is the memory for block b, which a worker carries or a team's leader leads.
func (e *Executor) workspace(worker, b int) *workspace {
	if len(e.plan.stages) > 1 {
		return e.workspaces[b]
	}
	return e.workspaces[worker]
}

// Blocks is the number of blocks that n samples take.
func Blocks(n int) int { return (n + op.Lanes - 1) / op.Lanes }

// sumFloats is how many parameters' gradients one piece of work sums up.
const sumFloats = 1 << 13

// NumGradients is the length of the vector that Reduce fills.
func (e *Executor) NumGradients() int { return e.graph.numGradients() }

// SplitGradients cuts such a vector.
func (e *Executor) SplitGradients(flat []float32) []op.Weights { return e.graph.SplitGradients(flat) }

// Reduce adds up the gradients that the blocks of the last run left, in the order of the
// blocks, whoever computed them. They are zero if there was no run, or it has failed.
func (e *Executor) Reduce(total []float32) {
	e.total = total
	e.pool.Each((len(total)+sumFloats-1)/sumFloats, e.reduce)
	e.total = nil
}

// failure is the first error of a run.
type failure struct {
	found atomic.Bool
	mu    sync.Mutex
	unit  int
	err   error
}

func (f *failure) set(unit int, err error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.err == nil || unit < f.unit {
		f.unit, f.err = unit, err
	}
	f.found.Store(true)
}

// before reports whether a unit before some other one has failed.
func (f *failure) before(unit int) bool {
	if !f.found.Load() {
		return false
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.unit < unit
}

// take gives the error, for which there is none afterwards.
func (f *failure) take() error {
	err := f.err
	f.err = nil
	f.found.Store(false)
	return err
}

// HasGradient reports whether a run computes the gradient of a value.
func (e *Executor) HasGradient(v Value) bool { return e.plan.hasGradient(v) }
