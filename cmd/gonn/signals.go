package main

import (
	"context"
	"os"
	"os/signal"
	"sync"
	"syscall"
)

// signals turns the first Ctrl-C, SIGTERM or SIGHUP into the end of ctx, so that training
// stops after the batch at hand and saves. The second one ends the process at once, as
// it does without this.
type signals struct {
	ctx     context.Context
	caught  chan os.Signal
	first   os.Signal
	cancel  context.CancelFunc
	release func()
}

func catchSignals(parent context.Context) *signals {
	s := &signals{caught: make(chan os.Signal, 1)}
	s.ctx, s.cancel = context.WithCancel(parent)
	signal.Notify(s.caught, os.Interrupt, syscall.SIGTERM)
	if !signal.Ignored(syscall.SIGHUP) { // as it is under nohup
		signal.Notify(s.caught, syscall.SIGHUP)
	}
	done := make(chan struct{})
	go func() {
		select {
		case s.first = <-s.caught:
			signal.Stop(s.caught) // the next one ends the process
			s.cancel()
		case <-done:
		}
	}()
	s.release = sync.OnceFunc(func() {
		signal.Stop(s.caught)
		close(done)
		s.cancel()
	})
	return s
}

// code is the exit code of a process that a signal stopped, 0 if none came.
func (s *signals) code() int {
	if s.ctx.Err() == nil {
		return 0
	}
	if number, ok := s.first.(syscall.Signal); ok {
		return 128 + int(number)
	}
	return 128 + int(syscall.SIGINT)
}
