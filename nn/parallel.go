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

// parallel calls f for every i in 0…n−1 from up to workers goroutines. Which
// goroutine takes which i is left to chance, so f must put its result where only i
// decides.
func parallel(workers, n int, f func(worker, i int)) {
	workers = min(workersOr(workers), n)
	if workers <= 1 {
		for i := range n {
			f(0, i)
		}
		return
	}
	var next atomic.Int64
	var wg sync.WaitGroup
	for w := range workers {
		wg.Go(func() {
			for i := int(next.Add(1)) - 1; i < n; i = int(next.Add(1)) - 1 {
				f(w, i)
			}
		})
	}
	wg.Wait()
}

// blocks is the number of blocks that n samples take.
func blocks(n int) int { return (n + Lanes - 1) / Lanes }

// blockOf cuts the samples of block b out of a batch.
func blockOf(idx []int, b int) []int {
	return idx[b*Lanes : min((b+1)*Lanes, len(idx))]
}
