package run

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/gonn-toolkit/gonn/train/internal/filelock"
)

// LockedError says that a run has a session already.
type LockedError struct {
	Dir string
	PID int // of the process that trains it, 0 if it is not known
}

func (e *LockedError) Error() string {
	switch e.PID {
	case os.Getpid():
		return fmt.Sprintf("%s is being trained by a session of this process: close it first", e.Dir)
	case 0:
		return fmt.Sprintf("%s is being trained by another process: wait for it or choose another --run", e.Dir)
	}
	return fmt.Sprintf("%s is being trained by another process (pid %d): wait for it or choose another --run", e.Dir, e.PID)
}

// errClosed is what becomes of a checkpoint after Close.
var errClosed = errors.New("the session is closed")

// over is an error if the session can save nothing any more.
func (s *Session) over() error {
	switch {
	case s.closed:
		return fmt.Errorf("%s: %w", s.Dir, errClosed)
	case s.failed != nil:
		return fmt.Errorf("%s cannot be saved after an error in saving, resume it: %w", s.Dir, s.failed)
	}
	return nil
}

// take locks the run in a folder that is there; doing is what for, in errors.
func take(doing, dir string) (*filelock.Lock, error) {
	l, err := filelock.Take(filepath.Join(dir, lockFile))
	if held := (*filelock.HeldError)(nil); errors.As(err, &held) {
		return nil, &LockedError{Dir: dir, PID: held.PID}
	}
	if err != nil {
		return nil, fmt.Errorf("%s %s: %w", doing, dir, err)
	}
	return l, nil
}

// Close ends the session, so that another may train the run. Further calls do nothing.
func (s *Session) Close() error {
	s.closed = true
	if err := s.lock.Release(); err != nil {
		return fmt.Errorf("%s: %w", s.Dir, err)
	}
	return nil
}

// Unlocked is why the run is not locked, nil if it is: some network file systems know no
// locks. Then nothing keeps another process from training the run at the same time.
func (s *Session) Unlocked() error { return s.lock.Missing() }
