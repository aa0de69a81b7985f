package exec

import (
	"slices"

	"github.com/gonn-toolkit/gonn/nn/op"
)

// gatheredRun is the plan that runs the first layers sample by sample, which keeps large maps
// in the cache, and the others in blocks, which read their weights once for sixteen samples. It
// runs in inference only.
type gatheredRun struct {
	head   *planarRun
	steps  *headSteps
	blocks *blockRun // the head is one of its nodes
}

// newGatheredRun returns nil if running samples one by one does not pay. all is the plan that
// runs all layers so.
func newGatheredRun(f *flow, all *planarRun, pool *workerPool) *gatheredRun {
	if all == nil || len(f.cfg.Observed) > 0 || len(f.Inputs) != 1 {
		return nil
	}
	cut := all.cut()
	if cut < 0 {
		return nil
	}
	c := f.cfg
	c.Outputs = []Value{Value(cut)}
	head := newPlanarRun(newFlow(f.Graph, c), pool)
	if head == nil {
		return nil
	}
	g := &Graph{Inputs: f.Inputs, Nodes: slices.Clone(f.Nodes)}
	steps := newHeadSteps(head, Value(cut))
	g.Nodes[cut] = Node{Op: headOp{steps, op.Whole}, In: []Value{Input(0)}}
	return &gatheredRun{head, steps, newBlockRun(newFlow(fuse(g, f.cfg), f.cfg), pool)}
}

// accepts a block of samples, or jobs that load blocks.
func (r *gatheredRun) accepts(samples int, job Job) bool {
	return !job.InBlocks && (samples >= op.Lanes || job.LoadsBlocks)
}

func (r *gatheredRun) run(samples int, job Job) error {
	r.head.weights.update(r.head.pool, r.head.cfg.FixedParams, false)
	r.steps.allocate(r.workspaces(samples))
	return r.blocks.run(samples, job)
}

// workspaces is the number of workers that may run the head at once.
func (r *gatheredRun) workspaces(samples int) int { return min(r.head.pool.size, samples) }

// usage counts a workspace of the head for each worker, and the transposed samples of blocks.
func (r *gatheredRun) usage(samples int) Usage {
	u := r.blocks.usage(samples)
	u.Values += r.workspaces(samples)*r.head.size + r.head.weights.size
	u.Values += r.blocks.needed(Blocks(samples)) * r.head.Inputs[0].Size() * op.Lanes
	return u
}

// headOp is the first layers as an op on a block, whose Data is that of a rowInput. Shares are
// samples.
type headOp struct {
	*headSteps
	op.Share
}

type headSteps struct {
	run    *planarRun
	input  *planarValue
	output *planarValue
	shape  op.Shape
	free   chan *headWorkspace // those that no worker uses
	made   int                 // how many there are
}

// headWorkspace is the memory for a sample, and its output.
type headWorkspace struct {
	*planarWorkspace
	y []float32
}

func newHeadSteps(r *planarRun, output Value) *headSteps {
	return &headSteps{
		run: r, input: &r.values[r.index(Input(0))], output: &r.values[r.index(output)], shape: r.shape(output),
		free: make(chan *headWorkspace, r.pool.size),
	}
}

// allocate sees to it that there are n workspaces.
func (h *headSteps) allocate(n int) {
	for ; h.made < n; h.made++ {
		h.free <- &headWorkspace{h.run.newWorkspace(), make([]float32, h.shape.Size())}
	}
}

func (o headOp) Shape() op.Shape        { return o.shape }
func (o headOp) Params() []op.ParamSpec { return nil }
func (o headOp) MACs() int              { return o.run.macs }

func (o headOp) Split(i, n int) op.Op { return headOp{o.headSteps, op.Share{I: i, N: n}} }

func (o headOp) Forward(c *op.Call) {
	lo, hi := o.Of(c.Samples)
	if lo == hi {
		return
	}
	ws := <-o.free
	defer func() { o.free <- ws }()
	size := c.X[0].Shape.Size()
	for lane := lo; lane < hi; lane++ {
		o.input.planes.Write(ws.memory[o.input.offset:], c.X[0].Data[lane*size:][:size])
		ws.runAlone()
		o.output.planes.Read(ws.memory[o.output.offset:], ws.y)
		c.Y.SetSample(lane, ws.y)
	}
}

// Backward is never called: the plan has no backward pass.
func (o headOp) Backward(*op.Call) { panic("exec: the layers of a head have no backward pass") }
