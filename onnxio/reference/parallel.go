package reference

import (
	"runtime"
	"sync"
	"sync/atomic"
)

// smallWork is how many multiply–accumulates, or as long, stay on the calling goroutine.
const smallWork = 1 << 16

// onAll runs f on the calling goroutine and, unless the work is small, on others up to
// GOMAXPROCS at the same time. It returns when all have.
func onAll(work int, f func()) {
	var others sync.WaitGroup
	if work > smallWork {
		for range runtime.GOMAXPROCS(0) - 1 {
			others.Go(f)
		}
	}
	f()
	others.Wait()
}

// parallel calls do for 0 to n−1, in any order and on several goroutines if that pays.
func parallel(n, work int, do func(i int)) {
	var next atomic.Int64
	onAll(work, func() {
		for i := int(next.Add(1)) - 1; i < n; i = int(next.Add(1)) - 1 {
			do(i)
		}
	})
}

// parallelRuns calls do for runs of 0 to n−1, from low up to high, of at least least. each is
// the work of one.
func parallelRuns(n, least, each int, do func(low, high int)) {
	run := max(least, smallWork/4/max(1, each))
	if n <= run {
		do(0, n)
		return
	}
	parallel((n+run-1)/run, saturate(n, each), func(i int) { do(i*run, min(n, (i+1)*run)) })
}

// saturate is a·b, or a large number if that overflows.
func saturate(a, b int) int {
	if a > 0 && b > maxWork/a {
		return maxWork
	}
	return a * b
}

// maxWork is as much as counts.
const maxWork = 1 << 30
