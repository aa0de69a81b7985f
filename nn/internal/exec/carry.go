package exec

import (
	"github.com/gonn-toolkit/gonn/nn/internal/kernel"
	"github.com/gonn-toolkit/gonn/nn/op"
)

// member is a worker's place in a team.
type member struct {
	team  *barrier
	share op.Share
	ops   []op.Op // what it does of each layer; nil if nothing
}

func (m member) leads() bool { return m.share.I == 0 }

// carryBlocks is what one worker does in a stage: whole blocks, and then a share of one.
// Worker t leads team t. Of the whole blocks it takes every size-th first, the same ones in
// every step, since their gradients may still lie in its processor's cache.
func (e *Executor) carryBlocks(worker int) {
	alone := member{&e.solo, op.Whole, e.plan.parts[1][0]}
	whole := e.blocks - e.shared
	for b := worker; b < whole; b += e.pool.size {
		if e.claim(b) {
			e.carryBlock(e.workspace(worker, b), alone, b)
		}
	}
	for b := range whole { // what others have not begun
		if e.claim(b) {
			e.carryBlock(e.workspace(worker, b), alone, b)
		}
	}
	if e.shared == 0 {
		return
	}
	t := worker % e.shared
	team, i := &e.teams[t], worker/e.shared
	if size := int(team.size); i < size {
		m := member{team, op.Share{I: i, N: size}, e.plan.parts[size][i]}
		e.carryBlock(e.workspace(t, whole+t), m, whole+t)
	}
}

// claim reports whether block b is to be carried and nobody else does.
func (e *Executor) claim(b int) bool {
	return !e.failure.before(b) && !e.claimed[b].Load() && e.claimed[b].CompareAndSwap(false, true)
}

// carryBlock takes a block through the stage at hand. After an error its numbers mean
// nothing, but all members of the team go on to the end of the stage.
func (e *Executor) carryBlock(ws *workspace, m member, b int) {
	s, loaded := e.stage, true
	if m.leads() {
		loaded = e.lead(ws, m, b)
	}
	m.team.Wait()
	e.forward(ws, m, s.forward)
	if s.turns && m.leads() && loaded && e.job.Turn != nil {
		if err := e.job.Turn(&ws.unit); err != nil {
			e.failure.set(b, err)
		}
	}
	if len(e.cfg.Seeds) > 0 {
		m.team.Wait()
		e.backward(ws, m, s.backward)
	}
	if s.ends && m.leads() {
		e.showInputs(ws)
	}
	if i := s.synchronized; i >= 0 && m.ops[i] != nil {
		sumUp(m.ops[i].(op.Synchronized), ws, i, s.back)
	}
}

// lead prepares a block for a stage, before the others of a team work on it. It reports
// whether the block has its samples.
func (e *Executor) lead(ws *workspace, m member, b int) bool {
	e.setTeam(ws, m.team)
	if !e.stage.begins {
		return true
	}
	if len(e.cfg.Seeds) > 0 {
		clear(e.slots[b].flat)
		ws.setGradients(e.slots[b].nodes)
	}
	ws.begin(e.job.Key, b, min(op.Lanes, e.samples-b*op.Lanes))
	if err := e.job.Load(&ws.unit); err != nil {
		e.failure.set(b, err)
		return false
	}
	for _, v := range e.cfg.Observed {
		if v < 0 {
			e.job.Observe(&ws.unit, v)
		}
	}
	return true
}

// setTeam says who waits for whom inside layers. One that only the leader works on waits for
// nobody.
func (e *Executor) setTeam(ws *workspace, team *barrier) {
	if team.size == 1 {
		team = nil
	}
	if ws.team == team {
		return
	}
	ws.team = team
	for i := range ws.forward {
		var wait op.Barrier
		if team != nil && e.plan.splits[i] {
			wait = team
		}
		ws.forward[i].Barrier, ws.backward[i].Barrier = wait, wait
	}
}

// forward does a member's share of computing some nodes.
func (e *Executor) forward(ws *workspace, m member, some nodes) {
	p := e.plan
	for i := some.lo; i < some.hi; i++ {
		if o := m.ops[i]; o != nil {
			o.Forward(&ws.forward[i])
		}
		m.team.Wait()
		if p.observed[i] {
			if m.leads() {
				e.job.Observe(&ws.unit, Value(i))
			}
			m.team.Wait()
		}
	}
}

// backward does a member's share of computing gradients.
func (e *Executor) backward(ws *workspace, m member, some nodes) {
	p := e.plan
	for i := some.hi - 1; i >= some.lo; i-- {
		if p.gradients[i] {
			if m.leads() {
				e.job.Gradient(&ws.unit, Value(i))
			}
			m.team.Wait()
		}
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

// showInputs shows the gradients of inputs.
func (e *Executor) showInputs(ws *workspace) {
	for _, v := range e.cfg.Gradients {
		if v < 0 {
			e.job.Gradient(&ws.unit, v)
		}
	}
}

// sumUp sums a block up for a synchronized node.
func sumUp(o op.Synchronized, ws *workspace, i int, back bool) {
	if back {
		o.BackwardStatistics(&ws.backward[i], ws.training[i].BlockBackward)
	} else {
		o.ForwardStatistics(&ws.forward[i], ws.training[i].BlockForward)
	}
}

// reduceStretch adds the gradients of the blocks for a stretch of the parameters.
func (e *Executor) reduceStretch(_, i int) {
	lo, hi := i*sumFloats, min((i+1)*sumFloats, len(e.total))
	if e.blocks == 0 {
		clear(e.total[lo:hi])
		return
	}
	copy(e.total[lo:hi], e.slots[0].flat[lo:hi])
	for _, s := range e.slots[1:e.blocks] {
		kernel.Add(e.total[lo:hi], s.flat[lo:hi])
	}
}
