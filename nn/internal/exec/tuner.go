package exec

import "time"

// pace decides how many goroutines share a sample that takes microseconds.
type tuner struct {
	count int
	ended time.Time        // when the last sample was through
	took  [2]time.Duration // a sample lately, alone and shared
}

// wakeWindow is the time between two samples up to which goroutines that wait for the next
// still look for it.
const wakeWindow = 100 * time.Microsecond

// workers is how many goroutines share the next sample: one if others in this process
// need the processors, or if the others of the pool would have to be woken, which takes
// longer than a small network. Where samples follow each other wakeWindow they are woken for
// the next one. Sharing pays where processors are near each other; where a cache line
// takes long from one to another it may not. So what took less time lately is done, and
// now and then the other.
func (t *tuner) workers(pool *Pool, most int) int {
	if most == 1 || running.Load() > 1 {
		return 1
	}
	t.count++
	trying := t.count%256 >= 248 // long enough to wake somebody
	if sharing := t.took[1] <= t.took[0]; sharing == trying {
		return 1
	}
	if pool.spinning(most) {
		return most
	}
	if time.Since(t.ended) < wakeWindow {
		pool.wake(most)
	}
	return 1
}

// note keeps how long a sample took, alone and shared.
func (t *tuner) record(workers int, start time.Time) {
	t.ended = time.Now()
	took := &t.took[min(workers-1, 1)]
	if d := t.ended.Sub(start); *took == 0 {
		*took = d
	} else {
		*took += (min(d, 2**took) - *took) / 8 // whoever was interrupted says little
	}
}
