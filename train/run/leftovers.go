package run

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"

	"github.com/gonn-toolkit/gonn/train/atomicfile"
	"github.com/gonn-toolkit/gonn/train/internal/filelock"
	"github.com/gonn-toolkit/gonn/train/shell"
)

// isLeftover reports whether a name is that of a file which a process leaves that is killed
// while it writes, the lock not included.
func isLeftover(name string) bool {
	return atomicfile.IsTemp(name) || slices.ContainsFunc(sealed, func(file string) bool { return name == pending(file) })
}

// checkFree is an error if there is anything in a folder but what a process leaves that is
// killed before it has made a run.
func checkFree(dir string) error {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return fmt.Errorf("new run %s: %w", dir, err)
	}
	if slices.ContainsFunc(entries, func(e fs.DirEntry) bool { return e.Name() == recordFile }) {
		return existsError(dir)
	}
	for _, e := range entries {
		if name := e.Name(); name != lockFile && !isLeftover(name) {
			return fmt.Errorf("%s is not a run and not empty (it holds %s): choose another --run", dir, name)
		}
	}
	return nil
}

func existsError(dir string) error {
	return fmt.Errorf("%s exists: choose another --run, or go on with it by gonn train --resume --run %s", dir, shell.Word(dir))
}

// sweep ends what a process has left in a folder in which it was killed: a run is as after
// its last checkpoint then, and what has not become a run is gone. Who is about to make one
// holds its lock before there is anything that looks like that. What cannot be removed stays,
// for nobody asked for it.
func sweep(dir string) {
	entries, _ := os.ReadDir(dir)
	if !slices.ContainsFunc(entries, func(e fs.DirEntry) bool { return isLeftover(e.Name()) || e.Name() == lockFile }) {
		return
	}
	if r, _ := standing(dir); r == nil {
		return
	}
	l, err := filelock.Take(filepath.Join(dir, lockFile))
	if err != nil {
		return // somebody is at work
	}
	r, free := standing(dir)
	if r != nil && l.Missing() == nil {
		r.settle(dir)
	}
	l.Release()
	if free {
		os.Remove(dir) // if it is empty now
	}
}

// standing is the record of the run in a folder, an empty one if there is no run yet, and nil
// if the folder is something else or the run cannot be read.
func standing(dir string) (r *record, free bool) {
	if checkFree(dir) == nil {
		return &record{}, true
	}
	r, err := readRecord(dir)
	if err != nil {
		return nil, false
	}
	return r, false
}
