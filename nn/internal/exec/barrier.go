package exec

import (
	"runtime"
	"sync/atomic"
	"time"
)

// barrier is where the goroutines of a team wait for each other, after each layer. A layer
// takes microseconds, in which nobody can be put to sleep and woken: a goroutine looks again
// and again, and only lets others run when this takes long. When it takes very long another
// process may have the processor that the team needs; then a goroutine gives up its own.
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
	for looks := 1; b.round.Load() == round; looks++ {
		switch {
		case looks < 1<<14 || looks%(1<<10) != 0:
		case looks < 1<<17:
			runtime.Gosched()
		default:
			time.Sleep(10 * time.Microsecond)
		}
	}
}
