package exec

import (
	"github.com/gonn-toolkit/gonn/nn/internal/kernel"
	"github.com/gonn-toolkit/gonn/nn/op"
)

// workspace is the memory of one block and the calls of the layers on it.
type workspace struct {
	forward, backward []op.Call // of each node
	values, grads     []op.Block
	temp              [][]op.Block // of each node and input, to be added to its gradient
	training          []op.Training
	unit              Unit
	head              *op.Call // of a headOp; nil if there is none
	team              *barrier // that shares the block; nil for a single worker
}

func (p *blockPlan) newWorkspace() *workspace {
	m := p.memory
	arena := kernel.Aligned(m.size)
	n := len(m.Nodes)
	ws := &workspace{
		forward: make([]op.Call, n), backward: make([]op.Call, n),
		values: make([]op.Block, m.numValues()), grads: make([]op.Block, m.numValues()),
		temp: make([][]op.Block, n),
	}
	ws.unit = Unit{graph: m.Graph, values: ws.values, grads: ws.grads}
	if m.cfg.Training {
		ws.training = make([]op.Training, n)
	}
	block := func(b *buffer, s op.Shape) op.Block {
		if b == nil {
			return op.Block{Shape: s}
		}
		end := b.offset + s.Size()*op.Lanes
		return op.Block{Shape: s, Data: arena[b.offset:end:end]}
	}
	for k, s := range m.Inputs {
		i := m.index(Input(k))
		ws.values[i], ws.grads[i] = block(m.values[i], s), block(m.grads[i], s)
	}
	for i, node := range m.Nodes {
		s := node.Op.Shape()
		ws.values[i], ws.grads[i] = block(m.values[i], s), block(m.grads[i], s)
		if m.computed[i] {
			p.prepare(ws, i, arena, block)
		}
		if _, ok := node.Op.(headOp); ok {
			ws.head = &ws.forward[i]
			ws.unit.rows = &rowInput{block: ws.head.X[0]}
		}
	}
	return ws
}

// prepare fills in the calls of a node.
func (p *blockPlan) prepare(ws *workspace, i int, arena []float32, block func(*buffer, op.Shape) op.Block) {
	m, node := p.memory, p.memory.Nodes[i]
	c := op.Call{W: node.Weights, Y: ws.values[i]}
	if w := p.prepared[i]; w != nil {
		c.Prepared = w[0]
	}
	for _, in := range node.In {
		c.X = append(c.X, ws.values[m.index(in)])
	}
	if ws.training != nil {
		t := &ws.training[i]
		if s := p.statistics[i]; s != nil {
			t.Forward, t.Backward = s.forward, s.backward
			t.BlockForward, t.BlockBackward = make([]float64, len(s.forward)), make([]float64, len(s.forward))
		}
		c.Training = t
	}
	c.Kept = m.kept[i].in(arena)
	ws.forward[i] = c
	ws.forward[i].Scratch = m.scratch[0][i].in(arena)
	if !m.back(i) {
		return
	}
	c.DY = ws.grads[i]
	c.DX = make([]op.Block, len(node.In))
	ws.temp[i] = make([]op.Block, len(node.In))
	for k, t := range m.dx[i] {
		c.DX[k] = block(t.buffer, m.shape(node.In[k]))
		c.Accumulate = c.Accumulate || t.accumulate
		if t.add {
			ws.temp[i][k] = c.DX[k]
		}
	}
	c.Scratch = m.scratch[1][i].in(arena)
	ws.backward[i] = c
}

// begin prepares for the next block.
func (ws *workspace) begin(job *Job, index, samples int) {
	ws.unit.Index, ws.unit.First, ws.unit.Samples = index, index*op.Lanes, samples
	for i := range ws.forward {
		ws.forward[i].Samples, ws.backward[i].Samples = samples, samples
	}
	for i := range ws.training {
		t := &ws.training[i]
		t.Key, t.First, t.Samples = op.Mix(job.Key+uint64(i)), job.First+index*op.Lanes, samples
	}
}

// fillLanes gives the lanes without a sample the inputs of lane 0. With inputs of their own, such as
// zeros, they could meet a value or a derivative that is not finite where no sample does, and their
// gradients of 0 times that would be NaN in the sums over lanes.
func (ws *workspace) fillLanes() {
	for k := range ws.unit.graph.Inputs {
		op.RepeatLane(ws.unit.values[ws.unit.graph.index(Input(k))].Data, ws.unit.Samples)
	}
}

// giveHead gives the samples that were loaded to the head, if there is one, or what there is after
// an error.
func (ws *workspace) giveHead() {
	if ws.head != nil {
		ws.head.X[0].Data = ws.unit.rows.samples()
	}
}

// dropRows forgets the caller's memory.
func (ws *workspace) dropRows() {
	if ws.head != nil {
		ws.head.X[0].Data, ws.unit.rows.given = nil, nil
	}
}

// setGradients sets the memory of the gradients of parameters.
func (ws *workspace) setGradients(nodes []op.Weights) {
	for i := range ws.backward {
		ws.backward[i].DW = nodes[i]
	}
}
