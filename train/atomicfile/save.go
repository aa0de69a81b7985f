package atomicfile

import (
	"errors"
	"fmt"
	"path/filepath"

	"github.com/gonn-toolkit/gonn/train/internal/filelock"
)

// Save is WriteAll if overwrite is set, and WriteAllNew if it is not. It also removes what
// earlier calls for the same files have left that were killed, so only one is at work at a
// time: during another one it is an error. What one has written that was killed between the
// files is replaced: see Interrupted.
func Save(overwrite bool, files ...File) error {
	return writer{sys: disk{}}.save(overwrite, files)
}

func (w writer) save(overwrite bool, files []File) error {
	half := !overwrite && w.interrupted(files)
	if !half {
		if err := w.check(overwrite, files, files); err != nil {
			return err
		}
	}
	return w.alone(files, half, func() error {
		if overwrite {
			return w.replace(files)
		}
		return w.create(files)
	})
}

// check is an error if files cannot be written because of what is there. It comes before
// anything is touched; the writing itself checks again. If an earlier process has written
// them and was killed only then, what it left of owners goes.
func (w writer) check(overwrite bool, files, owners []File) error {
	if overwrite {
		return w.regular(files)
	}
	_, err := w.free(files)
	if exists := (*ExistsError)(nil); errors.As(err, &exists) && w.left(owners) {
		w.alone(owners, false, func() error { return err }) // the error is that the file exists
	}
	return err
}

// lockName is the file by which one process at a time writes the file at path.
func lockName(path string) string {
	return filepath.Join(filepath.Dir(path), "."+filepath.Base(path)+".lock")
}

// alone calls write while no other Save or SaveLinked writes one of the files, and removes
// what earlier ones have left of them; if half is set, also the first of the files themselves.
func (w writer) alone(files []File, half bool, write func() error) (err error) {
	for _, f := range files {
		lock, e := filelock.Take(lockName(f.Path))
		if e != nil {
			return w.failed(f.Path, e)
		}
		defer func() { err = errors.Join(err, lock.Release()) }()
	}
	if half && w.interrupted(files) { // still, for another may have finished it meanwhile
		if err := w.removeNamed(files); err != nil {
			return err
		}
	}
	for _, f := range files {
		if err := w.removeTempsOf(f.Path, suffix); err != nil {
			return fmt.Errorf("write %s: what an earlier process has left cannot be removed: %w", f.Path, err)
		}
	}
	if err := write(); err != nil {
		return err
	}
	for _, f := range files {
		if err := w.removeTempsOf(f.Path, stagedSuffix); err != nil {
			return fmt.Errorf("%s is written, what was there before cannot be removed: %w", f.Path, err)
		}
	}
	return nil
}
