package exec

import (
	"runtime"
	"sync/atomic"
)

// NumWorkers is n, or one goroutine a processor if n is 0.
func NumWorkers(n int) int {
	if n < 1 {
		return runtime.GOMAXPROCS(0)
	}
	return n
}

// Pool is a number of worker goroutines that share the work of many calls. It makes no
// garbage, and serves one caller at a time, who is worker 0. Between two calls the others
// look for work for some tens of microseconds before they sleep, since to be woken takes
// as long as a good part of a training step.
type Pool struct {
	size    int
	workers *workers // nil until there is work for more than the caller

	// of Each
	work  func(worker, i int)
	n     int
	next  atomic.Int64
	share func(worker int)
}

// workers is what the goroutines of a pool hold. It does not lead to the pool, so that
// they end when nobody else holds that.
type workers struct {
	job     func(worker int) // nil: the end
	running atomic.Int32     // workers that are not done
	done    signal
	start   []signal // of each worker
}

// NewPool makes a pool of so many workers, 0 for one a processor.
func NewPool(workers int) *Pool {
	p := &Pool{size: NumWorkers(workers)}
	p.share = p.takeWork
	return p
}

// Size is the number of workers.
func (p *Pool) Size() int { return p.size }

// all calls f for some of the workers, 0…n−1, at the same time.
func (p *Pool) all(n int, f func(worker int)) {
	if n == 1 {
		f(0)
		return
	}
	if p.workers == nil {
		p.startWorkers()
	}
	w := p.workers
	done := w.done.sent()
	w.job = f
	w.running.Store(int32(n) - 1)
	for i := 1; i < n; i++ {
		w.start[i].send()
	}
	f(0)
	w.done.await(done)
	w.job = nil // keep nothing alive
}

func (p *Pool) startWorkers() {
	w := &workers{done: newSignal(), start: make([]signal, p.size)}
	for i := 1; i < p.size; i++ {
		w.start[i] = newSignal()
		go w.serve(i)
	}
	runtime.AddCleanup(p, func(w *workers) {
		for i := 1; i < len(w.start); i++ {
			w.start[i].send()
		}
	}, w)
	p.workers = w
}

func (w *workers) serve(worker int) {
	for seen := uint32(0); ; {
		seen = w.start[worker].await(seen)
		if w.job == nil {
			return
		}
		w.job(worker)
		if w.running.Add(-1) == 0 {
			w.done.send()
		}
	}
}

// spinning reports whether all of so many workers are awake and look for work.
func (p *Pool) spinning(n int) bool {
	if p.workers == nil {
		return false
	}
	for i := 1; i < n; i++ {
		if !p.workers.start[i].spinning.Load() {
			return false
		}
	}
	return true
}

// wake has the workers look for work again, and does not wait until they do.
func (p *Pool) wake(n int) {
	if p.workers == nil {
		p.startWorkers()
		return
	}
	for i := 1; i < n; i++ {
		p.workers.start[i].wake()
	}
}

// Each calls f for every i in 0…n−1. Which worker takes which i is left to chance, so f
// must put its result where only i decides.
func (p *Pool) Each(n int, f func(worker, i int)) {
	p.work, p.n = f, n
	p.next.Store(0)
	p.all(max(1, min(p.size, n)), p.share)
	p.work = nil
}

func (p *Pool) takeWork(worker int) {
	for i := int(p.next.Add(1)) - 1; i < p.n; i = int(p.next.Add(1)) - 1 {
		p.work(worker, i)
	}
}
