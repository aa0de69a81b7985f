package nn

import (
	"runtime"
	"sync"
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
// garbage, and serves one caller at a time.
type crew struct {
	work  func(worker, i int)
	n     int
	next  atomic.Int64
	wait  sync.WaitGroup
	loops []func() // one a worker
}

func newCrew(workers int) *crew {
	c := &crew{}
	for w := range workersOr(workers) {
		c.loops = append(c.loops, func() {
			defer c.wait.Done()
			for i := int(c.next.Add(1)) - 1; i < c.n; i = int(c.next.Add(1)) - 1 {
				c.work(w, i)
			}
		})
	}
	return c
}

// each calls f for every i in 0…n−1. Which worker takes which i is left to chance, so f
// must put its result where only i decides.
func (c *crew) each(n int, f func(worker, i int)) {
	workers := min(len(c.loops), n)
	if workers <= 1 {
		for i := range n {
			f(0, i)
		}
		return
	}
	c.work, c.n = f, n
	c.next.Store(0)
	c.wait.Add(workers)
	for _, loop := range c.loops[1:workers] {
		go loop()
	}
	c.loops[0]()
	c.wait.Wait()
}

// blocks is the number of blocks that n samples take.
func blocks(n int) int { return (n + Lanes - 1) / Lanes }

// blockOf cuts the samples of block b out of a batch.
func blockOf(idx []int, b int) []int {
	return idx[b*Lanes : min((b+1)*Lanes, len(idx))]
}
