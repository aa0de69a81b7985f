//go:build darwin || dragonfly || freebsd || illumos || linux || netbsd || openbsd

package filelock

import (
	"errors"
	"fmt"
	"os"
	"syscall"
)

// lock takes flock's exclusive lock, which belongs to the open file.
func lock(f *os.File) error { return flock(f, syscall.LOCK_EX) }

// lockShared takes a lock that others may have too, but not beside an exclusive one.
func lockShared(f *os.File) error { return flock(f, syscall.LOCK_SH) }

func flock(f *os.File, how int) error {
	for {
		err := syscall.Flock(int(f.Fd()), how|syscall.LOCK_NB)
		switch {
		case errors.Is(err, syscall.EINTR):
			continue
		case errors.Is(err, syscall.EWOULDBLOCK):
			return errHeld
		case errors.Is(err, errors.ErrUnsupported), errors.Is(err, syscall.ENOLCK):
			return fmt.Errorf("%w (%w)", errNoLocks, err)
		}
		return err
	}
}

// release removes the file while it is still locked: who locks it afterwards finds that it
// is no longer the one at path.
func release(path string, f *os.File) error {
	if isAt(path, f) {
		os.Remove(path) // one that stays does no harm
	}
	return f.Close()
}
