package filelock

import (
	"errors"
	"fmt"
	"os"

	"golang.org/x/sys/windows"
)

// lock takes an exclusive lock on one byte far behind the content, because nobody else
// can read bytes that are locked.
func lock(f *os.File) error { return lockByte(f, windows.LOCKFILE_EXCLUSIVE_LOCK) }

// lockShared takes a lock that others may have too, but not beside an exclusive one.
func lockShared(f *os.File) error { return lockByte(f, 0) }

func lockByte(f *os.File, flags uint32) error {
	flags |= windows.LOCKFILE_FAIL_IMMEDIATELY
	err := windows.LockFileEx(windows.Handle(f.Fd()), flags, 0, 1, 0, &windows.Overlapped{OffsetHigh: 1 << 30})
	switch {
	case errors.Is(err, windows.ERROR_LOCK_VIOLATION), errors.Is(err, windows.ERROR_IO_PENDING):
		return errHeld
	case errors.Is(err, windows.ERROR_NOT_SUPPORTED), errors.Is(err, windows.ERROR_INVALID_FUNCTION),
		errors.Is(err, windows.ERROR_CALL_NOT_IMPLEMENTED):
		return fmt.Errorf("%w (%w)", errNoLocks, err)
	}
	return err
}

// release closes the file before it removes it, for Windows removes no open file: if
// somebody else has opened it by then, it stays theirs.
func release(path string, f *os.File) error {
	err := f.Close()
	os.Remove(path)
	return err
}
