package exec

import "time"

// tuner chooses the number of workers that share a single sample, by the time that recent
// samples took.
type tuner struct {
	count int
	ended time.Time        // end of the last sample
	took  [2]time.Duration // moving average for a sample: by one worker, shared
}

// wakeWindow is the largest time between two samples after which sleeping workers are woken
// for the next one.
const wakeWindow = 100 * time.Microsecond

// longSample is the time of a sample by one worker from which it pays to wake workers for this
// very sample. Waking takes some tens of microseconds, sharing saves up to half the time.
const longSample = 150 * time.Microsecond

// workers is the number of workers for the next sample, 1 or most. Sharing pays if a cache
// line moves quickly between the processors, so it takes the choice that was faster lately,
// and from time to time tries the other. It is 1 if another run in this process needs the
// processors. If workers are asleep, they are woken for a long sample. For a short one, which
// takes no longer than waking them, they are woken for the next, if samples follow each other
// within wakeWindow.
func (t *tuner) workers(pool *workerPool, most int) int {
	if most == 1 || running.Load() > 1 {
		return 1
	}
	t.count++
	trying := t.count%256 >= 248 // long enough to wake workers
	switch sharing := t.took[1] <= t.took[0]; {
	case sharing == trying:
		return 1
	case pool.spinning(most):
		return most
	}
	long := t.took[0] > longSample
	if long || time.Since(t.ended) < wakeWindow {
		pool.wake(most)
	}
	if long {
		return most
	}
	return 1
}

// record adds the time that a sample took to the moving average.
func (t *tuner) record(workers int, start time.Time) {
	t.ended = time.Now()
	took := &t.took[min(workers-1, 1)]
	if d := t.ended.Sub(start); *took == 0 {
		*took = d
	} else {
		*took += (min(d, 2**took) - *took) / 8 // limits outliers, such as an interrupted run
	}
}
