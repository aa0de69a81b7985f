package exec

import (
	"runtime"
	"sync/atomic"
	"time"
)

// barrier synchronises the goroutines of a team after each layer. A layer takes microseconds,
// too short to put a goroutine to sleep and wake it. So Wait spins; it yields to other
// goroutines only if that takes long, and sleeps if it takes very long, about half a millisecond:
// then another process may have the processor that the team needs. It must not sleep where a
// member was but interrupted: the kernel may wake the thread on the processor of the other member,
// and leave both there for some milliseconds.
type barrier struct {
	size    int32
	arrived atomic.Int32
	round   atomic.Uint32
}

// Wait returns when all members have called it.
func (b *barrier) Wait() {
	if b.size == 1 {
		return
	}
	round := b.round.Load()
	if b.arrived.Add(1) == b.size {
		b.arrived.Store(0)
		b.round.Add(1)
		return
	}
	for spins := 1; b.round.Load() == round; spins++ {
		switch {
		case spins < 1<<14 || spins%(1<<10) != 0:
		case spins < 1<<19:
			runtime.Gosched()
		default:
			time.Sleep(10 * time.Microsecond)
		}
	}
}
