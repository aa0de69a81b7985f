//go:build unix

package main

import (
	"os"
	"syscall"
	"testing"
	"time"
)

// The first signal ends the context; the code says which it was.
func TestSignalsStopAndSetTheExitCode(t *testing.T) {
	for sig, code := range map[syscall.Signal]int{syscall.SIGINT: 130, syscall.SIGTERM: 143} {
		s := catchSignals(t.Context())
		if got := s.code(); got != 0 {
			t.Errorf("before a signal the code is %d", got)
		}
		if err := syscall.Kill(os.Getpid(), sig); err != nil {
			t.Fatal(err)
		}
		select {
		case <-s.ctx.Done():
		case <-time.After(10 * time.Second):
			t.Errorf("%v does not end the context", sig)
		}
		if got := s.code(); got != code {
			t.Errorf("after %v the code is %d, want %d", sig, got, code)
		}
		s.release()
	}
}
