package exec

import (
	"github.com/gonn-toolkit/gonn/nn/internal/kernel"
	"github.com/gonn-toolkit/gonn/nn/op"
)

// member is a worker's place in a team.
type member struct {
	team  *barrier
	share op.Share
	ops   []op.Op // its share of each layer; nil for no work
}

func (m member) leads() bool { return m.share.I == 0 }

// workOnBlocks is one worker's part of a stage: whole blocks, and then a share of one.
// Worker t is the leader of team t. It starts with every size-th whole block, the same in
// every step, because their gradients may still be in its processor's cache. Every other stage
// goes through them from the last to the first, whose values are in the cache from the stage
// before. Then it takes whole blocks that no other worker has started.
func (r *blockRun) workOnBlocks(worker int) {
	solo := member{&r.solo, op.Whole, r.plan.parts[1][0]}
	whole := r.blocks - r.shared
	own := max(0, whole-worker+r.pool.size-1) / r.pool.size
	for i := range own {
		if r.backwards {
			i = own - 1 - i
		}
		if b := worker + i*r.pool.size; r.claim(b) {
			r.workOnBlock(r.workspace(worker, b), solo, b)
		}
	}
	for b := range whole {
		if r.claim(b) {
			r.workOnBlock(r.workspace(worker, b), solo, b)
		}
	}
	if r.shared == 0 {
		return
	}
	t := worker % r.shared
	team, i := &r.teams[t], worker/r.shared
	if size := int(team.size); i < size {
		m := member{team, op.Share{I: i, N: size}, r.plan.parts[size][i]}
		r.workOnBlock(r.workspace(t, whole+t), m, whole+t)
	}
}

// claim reports whether the caller is to process block b. It is true for one caller only.
func (r *blockRun) claim(b int) bool {
	return !r.failure.before(b) && !r.claimed[b].Load() && r.claimed[b].CompareAndSwap(false, true)
}

// workOnBlock runs the current stage on a block. After an error the block's values are
// meaningless, but all members of the team continue to the end of the stage.
func (r *blockRun) workOnBlock(ws *workspace, m member, b int) {
	s, loaded := r.stage, true
	if m.leads() {
		loaded = r.lead(ws, m, b)
	}
	m.team.Wait()
	r.forward(ws, m, s.forward)
	if s.readsOutputs && m.leads() && loaded && r.job.AfterForward != nil {
		if err := r.job.AfterForward(&ws.unit); err != nil {
			r.failure.set(b, err)
		}
	}
	if r.back {
		m.team.Wait()
		r.backward(ws, m, s.backward)
	}
	if s.ends && r.back && m.leads() {
		r.observeInputGradients(ws)
	}
	if i := s.synchronized; i >= 0 && (r.back || !s.back) {
		if s.back {
			r.observeGradient(ws, m, i)
		}
		if m.ops[i] != nil {
			sumUp(m.ops[i].(op.Synchronized), ws, i, s.back)
		}
	}
}

// lead prepares a block for a stage, before the other members of the team work on it. It
// reports whether the block's samples are loaded.
func (r *blockRun) lead(ws *workspace, m member, b int) bool {
	r.setTeam(ws, m.team)
	if !r.stage.begins {
		return true
	}
	if r.back {
		clear(r.slots[b].flat)
		ws.setGradients(r.slots[b].nodes)
	}
	ws.begin(&r.job, b, min(op.Lanes, r.samples-b*op.Lanes))
	err := r.job.Load(&ws.unit)
	ws.giveHead()
	if err != nil {
		r.failure.set(b, err)
		return false
	}
	if r.back || r.cfg.Training {
		ws.fillLanes()
	}
	for _, v := range r.cfg.Observed {
		if v < 0 {
			r.job.Observe(&ws.unit, v)
		}
	}
	return true
}

// setTeam sets the barriers of the calls. Layers that only the leader works on have none.
func (r *blockRun) setTeam(ws *workspace, team *barrier) {
	if team.size == 1 {
		team = nil
	}
	if ws.team == team {
		return
	}
	ws.team = team
	for i := range ws.forward {
		var wait op.Barrier
		if team != nil && r.plan.splits[i] {
			wait = team
		}
		ws.forward[i].Barrier, ws.backward[i].Barrier = wait, wait
	}
}

// forward does a member's share of the forward pass of a range of nodes.
func (r *blockRun) forward(ws *workspace, m member, some nodeRange) {
	p := r.plan
	for i := some.lo; i < some.hi; i++ {
		if o := m.ops[i]; o != nil {
			o.Forward(&ws.forward[i])
		}
		m.team.Wait()
		if p.observed[i] {
			if m.leads() {
				r.job.Observe(&ws.unit, Value(i))
			}
			m.team.Wait()
		}
	}
}

// backward does a member's share of the backward pass of a range of nodes.
func (r *blockRun) backward(ws *workspace, m member, some nodeRange) {
	p := r.plan
	for i := some.hi - 1; i >= some.lo; i-- {
		if p.statistics[i] == nil || !p.runsBack[i] {
			r.observeGradient(ws, m, i)
		} // otherwise it was observed before BackwardStatistics, which may overwrite it
		if !p.runsBack[i] {
			continue
		}
		if o := m.ops[i]; o != nil {
			o.Backward(&ws.backward[i])
		}
		m.team.Wait()
		for k, from := range ws.temp[i] {
			if from.Data != nil {
				to := ws.grads[p.index(p.Nodes[i].In[k])]
				lo, hi := m.share.Of(len(to.Data) / op.Lanes)
				kernel.Add(to.Data[lo*op.Lanes:hi*op.Lanes], from.Data[lo*op.Lanes:hi*op.Lanes])
				m.team.Wait()
			}
		}
	}
}

// observeGradient calls Job.Gradient for the output of a node, if it is observed.
func (r *blockRun) observeGradient(ws *workspace, m member, i int) {
	if !r.plan.gradients[i] {
		return
	}
	if m.leads() {
		r.job.Gradient(&ws.unit, Value(i))
	}
	m.team.Wait()
}

// observeInputGradients calls Job.Gradient for the inputs.
func (r *blockRun) observeInputGradients(ws *workspace) {
	for _, v := range r.cfg.Gradients {
		if v < 0 {
			r.job.Gradient(&ws.unit, v)
		}
	}
}

// sumUp computes the statistics of a block for a synchronized node.
func sumUp(o op.Synchronized, ws *workspace, i int, back bool) {
	if back {
		o.BackwardStatistics(&ws.backward[i], ws.training[i].BlockBackward)
	} else {
		o.ForwardStatistics(&ws.forward[i], ws.training[i].BlockForward)
	}
}
