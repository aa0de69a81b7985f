package exec

import (
	"sync"
	"sync/atomic"
)

// failure is the first error of a run.
type failure struct {
	found atomic.Bool
	mu    sync.Mutex
	unit  int
	err   error
}

func (f *failure) set(unit int, err error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.err == nil || unit < f.unit {
		f.unit, f.err = unit, err
	}
	f.found.Store(true)
}

// before reports whether a unit with a smaller index has failed.
func (f *failure) before(unit int) bool {
	if !f.found.Load() {
		return false
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.unit < unit
}

// take returns the error and resets it.
func (f *failure) take() error {
	err := f.err
	f.err = nil
	f.found.Store(false)
	return err
}
