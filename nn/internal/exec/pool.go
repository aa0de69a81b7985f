package exec

import (
	"runtime"
	"sync/atomic"
)

// maxWorkers bounds the workers of a pool: each takes memory, and results do not depend on them.
const maxWorkers = 1024

// NumWorkers is n, or one a processor if n is below 1, and at most maxWorkers.
func NumWorkers(n int) int {
	if n < 1 {
		n = runtime.GOMAXPROCS(0)
	}
	return min(n, maxWorkers)
}

// workerPool is a pool of worker goroutines. The caller, one at a time, is worker 0. Calls allocate
// no memory. After a call the other workers spin for some tens of microseconds before they
// sleep, since waking them takes as long as a good part of a training step.
type workerPool struct {
	size    int
	workers *workers // nil until more than the caller is needed

	// Of the current call of each.
	work  func(worker, i int)
	n     int
	next  atomic.Int64
	share func(worker int)
}

// workers is the state of the goroutines of a pool. It does not refer to the pool, so that
// they end when the pool is garbage.
type workers struct {
	job     func(worker int) // nil to end the workers
	running atomic.Int32     // number of workers that are not done
	done    signal
	start   []signal // of each worker
}

// newWorkerPool returns a pool of so many workers, 0 for one a processor.
func newWorkerPool(workers int) *workerPool {
	p := &workerPool{size: NumWorkers(workers)}
	p.share = p.takeWork
	return p
}

// all runs f on workers 0…n−1 and waits for them.
func (p *workerPool) all(n int, f func(worker int)) {
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

func (p *workerPool) startWorkers() {
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

// spinning reports whether workers 1…n−1 are spinning, so that they start at once.
func (p *workerPool) spinning(n int) bool {
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

// wake makes workers 1…n−1 spin again. It does not wait until they do.
func (p *workerPool) wake(n int) {
	if p.workers == nil {
		p.startWorkers()
		return
	}
	for i := 1; i < n; i++ {
		p.workers.start[i].wake()
	}
}

// each calls f for every i in 0…n−1. Which worker gets which i is not deterministic, so the
// result of f must not depend on the worker.
func (p *workerPool) each(n int, f func(worker, i int)) {
	p.work, p.n = f, n
	p.next.Store(0)
	p.all(max(1, min(p.size, n)), p.share)
	p.work = nil
}

func (p *workerPool) takeWork(worker int) {
	for i := int(p.next.Add(1)) - 1; i < p.n; i = int(p.next.Add(1)) - 1 {
		p.work(worker, i)
	}
}
