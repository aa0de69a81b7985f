package nn

import (
	"runtime"
	"sync/atomic"
)

// walkers carry blocks through a network, forward and perhaps back. A goroutine takes a
// block all the way, or as far as a layer that couples samples, before which all blocks
// wait for each other. Blocks that are left when there are not enough for all are
// shared by teams, so that nobody is idle; that changes no bit of the result.
type walkers struct {
	net    *Network
	crew   *crew
	passes []*pass // one for each that carries or leads; one for each block if there are several legs
	teams  []team
	solo   team // of whoever carries a block alone
	blocks int
	shared int // the last blocks, which teams carry
	// claimed are the others that somebody carries.
	claimed []atomic.Bool
	job     func(worker int)

	legs   []leg
	leg    *leg           // the one at hand
	totals [][2][]float64 // what the batch adds up to, of coupling nodes, forward and back
	sums   [][]float64    // of each block, for a moment

	// before gives a block its samples, after sees its result, both called by one
	// goroutine. slots is where the gradients of block b go; nil for no way back.
	before, after func(p *pass, b int)
	slots         []Weights
}

// member is a goroutine's place in a team.
type member struct {
	team *team
	i    int
	ops  []Op // what it does of each layer; nil if nothing
}

// newWalkers makes those that answer; forTraining those that also come back.
func newWalkers(net *Network, workers int) *walkers {
	w := &walkers{net: net, crew: newCrew(workers), solo: team{size: 1}, legs: legs(nil, len(net.nodes))}
	w.job = w.carry
	w.teams = make([]team, w.crew.size)
	return w
}

func (w *walkers) forTraining() *walkers {
	coupled := w.net.coupled()
	w.legs = legs(coupled, len(w.net.nodes))
	w.totals = make([][2][]float64, len(w.net.nodes))
	for _, c := range coupled {
		n := w.net.nodes[c].op.(coupledOp).NumSums()
		w.totals[c] = [2][]float64{make([]float64, n), make([]float64, n)}
	}
	return w
}

// grow makes the memory for a number of blocks.
func (w *walkers) grow(blocks int) {
	n := min(w.crew.size, blocks)
	if len(w.legs) > 1 {
		n = blocks
	}
	for len(w.passes) < n {
		p := newPass(w.net)
		if w.totals != nil {
			p.forTraining(w.totals)
		}
		w.passes = append(w.passes, p)
	}
}

// passOf is the memory for block b, which a worker carries or a team's leader leads.
func (w *walkers) passOf(worker, b int) *pass {
	if len(w.legs) > 1 {
		return w.passes[b]
	}
	return w.passes[worker]
}

// walking is how many runs are under way in this process.
var walking atomic.Int32

// macsPerMember is the least work that makes waiting for each other after every layer
// worth while.
const macsPerMember = 1 << 18

// run carries n blocks. Teams form only if nobody else needs the processors.
func (w *walkers) run(n int) {
	w.grow(n)
	workers, most := w.crew.size, 1+w.net.MACs()*Lanes/macsPerMember
	w.blocks, w.shared = n, n%workers
	if walking.Add(1) > 1 || most == 1 {
		w.shared = 0
	}
	defer walking.Add(-1)
	switch {
	case n < workers && w.shared == 0:
		workers = n
	case n < workers:
		workers = min(workers, n*most)
	}
	for t := range w.shared {
		w.teams[t].size = int32(min(most, (workers-t+w.shared-1)/w.shared))
	}
	if len(w.claimed) < n {
		w.claimed = make([]atomic.Bool, n)
	}
	for i := range w.legs {
		w.leg = &w.legs[i]
		for b := range n {
			w.claimed[b].Store(false)
		}
		w.crew.all(max(1, workers), w.job)
		if w.leg.couples >= 0 {
			w.couple(w.leg)
		}
	}
}

// carry is what one goroutine does: whole blocks, and then a share of one. Worker t leads
// team t. Of the whole blocks it takes every size-th first, the same ones in every step,
// since their gradients may still lie in its processor's cache.
func (w *walkers) carry(worker int) {
	alone := member{team: &w.solo, ops: w.net.parts(1)[0]}
	whole := w.blocks - w.shared
	for b := worker; b < whole; b += w.crew.size {
		if w.claim(b) {
			w.walk(w.passOf(worker, b), alone, b)
		}
	}
	for b := range whole { // what others have not begun
		if w.claim(b) {
			w.walk(w.passOf(worker, b), alone, b)
		}
	}
	if w.shared == 0 {
		return
	}
	t := worker % w.shared
	if m := (member{team: &w.teams[t], i: worker / w.shared}); m.i < int(m.team.size) {
		m.ops = w.net.parts(int(m.team.size))[m.i]
		w.walk(w.passOf(t, whole+t), m, whole+t)
	}
}

// claim reports whether nobody else carries block b.
func (w *walkers) claim(b int) bool {
	return !w.claimed[b].Load() && w.claimed[b].CompareAndSwap(false, true)
}

// walk carries a block along the leg at hand.
func (w *walkers) walk(p *pass, m member, b int) {
	l := w.leg
	if l.begins && m.i == 0 {
		w.before(p, b)
	}
	m.team.wait()
	p.forward(m, l.forward)
	if l.turns && m.i == 0 {
		w.after(p, b)
	}
	if w.slots != nil {
		m.team.wait()
		p.backward(m, l.backward, w.slots[b])
	}
	if l.couples >= 0 && m.i == 0 {
		p.sumUp(l)
	}
}

// splitOp is an Op whose work several goroutines can share. Part gives an Op that does
// share i of n, 0 ≤ i < n: of y, dx and dw it writes its part alone, to the bits that
// the whole would. The others are written by the other shares, at the same time.
type splitOp interface{ Part(i, n int) Op }

// parts are the shares of all layers' work for each member of a team.
func (n *Network) parts(size int) [][]Op {
	if p, ok := n.shares.Load(size); ok {
		return p.([][]Op)
	}
	all := make([][]Op, size)
	for _, node := range n.nodes {
		split, ok := node.op.(splitOp)
		for i := range all {
			var part Op
			switch {
			case size > 1 && ok:
				part = split.Part(i, size)
			case i == 0:
				part = node.op
			}
			all[i] = append(all[i], part)
		}
	}
	p, _ := n.shares.LoadOrStore(size, all)
	return p.([][]Op)
}

// team is goroutines that share the work on one block, layer by layer.
type team struct {
	size    int32
	arrived atomic.Int32
	round   atomic.Uint32
}

// wait returns when all members have called it. A layer takes microseconds, in which
// nobody can be sent to sleep and woken: it looks again and again, and only lets other
// goroutines run when this takes long.
func (t *team) wait() {
	if t.size == 1 {
		return
	}
	round := t.round.Load()
	if t.arrived.Add(1) == t.size {
		t.arrived.Store(0)
		t.round.Add(1)
		return
	}
	for looks := 1; t.round.Load() == round; looks++ {
		if looks > 1<<14 && looks%(1<<10) == 0 {
			runtime.Gosched()
		}
	}
}

// blocks is the number of blocks that n samples take.
func blocks(n int) int { return (n + Lanes - 1) / Lanes }

// blockOf cuts the samples of block b out of a batch.
func blockOf(idx []int, b int) []int {
	return idx[b*Lanes : min((b+1)*Lanes, len(idx))]
}
