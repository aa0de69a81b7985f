// Package filelock lets one process at a time have something, by an advisory lock on a
// file. The system releases the lock when the process ends, however it ends.
package filelock

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"strconv"
	"time"
)

// HeldError says that another holder has the lock.
type HeldError struct {
	PID int // of its process; 0 if the file does not say yet
}

func (e *HeldError) Error() string {
	if e.PID == 0 {
		return "locked by another process: wait for it to end"
	}
	return fmt.Sprintf("locked by the process %d: wait for it to end", e.PID)
}

// errHeld and errNoLocks are what lock makes of the system's errors.
var (
	errHeld    = errors.New("held")
	errNoLocks = errors.New("the file system knows no locks")
)

// Lock is a lock that is held.
type Lock struct {
	path string
	file *os.File // nil if there is no lock
	none error
}

// Take makes the file at path, locks it and writes the process's id into it. The file may
// be there already, as a process that was killed leaves it, but only as such a file. If
// the lock is held, also by this process, the error is a HeldError.
//
// On a file system without locks there is a Lock too, and its Missing says why it holds
// nothing.
func Take(path string) (*Lock, error) { return takeBy(lock, path) }

const tries = 1000

// takeBy is Take with a way to lock an open file.
func takeBy(lock func(*os.File) error, path string) (*Lock, error) {
	for try := range tries { // a file that is never the one at its path is on a file system without locks
		if info, err := os.Lstat(path); err == nil && !info.Mode().IsRegular() {
			return nil, fmt.Errorf("%s: not a regular file", path)
		}
		f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o666)
		if err != nil {
			return nil, err
		}
		l, err := take(lock, path, f)
		looked := errors.As(err, new(*HeldError)) && lockShared(f) == nil // by Held, which is about to end
		if l == nil || l.file == nil {
			f.Close()
		}
		if looked && try+1 < tries {
			time.Sleep(time.Millisecond)
			continue
		}
		if l != nil || err != nil {
			return l, err
		}
	}
	return &Lock{path: path, none: errNoLocks}, nil
}

// Held reports whether somebody holds the lock at path, also this process, and the id of the
// process, 0 if it is not known. It writes nothing. On a file system without locks nothing is
// held, and of a file that cannot be read that is not known.
func Held(path string) (pid int, held bool) {
	if info, err := os.Lstat(path); err != nil || !info.Mode().IsRegular() {
		return 0, false
	}
	f, err := os.Open(path)
	if err != nil {
		return 0, false
	}
	defer f.Close() // and with it a lock that was got
	if !errors.Is(lockShared(f), errHeld) {
		return 0, false
	}
	pid, _ = readPID(f)
	return pid, true
}

// take locks an open file. Without a lock and an error the file is no longer the one at
// path, because its holder has just removed it.
func take(lock func(*os.File) error, path string, f *os.File) (*Lock, error) {
	switch err := lock(f); {
	case errors.Is(err, errHeld):
		pid, _ := readPID(f)
		return nil, &HeldError{PID: pid}
	case errors.Is(err, errNoLocks):
		removeIfEmpty(path, f)
		return &Lock{path: path, none: err}, nil
	case err != nil:
		return nil, fmt.Errorf("lock %s: %w", path, err)
	}
	if !isAt(path, f) {
		return nil, nil
	}
	if _, err := readPID(f); err != nil {
		return nil, fmt.Errorf("%s is not a lock that a killed process has left: %w; move the file away", path, err)
	}
	// The id only makes the message to others better: a full disk does not matter.
	if err := f.Truncate(0); err == nil {
		f.WriteAt([]byte(strconv.Itoa(os.Getpid())+"\n"), 0)
	}
	return &Lock{path: path, file: f}, nil
}

// Missing is why there is no lock, nil if there is one.
func (l *Lock) Missing() error { return l.none }

// Release removes the file and ends the lock. Further calls do nothing.
func (l *Lock) Release() error {
	if l.file == nil {
		return nil
	}
	f := l.file
	l.file = nil
	return release(l.path, f)
}

// isAt reports whether f is the file at path, and no link to it.
func isAt(path string, f *os.File) bool {
	a, err := os.Lstat(path)
	if err != nil {
		return false
	}
	b, err := f.Stat()
	return err == nil && os.SameFile(a, b)
}

func removeIfEmpty(path string, f *os.File) {
	if info, err := f.Stat(); err == nil && info.Size() == 0 && isAt(path, f) {
		os.Remove(path)
	}
}

// readPID reads what Take wrote; 0 if it has not written yet.
func readPID(f *os.File) (int, error) {
	const most = 32 // bytes
	b, err := io.ReadAll(io.NewSectionReader(f, 0, most))
	if err != nil || len(b) == 0 {
		return 0, err
	}
	line, ok := bytes.CutSuffix(b, []byte("\n"))
	pid, err := strconv.Atoi(string(line))
	if !ok || err != nil || pid < 1 {
		return 0, errors.New("it does not hold the id of a process")
	}
	return pid, nil
}
