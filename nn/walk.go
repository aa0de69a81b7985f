package nn

import (
	"runtime"
	"sync/atomic"
)

// walkers carry blocks through a network, forward and perhaps back. A goroutine takes a
// block all the way. Blocks that are left when there are not enough for all are
// shared by teams, so that nobody is idle; that changes no bit of the result.
type walkers struct {
	net    *Network
	crew   *crew
	passes []*pass // one for each that carries or leads
	teams  []team
	solo   team // of whoever carries a block alone
	blocks int
	shared int // the last blocks, which teams carry
	// claimed are the others that somebody carries.
	claimed []atomic.Bool
	job     func(worker int)

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

func newWalkers(net *Network, workers int) *walkers {
	w := &walkers{net: net, crew: newCrew(workers), solo: team{size: 1}}
	w.job = w.carry
	w.teams = make([]team, w.crew.size)
	return w
}

// walking is how many runs are under way in this process.
var walking atomic.Int32

// macsPerMember is the least work that makes waiting for each other after every layer
// worth while.
const macsPerMember = 1 << 18

// run carries n blocks. Teams form only if nobody else needs the processors.
func (w *walkers) run(n int, training bool) {
	for len(w.passes) < min(w.crew.size, n) {
		p := newPass(w.net)
		if training {
			p.forTraining()
		}
		w.passes = append(w.passes, p)
	}
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
	for b := range n {
		w.claimed[b].Store(false)
	}
	w.crew.all(max(1, workers), w.job)
}

// carry is what one goroutine does: whole blocks, and then a share of one. Worker t leads
// team t. Of the whole blocks it takes every size-th first, the same ones in every step,
// since their gradients may still lie in its processor's cache.
func (w *walkers) carry(worker int) {
	alone := member{team: &w.solo, ops: w.net.parts(1)[0]}
	whole := w.blocks - w.shared
	for b := worker; b < whole; b += w.crew.size {
		if w.claim(b) {
			w.walk(w.passes[worker], alone, b)
		}
	}
	for b := range whole { // what others have not begun
		if w.claim(b) {
			w.walk(w.passes[worker], alone, b)
		}
	}
	if w.shared == 0 {
		return
	}
	t := worker % w.shared
	if m := (member{team: &w.teams[t], i: worker / w.shared}); m.i < int(m.team.size) {
		m.ops = w.net.parts(int(m.team.size))[m.i]
		w.walk(w.passes[t], m, whole+t)
	}
}

// claim tells that nobody else carries block b.
func (w *walkers) claim(b int) bool {
	return !w.claimed[b].Load() && w.claimed[b].CompareAndSwap(false, true)
}

func (w *walkers) walk(p *pass, m member, b int) {
	if m.i == 0 {
		w.before(p, b)
	}
	m.team.wait()
	p.forward(m)
	if m.i == 0 {
		w.after(p, b)
	}
	if w.slots != nil {
		m.team.wait()
		p.backward(m, w.slots[b])
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
