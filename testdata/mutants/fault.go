package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// fault is a mistake that somebody could make, and the test that must notice it.
type fault struct {
	name      string
	file      string // from the root of the module
	old, new  string // old must be in the file once
	pkg, test string
	env       []string // of the test
	race      bool     // the test needs the race detector
}

// mutated is the text of the file with the fault.
func (f fault) mutated(text string) (string, error) {
	switch n := strings.Count(text, f.old); {
	case n != 1:
		return "", fmt.Errorf("%s has the text to replace %d times, need once: bring the row up to date\n%s", f.file, n, f.old)
	case f.old == f.new:
		return "", fmt.Errorf("the row changes nothing")
	}
	return strings.Replace(text, f.old, f.new, 1), nil
}

// checkPlaces is an error for faults whose place is not in the module.
func checkPlaces(list []fault) (err error) {
	for _, f := range list {
		text, e := os.ReadFile(filepath.FromSlash(f.file))
		if e == nil {
			_, e = f.mutated(string(text))
		}
		if e != nil {
			err = errors.Join(err, fmt.Errorf("%s: %w", f.name, e))
		}
	}
	return err
}

// plant puts the fault into the copy and returns what takes it out again.
func (c *module) plant(f fault) (restore func() error, err error) {
	path := filepath.Join(c.dir, filepath.FromSlash(f.file))
	was, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	text, err := f.mutated(string(was))
	if err != nil {
		return nil, err
	}
	return func() error { return os.WriteFile(path, was, 0o644) }, os.WriteFile(path, []byte(text), 0o644)
}

// judge is an error unless the test of a fault passes without it and fails with it.
func (c *module) judge(f fault) (err error) {
	if err := c.passes(f); err != nil {
		return fmt.Errorf("without the fault: %w", err)
	}
	restore, err := c.plant(f)
	if err != nil {
		return err
	}
	defer func() {
		if e := restore(); err == nil {
			err = e
		}
	}()
	binary, err := c.build(f)
	if err != nil {
		return fmt.Errorf("with the fault: %w", err)
	}
	r, err := c.test(binary, f)
	switch {
	case err != nil:
		return fmt.Errorf("with the fault: %w", err)
	case r.passed:
		return fmt.Errorf("the fault survives %s of %s", f.test, f.pkg)
	case !r.failed:
		return fmt.Errorf("the process ends, but not because of %s of %s:\n%s", f.test, f.pkg, r.out)
	}
	return nil
}
