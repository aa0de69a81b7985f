package exec

import (
	"sync/atomic"

	"github.com/gonn-toolkit/gonn/nn/op"
)

// Executor runs a graph by its Config. It owns the memory for that, and may be used by one
// goroutine at a time.
type Executor struct {
	graph  *Graph
	pool   *workerPool
	flow   *flow
	plans  []plan // the first that accepts a run does it
	blocks *blockRun
	planar *planarRun // nil if samples do not run one by one
	rest   restRun
}

// plan is one way of running a graph, prepared in advance.
type plan interface {
	// accepts reports whether the plan can run so many samples of the job.
	accepts(samples int, job Job) bool
	run(samples int, job Job) error
	usage(samples int) Usage
}

// New returns an executor and makes its plans. It allocates no memory for values yet.
func New(g *Graph, c Config) *Executor {
	e := &Executor{graph: g, pool: newWorkerPool(c.Workers), flow: newFlow(g, c)}
	blocks := func(g *Graph) *blockRun { return newBlockRun(newFlow(fuse(g, c), c), e.pool) }
	var fast *Graph
	if c.Fast {
		fast = fastGraph(e.flow)
	}
	switch {
	case !e.flow.trains():
		if fast != nil {
			e.plans = append(e.plans, fastRun{blocks(fast)})
		}
		if e.planar = newPlanarRun(e.flow, e.pool); e.planar != nil {
			if g := newGatheredRun(e.flow, e.planar, e.pool); g != nil {
				e.plans = append(e.plans, g)
			}
			e.plans = append(e.plans, e.planar)
			e.rest.planar = e.planar
		}
	case fast != nil:
		g = fast
	}
	e.blocks = blocks(g)
	e.plans = append(e.plans, e.blocks)
	return e
}

// running is the number of runs in progress in this process.
var running atomic.Int32

// Run runs so many samples. It returns the error of Job.Load or Job.AfterForward for the first
// block that has one. Then running statistics do not change.
func (e *Executor) Run(samples int, job Job) error { return e.planFor(samples, job).run(samples, job) }

func (e *Executor) planFor(samples int, job Job) plan {
	p := e.planForAll(samples, job)
	if e.planar == nil || p == plan(e.planar) || !e.rest.accepts(samples, job) {
		return p
	}
	e.rest.blocks = e.planForAll(samples/op.Lanes*op.Lanes, job)
	return &e.rest
}

// planForAll is the plan that runs all samples in the same way.
func (e *Executor) planForAll(samples int, job Job) plan {
	for _, p := range e.plans {
		if p.accepts(samples, job) {
			return p
		}
	}
	return e.blocks
}

// Reduce adds up the gradients of the blocks of the last run, in the order of the blocks. The
// result is zero if there was no run or it failed.
func (e *Executor) Reduce(total []float32) { e.blocks.reduce(total) }

// Discard drops the gradients of the last run: Reduce gives zeros.
func (e *Executor) Discard() { e.blocks.blocks = 0 }

// NumGradients is the length of the vector that Reduce fills.
func (e *Executor) NumGradients() int { return e.graph.numGradients() }

// SplitGradients is Graph.SplitGradients.
func (e *Executor) SplitGradients(flat []float32) []op.Weights { return e.graph.SplitGradients(flat) }

// HasGradient reports whether a run computes the gradient of a value.
func (e *Executor) HasGradient(v Value) bool { return e.flow.hasGradient(v) }

// RunsBack reports whether a run computes the gradients of a node's parameters.
func (e *Executor) RunsBack(node int) bool { return e.flow.back(node) }

// Workers is the number of workers.
func (e *Executor) Workers() int { return e.pool.size }

// MaxSingle is the largest number of samples that run one by one instead of as a block.
func (e *Executor) MaxSingle() int {
	if e.planar == nil {
		return 0
	}
	return e.planar.maxSamples
}

// Usage is the memory of an executor, in float32 numbers.
type Usage struct {
	Values    int // outputs of layers and their gradients, in all workspaces
	Gradients int // gradients of parameters, of all blocks
}

// Usage is the memory of a run of so many samples, without the parameters.
func (e *Executor) Usage(samples int) Usage { return e.planFor(samples, Job{}).usage(samples) }

// Blocks is the number of blocks of n samples.
func Blocks(n int) int { return (n + op.Lanes - 1) / op.Lanes }
