package exec

import (
	"runtime"
	"sync/atomic"
)

// signal lets one goroutine wait for another to send it, any number of times.
type signal struct {
	count    atomic.Uint32 // number of sends
	spinning atomic.Bool   // whether a goroutine waits and is awake
	asleep   atomic.Bool   // whether a goroutine waits and sleeps
	wakeup   chan struct{}
}

func newSignal() signal { return signal{wakeup: make(chan struct{}, 1)} }

// sent is the number of sends so far, the argument of await.
func (s *signal) sent() uint32 { return s.count.Load() }

func (s *signal) send() {
	s.count.Add(1)
	s.wake()
}

// wake makes a sleeping waiter spin again.
func (s *signal) wake() {
	if s.asleep.CompareAndSwap(true, false) {
		s.wakeup <- struct{}{}
	}
}

// await waits until the number of sends is not sent any more, and returns it. It spins for a
// while and then sleeps.
func (s *signal) await(sent uint32) uint32 {
	for {
		s.spinning.Store(true)
		for spins := range 1 << 17 {
			if now := s.count.Load(); now != sent {
				s.spinning.Store(false)
				return now
			}
			if spins%256 == 255 {
				runtime.Gosched()
			}
		}
		s.spinning.Store(false)
		s.asleep.Store(true)
		if s.count.Load() != sent && s.asleep.CompareAndSwap(true, false) {
			continue
		}
		<-s.wakeup
	}
}
