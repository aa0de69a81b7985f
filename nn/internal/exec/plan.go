package exec

import "github.com/gonn-toolkit/gonn/nn/op"

// blockPlan is what a blockRun prepares once: stages, memory, and shares of layers.
type blockPlan struct {
	*flow
	memory     *blockMemory
	stages     []stage
	statistics []*statistics     // of each node; nil unless it is synchronized
	runsBack   []bool            // of each node, whether its Backward runs
	splits     []bool            // of each node, whether a team shares its work
	observed   []bool            // of each node, whether its output is observed
	gradients  []bool            // of each node, whether its output's gradient is observed
	macs       int               // of a sample
	parts      map[int][][]op.Op // of shares, by size of the team
	weights    preparedWeights
	prepared   []op.Weights // of each node that is an op.Preparer: a single one
}

// statistics are the statistics of a node over the batch.
type statistics struct {
	forward, backward []float64
	blocks            [][]float64 // of each block, during merge
}

func newBlockPlan(f *flow) *blockPlan {
	n := len(f.Nodes)
	p := &blockPlan{
		flow: f, memory: planMemory(f), statistics: make([]*statistics, n),
		runsBack: make([]bool, n), splits: make([]bool, n), observed: make([]bool, n), gradients: make([]bool, n),
		parts: map[int][][]op.Op{}, prepared: make([]op.Weights, n),
	}
	forward, backward := f.synchronized()
	p.stages = stages(forward, backward, n)
	for _, i := range forward {
		k := f.Nodes[i].Op.(op.Synchronized).NumStatistics()
		p.statistics[i] = &statistics{forward: make([]float64, k), backward: make([]float64, k)}
	}
	for i := range f.Nodes {
		p.runsBack[i] = f.back(i)
		_, p.splits[i] = f.Nodes[i].Op.(op.Splitter)
		if !f.computed[i] {
			continue
		}
		p.macs += f.Nodes[i].Op.MACs()
		if o, ok := f.Nodes[i].Op.(op.Preparer); ok {
			if s := o.Prepare(); s.Compute != nil {
				p.prepared[i] = p.weights.add(f.Nodes[i].Weights, s)
			}
		}
	}
	for _, v := range f.cfg.Observed {
		if v >= 0 {
			p.observed[v] = true
		}
	}
	for _, v := range f.cfg.Gradients {
		if v >= 0 {
			p.gradients[v] = true
		}
	}
	return p
}

// shares are the shares of all layers for each member of a team of some size; nil for no work.
// They must be made before a run starts its workers.
func (p *blockPlan) shares(size int) [][]op.Op {
	if all, ok := p.parts[size]; ok {
		return all
	}
	all := make([][]op.Op, size)
	for i, node := range p.Nodes {
		split, ok := node.Op.(op.Splitter)
		for m := range all {
			var part op.Op
			switch {
			case !p.computed[i] || p.isIdle(i):
			case size > 1 && ok:
				part = split.Split(m, size)
			case m == 0:
				part = node.Op
			}
			all[m] = append(all[m], part)
		}
	}
	p.parts[size] = all
	return all
}

// isIdle reports whether a node has nothing to do, because its output has the memory of its
// input, and so do their gradients.
func (p *blockPlan) isIdle(i int) bool {
	m := p.memory
	if !m.isView(i) || m.values[i] != m.values[m.index(m.Nodes[i].In[0])] {
		return false
	}
	return !p.runsBack[i] || m.dx[i][0].buffer == nil || m.dx[i][0].buffer == m.grads[i]
}

// merge merges the statistics of the blocks.
func (p *blockPlan) merge(i int, back bool, workspaces []*workspace) {
	s := p.statistics[i]
	s.blocks = s.blocks[:0]
	for _, ws := range workspaces {
		own := ws.training[i].BlockForward
		if back {
			own = ws.training[i].BlockBackward
		}
		s.blocks = append(s.blocks, own)
	}
	if !back {
		p.Nodes[i].Op.(op.Synchronized).MergeForward(s.blocks, s.forward)
		return
	}
	clear(s.backward)
	for _, own := range s.blocks {
		for k, v := range own {
			s.backward[k] += v
		}
	}
}

// updateRunning updates the running statistics after a run.
func (p *blockPlan) updateRunning() {
	for i, s := range p.statistics {
		if s != nil {
			p.Nodes[i].Op.(op.Synchronized).UpdateRunning(p.Nodes[i].Weights, s.forward)
		}
	}
}
