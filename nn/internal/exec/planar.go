package exec

import (
	"sync/atomic"
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
	size          int           // of the memory for a sample
	weights       preparedWeights

	pool       *workerPool
	most       int // largest useful number of workers for a sample
	team       barrier
	shared     func(worker int)
	alone      func(worker int)
	tuner      tuner
	macs       int
	costs      []cost // of each node
	maxSamples int    // largest number of samples to run one by one
	maxBehind  int    // largest number behind whole blocks

	workspaces []*planarWorkspace // one a worker

	// The current run.
	job     Job
	before  int          // number of samples in blocks before those of the run
	next    atomic.Int64 // sample that no worker has started
	whole   int          // number of samples that workers run alone
	failure failure
}

// planarStep is a step of a layer with its memory.
type planarStep struct {
	op.PlanarStep
	weights  op.Weights
	from     []*buffer
	to       *buffer
	wait     bool    // for the other members of the team, before the step
	observed []Value // values that are complete after the step
}

// newPlanarRun returns nil if a layer cannot run on a single sample.
func newPlanarRun(f *flow, pool *workerPool) *planarRun {
	r := &planarRun{flow: f, pool: pool, values: make([]planarValue, f.numValues()), costs: make([]cost, len(f.Nodes))}
	for _, v := range f.cfg.Observed {
		if v < 0 {
			r.observedFirst = append(r.observedFirst, v)
		}
	}
	if !r.planSteps() {
		return nil
	}
	r.extendLifetimes()
	r.size = placeBordered(r.buffers)
	r.most = min(pool.size, 1+r.macs/macsPerMember)
	r.shared, r.alone = r.runShare, r.runSamples
	return r
}

// accepts a few samples, if they need not be loaded in blocks.
func (r *planarRun) accepts(samples int, job Job) bool {
	return samples > 0 && samples <= r.maxSamples && !job.InBlocks && !job.LoadsBlocks
}

// usage is the memory of the workers that take part.
func (r *planarRun) usage(samples int) Usage {
	n, _ := r.divide(samples)
	return Usage{Values: n*r.size + r.weights.size}
}

// divide returns the number of workers for a run, and how many samples they run alone, each its
// own ones. The other samples are shared, if that pays.
func (r *planarRun) divide(samples int) (workers, whole int) {
	workers = min(r.pool.size, samples, 1+samples*r.macs/macsPerMember)
	if workers <= 1 || r.cfg.PlanarWorkers > 0 {
		return 1, 0
	}
	return workers, samples - samples%workers
}

func (r *planarRun) run(samples int, job Job) error { return r.runBehind(0, samples, job) }

// runBehind runs samples behind others, which are whole blocks: first samples on one worker each,
// then the remaining ones on all workers.
func (r *planarRun) runBehind(before, samples int, job Job) error {
	workers, whole := r.divide(samples)
	for len(r.workspaces) < workers {
		r.workspaces = append(r.workspaces, r.newWorkspace())
	}
	r.job, r.before, r.whole = job, before, whole
	defer func() { r.job = Job{} }() // keep nothing alive
	running.Add(1)
	defer running.Add(-1)
	r.weights.update(r.pool, r.cfg.FixedParams, false)
	if whole > 0 {
		r.next.Store(0)
		r.pool.all(workers, r.alone)
		if err := r.failure.take(); err != nil {
			return err
		}
	}
	for i := whole; i < samples; i++ {
		if err := r.runShared(i); err != nil {
			return err
		}
	}
	return nil
}

// runSamples runs whole samples that no other worker has started.
func (r *planarRun) runSamples(worker int) {
	ws := r.workspaces[worker]
	for i := int(r.next.Add(1)) - 1; i < r.whole; i = int(r.next.Add(1)) - 1 {
		if r.failure.before(i) {
			return
		}
		if err := r.begin(ws, i); err != nil {
			r.failure.set(i, err)
			continue
		}
		ws.runAlone()
		if err := r.end(ws); err != nil {
			r.failure.set(i, err)
		}
	}
}

// runShared runs sample i on several workers.
func (r *planarRun) runShared(i int) error {
	ws := r.workspaces[0]
	workers := r.cfg.PlanarWorkers
	if workers == 0 {
		workers = r.tuner.workers(r.pool, r.most) // they wake up while the sample is loaded
	}
	if err := r.begin(ws, i); err != nil {
		return err
	}
	start := time.Now()
	r.team.size = int32(workers)
	r.pool.all(workers, r.shared)
	r.tuner.record(workers, start)
	return r.end(ws)
}

// runShare does a worker's share of all steps.
func (r *planarRun) runShare(worker int) {
	ws := r.workspaces[0]
	share := op.Share{I: worker, N: int(r.team.size)}
	for k := range r.steps {
		s := &r.steps[k]
		if s.wait {
			r.team.Wait()
		}
		s.Run(share, s.weights, ws.x[k], ws.y[k])
		if len(s.observed) == 0 {
			continue
		}
		r.team.Wait()
		if worker == 0 {
			for _, v := range s.observed {
				r.job.Observe(&ws.unit, v)
			}
		}
		r.team.Wait()
	}
}

// begin loads sample i.
func (r *planarRun) begin(ws *planarWorkspace, i int) error {
	ws.unit.Index, ws.unit.First = r.before/op.Lanes+i, r.before+i
	if err := r.job.Load(&ws.unit); err != nil {
		return err
	}
	for _, v := range r.observedFirst {
		r.job.Observe(&ws.unit, v)
	}
	return nil
}

func (r *planarRun) end(ws *planarWorkspace) error {
	if r.job.AfterForward == nil {
		return nil
	}
	return r.job.AfterForward(&ws.unit)
}

// planarWorkspace is the memory for a sample.
type planarWorkspace struct {
	run    *planarRun
	memory []float32
	unit   Unit
	x      [][][]float32 // inputs of each step
	y      [][]float32
}

func (r *planarRun) newWorkspace() *planarWorkspace {
	ws := &planarWorkspace{run: r, memory: kernel.Aligned(r.size)}
	ws.unit = Unit{graph: r.Graph, planar: ws, Samples: 1}
	at := func(b *buffer) []float32 { return ws.memory[b.offset:][:b.size:b.size] }
	for _, s := range r.steps {
		var x [][]float32
		for _, b := range s.from {
			x = append(x, at(b))
		}
		ws.x, ws.y = append(ws.x, x), append(ws.y, at(s.to))
	}
	return ws
}

// runAlone runs all steps on one worker.
func (ws *planarWorkspace) runAlone() {
	for k := range ws.run.steps {
		s := &ws.run.steps[k]
		s.Run(op.Whole, s.weights, ws.x[k], ws.y[k])
		for _, v := range s.observed {
			ws.run.job.Observe(&ws.unit, v)
		}
	}
}

// value is the memory of a value.
func (ws *planarWorkspace) value(v Value) Samples {
	p := &ws.run.values[ws.run.index(v)]
	return Samples{planes: &p.planes, memory: ws.memory[p.offset:][:p.size]}
}
