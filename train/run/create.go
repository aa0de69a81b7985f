package run

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
)

// Next makes the folder of a new run below root, the first of stem-001, stem-002, …
// above those that are there, and returns its path. Of two processes that ask at the
// same time each gets its own. What killed processes have left in those that are there goes.
func Next(root, stem string) (string, error) {
	if stem == "" || filepath.Base(stem) != stem || strings.ContainsAny(stem, `/\:`) {
		return "", fmt.Errorf("new run: %q cannot be part of a folder's name", stem)
	}
	if err := checkRoot(root); err != nil {
		return "", fmt.Errorf("new run: %w", err)
	}
	if err := os.MkdirAll(root, 0o777); err != nil {
		return "", fmt.Errorf("new run: %w", err)
	}
	entries, err := os.ReadDir(root)
	if err != nil {
		return "", fmt.Errorf("new run: %w", err)
	}
	last := 0
	for _, e := range entries {
		digits, ok := strings.CutPrefix(e.Name(), stem+"-")
		n, err := strconv.ParseUint(digits, 10, 31)
		if !ok || err != nil {
			continue
		}
		last = max(last, int(n))
		if e.IsDir() {
			sweep(filepath.Join(root, e.Name()))
		}
	}
	for {
		last++
		dir := filepath.Join(root, fmt.Sprintf("%s-%03d", stem, last))
		err := os.Mkdir(dir, 0o777)
		if err == nil {
			return dir, nil
		}
		if !errors.Is(err, fs.ErrExist) {
			return "", fmt.Errorf("new run: %w", err)
		}
	}
}

// claim makes dir the folder of a new run, by locking it and clearing what a process has
// left that was killed in making one. An empty folder will do, one with anything else in it
// will not.
func (s *Session) claim() error {
	if err := os.MkdirAll(s.Dir, 0o777); err != nil {
		return fmt.Errorf("new run %s: %w", s.Dir, err)
	}
	begun := s.begun()
	if err := checkFree(s.Dir); err != nil && begun == nil { // it gets no lock
		return err
	}
	l, err := take("new run", s.Dir)
	if err != nil {
		return err
	}
	if begun != nil {
		begun = s.begun() // by now it may be trained
	}
	if begun == nil {
		begun, err = &record{}, checkFree(s.Dir)
	}
	if err == nil {
		err = begun.settle(s.Dir)
	}
	if err != nil {
		l.Release()
		return err
	}
	s.lock = l
	return nil
}

// begun is the record of a run that a killed process has begun in the folder and that stands
// where s begins, so that making it again loses nothing; nil if there is none.
func (s *Session) begun() *record {
	if _, err := os.Lstat(filepath.Join(s.Dir, lockFile)); err != nil {
		return nil // its process has closed it
	}
	was, err := load(s.Dir)
	if err != nil || was.position != s.position || was.Settings.checkChange(s.Settings) != nil {
		return nil
	}
	if b, err := s.encodeState(); err != nil || sumOf(b) != was.record.Files[stateFile] {
		return nil
	}
	return was.record
}

// discard ends a session whose run could not be made, and removes what there is of it. The
// error is the first of what stays.
func (s *Session) discard() (err error) {
	for _, name := range []string{recordFile, stateFile, modelFile, metricsFile} {
		if e := os.Remove(filepath.Join(s.Dir, name)); err == nil && !errors.Is(e, fs.ErrNotExist) {
			err = e
		}
	}
	removePending(s.Dir, sealed)
	if e := s.Close(); err == nil {
		err = e
	}
	os.Remove(s.Dir) // only if it is empty
	return err
}
