package exec

import (
	"runtime"
	"sync/atomic"
)

// signal lets one goroutine wait for another, who sends it, once or more often.
type signal struct {
	count    atomic.Uint32 // times that it was sent
	spinning atomic.Bool   // whether someone waits and is awake
	asleep   atomic.Bool
	wakeup   chan struct{}
}

func newSignal() signal { return signal{wakeup: make(chan struct{}, 1)} }

// sent is how often the signal has been sent, which await takes.
func (s *signal) sent() uint32 { return s.count.Load() }

func (s *signal) send() {
	s.count.Add(1)
	s.wake()
}

// wake wakes who waits, to look again.
func (s *signal) wake() {
	if s.asleep.CompareAndSwap(true, false) {
		s.wakeup <- struct{}{}
	}
}

// await returns when the signal has been sent more often than that, and how often.
func (s *signal) await(sent uint32) uint32 {
	for {
		s.spinning.Store(true)
		for looks := range 1 << 17 {
			if now := s.count.Load(); now != sent {
				s.spinning.Store(false)
				return now
			}
			if looks%256 == 255 {
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
