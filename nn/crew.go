package nn

import (
	"runtime"
	"sync/atomic"
)

// workersOr is n, or one goroutine a processor if n is 0.
func workersOr(n int) int {
	if n < 1 {
		return runtime.GOMAXPROCS(0)
	}
	return n
}

// crew is a number of goroutines that share the work of many calls. It makes no
// garbage, and serves one caller at a time, who is worker 0. Between two calls the others
// look for work for some tens of microseconds before they sleep, since to be woken takes
// as long as a good part of a training step.
type crew struct {
	size  int
	shift *shift // nil until there is work for more than the caller

	// of each
	work  func(worker, i int)
	n     int
	next  atomic.Int64
	share func(worker int)
}

// shift is what the goroutines of a crew hold. It does not lead to the crew, so that
// they can be sent home when nobody else holds that.
type shift struct {
	job  func(worker int) // nil: go home
	left atomic.Int32     // workers that are not done
	done gate
	call []gate // of each worker
}

func newCrew(workers int) *crew {
	c := &crew{size: workersOr(workers)}
	c.share = c.takeWork
	return c
}

// all calls f for some of the workers, 0…workers−1, at the same time.
func (c *crew) all(workers int, f func(worker int)) {
	if workers == 1 {
		f(0)
		return
	}
	if c.shift == nil {
		c.hire()
	}
	s := c.shift
	done := s.done.passed()
	s.job = f
	s.left.Store(int32(workers) - 1)
	for w := 1; w < workers; w++ {
		s.call[w].open()
	}
	f(0)
	s.done.await(done)
	s.job = nil // keep nothing alive
}

func (c *crew) hire() {
	s := &shift{done: newGate(), call: make([]gate, c.size)}
	for w := 1; w < c.size; w++ {
		s.call[w] = newGate()
		go s.serve(w)
	}
	runtime.AddCleanup(c, func(s *shift) {
		for w := 1; w < len(s.call); w++ {
			s.call[w].open()
		}
	}, s)
	c.shift = s
}

func (s *shift) serve(worker int) {
	for seen := uint32(0); ; {
		seen = s.call[worker].await(seen)
		if s.job == nil {
			return
		}
		s.job(worker)
		if s.left.Add(-1) == 0 {
			s.done.open()
		}
	}
}

// looking reports whether all of so many workers are there and look for work.
func (c *crew) looking(workers int) bool {
	if c.shift == nil {
		return false
	}
	for w := 1; w < workers; w++ {
		if !c.shift.call[w].looking.Load() {
			return false
		}
	}
	return true
}

// rouse has the workers look for work again, and does not wait until they do.
func (c *crew) rouse(workers int) {
	if c.shift == nil {
		c.hire()
		return
	}
	for w := 1; w < workers; w++ {
		c.shift.call[w].rouse()
	}
}

// each calls f for every i in 0…n−1. Which worker takes which i is left to chance, so f
// must put its result where only i decides.
func (c *crew) each(n int, f func(worker, i int)) {
	c.work, c.n = f, n
	c.next.Store(0)
	c.all(max(1, min(c.size, n)), c.share)
	c.work = nil
}

func (c *crew) takeWork(worker int) {
	for i := int(c.next.Add(1)) - 1; i < c.n; i = int(c.next.Add(1)) - 1 {
		c.work(worker, i)
	}
}

// gate lets one goroutine wait for another, who opens it, once or more often.
type gate struct {
	opened  atomic.Uint32 // times
	looking atomic.Bool   // whether someone waits and is awake
	asleep  atomic.Bool
	wake    chan struct{}
}

func newGate() gate { return gate{wake: make(chan struct{}, 1)} }

// passed is how often the gate has been opened, which await takes.
func (g *gate) passed() uint32 { return g.opened.Load() }

func (g *gate) open() {
	g.opened.Add(1)
	g.rouse()
}

// rouse wakes who waits, to look again.
func (g *gate) rouse() {
	if g.asleep.CompareAndSwap(true, false) {
		g.wake <- struct{}{}
	}
}

// await returns when the gate has been opened more often than that, and how often.
func (g *gate) await(passed uint32) uint32 {
	for {
		g.looking.Store(true)
		for looks := range 1 << 17 {
			if now := g.opened.Load(); now != passed {
				g.looking.Store(false)
				return now
			}
			if looks%256 == 255 {
				runtime.Gosched()
			}
		}
		g.looking.Store(false)
		g.asleep.Store(true)
		if g.opened.Load() != passed && g.asleep.CompareAndSwap(true, false) {
			continue
		}
		<-g.wake
	}
}
