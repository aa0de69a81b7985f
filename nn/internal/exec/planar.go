package exec

import (
	"slices"
	"time"

	"github.com/gonn-toolkit/gonn/nn/internal/kernel"
	"github.com/gonn-toolkit/gonn/nn/op"
)

// planarRun takes samples through a network one by one, in inference.
type planarRun struct {
	*flow
	steps   []planarStep
	buffers []*buffer
	values  []planarValue // by index of the value
	memory  []float32     // made in the first run
	size    int

	pool *Pool
	most int // goroutines that there is work for
	team barrier
	walk func(worker int)
	unit Unit
	job  Job
	pace pace
	macs int
}

// planarValue is where a value lies, and how.
type planarValue struct {
	*buffer
	planes op.Planes
}

// planarStep is a step of a layer with the memory that it works on.
type planarStep struct {
	op.PlanarStep
	node    Value
	weights op.Weights
	from    []*buffer
	to      *buffer
	wait    bool // for the other members of the team, before it
	shows   bool // the value of its node, which is complete
	x       [][]float32
	y       []float32
}

// newPlanarRun is nil if a layer cannot.
func newPlanarRun(f *flow, pool *Pool) *planarRun {
	r := &planarRun{flow: f, pool: pool, values: make([]planarValue, f.numValues())}
	for k, s := range f.Inputs {
		planes := op.PlanesOf(s)
		r.values[f.index(Input(k))] = planarValue{r.add(planes, -1), planes}
	}
	for i := range f.Nodes {
		if f.computed[i] && !r.plan(i) {
			return nil
		}
	}
	r.free()
	r.size = place(r.buffers)
	r.most = min(pool.size, 1+r.macs/macsPerMember)
	r.walk = r.runSteps
	r.unit = Unit{graph: f.Graph, planes: r, Samples: 1}
	return r
}

func (r *planarRun) add(p op.Planes, time int) *buffer {
	b := &buffer{size: vectors(p.Size()), first: time, last: time}
	r.buffers = append(r.buffers, b)
	return b
}

// plan adds the steps of a node; false if it cannot run on one sample.
func (r *planarRun) plan(i int) bool {
	node := r.Nodes[i]
	o, ok := node.Op.(op.Planar)
	if !ok {
		return false
	}
	var in []op.Planes
	var from []*buffer
	for _, v := range node.In {
		value := r.values[r.index(v)]
		in, from = append(in, value.planes), append(from, value.buffer)
	}
	steps, ok := o.Planar(in)
	if !ok || len(steps) == 0 {
		return false
	}
	r.macs += node.Op.MACs()
	for _, s := range steps {
		step := planarStep{PlanarStep: s, node: Value(i), weights: node.Weights, from: from}
		step.wait = len(r.steps) > 0 && (s.Mixes || len(in) != 1 || in[0].Channels == 1)
		time := len(r.steps)
		for _, b := range from {
			b.reads(time)
		}
		step.to = r.add(s.To, time)
		r.steps = append(r.steps, step)
		in, from = []op.Planes{s.To}, []*buffer{step.to}
	}
	r.values[i] = planarValue{from[0], in[0]}
	if slices.Contains(r.cfg.Observed, Value(i)) {
		r.steps[len(r.steps)-1].shows = true
	}
	return true
}

// free settles how long buffers are in use: outputs to the end, and what a member of a team
// may still read while another is ahead, until all wait for each other.
func (r *planarRun) free() {
	for _, v := range r.cfg.Outputs {
		r.values[r.index(v)].reads(len(r.steps))
	}
	next := make([]int, len(r.steps)+1) // the last step before the next that waits
	next[len(r.steps)] = len(r.steps)
	for i := len(r.steps) - 1; i >= 0; i-- {
		next[i] = next[i+1]
		if i+1 < len(r.steps) && r.steps[i+1].wait {
			next[i] = i
		}
	}
	for _, b := range r.buffers {
		if b.last >= 0 && b.last < len(next) {
			b.last = next[b.last]
		}
	}
}

// allocate makes the memory.
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

// run takes samples through the network one after the other.
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
		for _, v := range r.cfg.Observed {
			if v < 0 {
				job.Observe(&r.unit, v)
			}
		}
		workers := r.cfg.PlanarWorkers
		if workers == 0 {
			workers = r.pace.workers(r.pool, r.most)
		}
		start := time.Now()
		r.team.size = int32(workers)
		r.pool.all(workers, r.walk)
		r.pace.note(workers, start)
		if job.Turn != nil {
			if err := job.Turn(&r.unit); err != nil {
				return err
			}
		}
	}
	return nil
}

// runSteps does a share of all steps.
func (r *planarRun) runSteps(worker int) {
	share := op.Share{I: worker, N: int(r.team.size)}
	for i := range r.steps {
		s := &r.steps[i]
		if s.wait {
			r.team.Wait()
		}
		s.Run(share, s.weights, s.x, s.y)
		if s.shows {
			r.team.Wait()
			if worker == 0 {
				r.job.Observe(&r.unit, s.node)
			}
			r.team.Wait()
		}
	}
}
