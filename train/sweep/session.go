package sweep

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"sync"

	"github.com/gonn-toolkit/gonn/train/atomicfile"
	"github.com/gonn-toolkit/gonn/train/internal/filelock"
	"github.com/gonn-toolkit/gonn/train/recipe"
)

// Session is a sweep that is at work, from Begin or Resume until Close. There is one at a time: the
// folder is locked, and a process that ends, however it ends, leaves it unlocked.
type Session struct {
	*Sweep
	// Gonn is the version that runs record.
	Gonn string
	// Only, if not nil, chooses the cells that Run trains. The others stay as they are.
	Only func(*Cell) bool

	lock *filelock.Lock
	open recipe.Opener
	need int // memory that the training of a cell takes at most, by estimate, in bytes

	telling sync.Mutex // one goroutine at a time records what a cell has come to, and calls Options' functions
	noted   map[string]bool
}

func newSession() *Session { return &Session{open: recipe.Shared(), noted: map[string]bool{}} }

// Begin makes the folder of a sweep, or goes on with one that is there: if its grid is this one,
// or has some of its values and seeds. Settings that do not go with the data are found before
// anything is written.
func Begin(dir string, g Grid) (*Session, error) {
	g = g.clean()
	if err := g.Check(); err != nil {
		return nil, err
	}
	if _, err := extended(dir, g); err != nil {
		return nil, err
	}
	s := newSession()
	_, err := readRecord(dir)
	begins := errors.Is(err, fs.ErrNotExist)
	if begins {
		if err := s.try(g); err != nil {
			return nil, err
		}
	}
	if err := os.MkdirAll(dir, 0o777); err != nil {
		return nil, fmt.Errorf("new sweep %s: %w", dir, err)
	}
	return s.take(dir, func() (*Sweep, error) {
		r, err := extended(dir, g)
		if err != nil {
			return nil, err
		}
		all, err := load(dir, r)
		if err != nil {
			return nil, err
		}
		if !begins && all.left() > 0 { // else the data are needed no more
			if err := s.try(g); err != nil {
				return nil, err
			}
		}
		return all, r.write(dir)
	})
}

// Resume goes on with a sweep as it was begun. One that has ended needs its data no more. dataPath
// is where the data are if they have moved, "" if they have not: the folder or file has another
// name then, and what is in it must be the same.
func Resume(dir, dataPath string) (*Session, error) {
	r, err := readRecord(dir)
	if err != nil { // a folder of something else gets no lock
		return nil, err
	}
	if dataPath != "" && r.Grid.Settings.DataPath == "" {
		return nil, fmt.Errorf("%s has no data that can have moved: they are %s", dir, r.Grid.dataText())
	}
	s, err := newSession().take(dir, func() (*Sweep, error) {
		r, err := readRecord(dir)
		if err != nil {
			return nil, err
		}
		if dataPath != "" && dataPath != r.Grid.Settings.DataPath {
			r.Grid.Settings.DataPath = dataPath
			if err := r.write(dir); err != nil {
				return nil, err
			}
		}
		return load(dir, r)
	})
	if err != nil || s.left() == 0 {
		return s, err
	}
	if err := s.try(s.Grid); err != nil {
		return nil, errors.Join(fmt.Errorf("%s: %w", dir, err), s.Close())
	}
	return s, nil
}

// take locks a folder that is there and reads the sweep.
func (s *Session) take(dir string, read func() (*Sweep, error)) (*Session, error) {
	l, err := filelock.Take(filepath.Join(dir, lockFile))
	if held := (*filelock.HeldError)(nil); errors.As(err, &held) {
		return nil, &LockedError{dir, held.PID}
	}
	if err != nil {
		return nil, err
	}
	s.lock = l
	if err = atomicfile.RemoveTemps(dir); err == nil {
		s.Sweep, err = read()
	}
	if err != nil {
		l.Release()
		os.Remove(dir) // if it is empty
		return nil, err
	}
	return s, nil
}

// extended is the record of the sweep in a folder with the grid g, which must have all of its
// cells. A folder that is not there or empty gives one without failures.
func extended(dir string, g Grid) (record, error) {
	r, err := readRecord(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return record{Grid: g}, checkFree(dir)
	}
	if err != nil {
		return r, err
	}
	if err := g.checkExtends(r.Grid); err != nil {
		return r, &GridError{dir, err}
	}
	r.Grid = g
	return r, nil
}

// checkFree is an error if there is anything in a folder but what a process leaves that is killed
// before it has made a sweep.
func checkFree(dir string) error {
	entries, err := os.ReadDir(dir)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	i := slices.IndexFunc(entries, func(e fs.DirEntry) bool { return e.Name() != lockFile && !atomicfile.IsTemp(e.Name()) })
	if i >= 0 {
		return fmt.Errorf("%s is not a sweep and not empty (it holds %s): choose another folder", dir, entries[i].Name())
	}
	return nil
}

// GridError says that a sweep is over another grid.
type GridError struct {
	Dir string
	Err error // how they differ
}

func (e *GridError) Error() string {
	return fmt.Sprintf("%s is a sweep over another grid: %v; more values and seeds may be added, else choose another folder", e.Dir, e.Err)
}

func (e *GridError) Unwrap() error { return e.Err }

// LockedError says that a sweep is at work already.
type LockedError struct {
	Dir string
	PID int // of the process, 0 if it is not known
}

func (e *LockedError) Error() string {
	if e.PID == 0 {
		return fmt.Sprintf("%s is at work in another process: wait for it", e.Dir)
	}
	return fmt.Sprintf("%s is at work in the process %d: wait for it", e.Dir, e.PID)
}

// Close ends the session, so that another process may go on. Further calls do nothing.
func (s *Session) Close() error {
	if err := s.lock.Release(); err != nil {
		return fmt.Errorf("%s: %w", s.Dir, err)
	}
	return nil
}

// Unlocked is why the sweep is not locked, nil if it is: some network file systems know no locks.
func (s *Session) Unlocked() error { return s.lock.Missing() }
