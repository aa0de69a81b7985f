package exec

import (
	"time"

	"github.com/gonn-toolkit/gonn/nn/internal/kernel"
	"github.com/gonn-toolkit/gonn/nn/op"
)

// planarRun is the plan that runs samples one by one, in inference.
type planarRun struct {
	*flow
	steps         []planarStep
	buffers       []*buffer
	values        []planarValue // by index of the value
	observedFirst []Value       // before the first step
	memory        []float32     // the arena, allocated in the first run
	size          int

	pool       *workerPool
	most       int // largest useful number of workers
	team       barrier
	work       func(worker int)
	unit       Unit
	job        Job
	tuner      tuner
	macs       int
	maxSamples int // largest number of samples to run one by one
}

// planarStep is a step of a layer with its memory.
type planarStep struct {
	op.PlanarStep
	weights  op.Weights
	from     []*buffer
	to       *buffer
	wait     bool    // for the other members of the team, before the step
	observed []Value // values that are complete after the step
	x        [][]float32
	y        []float32
}

// newPlanarRun returns nil if a layer cannot run on a single sample.
func newPlanarRun(f *flow, pool *workerPool) *planarRun {
	r := &planarRun{flow: f, pool: pool, values: make([]planarValue, f.numValues())}
	for _, v := range f.cfg.Observed {
		if v < 0 {
			r.observedFirst = append(r.observedFirst, v)
		}
	}
	if !r.planSteps() {
		return nil
	}
	r.extendLifetimes()
	r.size = place(r.buffers)
	r.most = min(pool.size, 1+r.macs/macsPerMember)
	r.work = r.runSteps
	r.unit = Unit{graph: f.Graph, planes: r, Samples: 1}
	return r
}

// accepts a few samples, if they need not be loaded in blocks.
func (r *planarRun) accepts(samples int, job Job) bool {
	return samples > 0 && samples <= r.maxSamples && !job.InBlocks
}

// usage does not depend on the number of samples.
func (r *planarRun) usage(int) Usage { return Usage{Values: r.size} }

// allocate allocates the memory.
func (r *planarRun) allocate() {
	if r.memory != nil {
		return
	}
	r.memory = kernel.Aligned(r.size)
	at := func(b *buffer) []float32 { return r.memory[b.offset:][:b.size:b.size] }
	for i := range r.steps {
		s := &r.steps[i]
		for _, b := range s.from {
			s.x = append(s.x, at(b))
		}
		s.y = at(s.to)
	}
}

// value is the memory of a value.
func (r *planarRun) value(v Value) Samples {
	p := &r.values[r.index(v)]
	return Samples{planes: &p.planes, memory: r.memory[p.offset:][:p.size]}
}

// run runs samples one after the other.
func (r *planarRun) run(samples int, job Job) error {
	r.allocate()
	r.job = job
	running.Add(1)
	defer running.Add(-1)
	defer func() { r.job = Job{} }()
	for i := range samples {
		r.unit.Index, r.unit.First = i, i
		if err := job.Load(&r.unit); err != nil {
			return err
		}
		for _, v := range r.observedFirst {
			job.Observe(&r.unit, v)
		}
		workers := r.cfg.PlanarWorkers
		if workers == 0 {
			workers = r.tuner.workers(r.pool, r.most)
		}
		start := time.Now()
		r.team.size = int32(workers)
		r.pool.all(workers, r.work)
		r.tuner.record(workers, start)
		if job.AfterForward != nil {
			if err := job.AfterForward(&r.unit); err != nil {
				return err
			}
		}
	}
	return nil
}

// runSteps does a worker's share of all steps.
func (r *planarRun) runSteps(worker int) {
	share := op.Share{I: worker, N: int(r.team.size)}
	for i := range r.steps {
		s := &r.steps[i]
		if s.wait {
			r.team.Wait()
		}
		s.Run(share, s.weights, s.x, s.y)
		if len(s.observed) == 0 {
			continue
		}
		r.team.Wait()
		if worker == 0 {
			for _, v := range s.observed {
				r.job.Observe(&r.unit, v)
			}
		}
		r.team.Wait()
	}
}
