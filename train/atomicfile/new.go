package atomicfile

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
)

// ExistsError says that a file is there which must not be overwritten. It is an
// fs.ErrExist.
type ExistsError struct{ Path string }

func (e *ExistsError) Error() string { return "write " + e.Path + ": the file exists" }

func (e *ExistsError) Unwrap() error { return fs.ErrExist }

// Save is WriteAll if overwrite is set, and WriteAllNew if it is not.
func Save(overwrite bool, files ...File) error {
	if overwrite {
		return WriteAll(files...)
	}
	return WriteAllNew(files...)
}

// WriteAllNew is WriteAll for files none of which may exist yet; if one does, the error is
// an *ExistsError and nothing is changed. A crash leaves no last file without those that
// belong to it, and none that is empty but on file systems without hard links.
func WriteAllNew(files ...File) error {
	for _, f := range files {
		if _, err := os.Lstat(f.Path); err == nil {
			return &ExistsError{f.Path}
		}
	}
	var r replacement
	if f, err := r.create(files); err != nil {
		r.back()
		if errors.Is(err, fs.ErrExist) {
			return &ExistsError{f.Path}
		}
		return fmt.Errorf("write %s: %w", f.Path, cause(err))
	}
	return syncFolders(files)
}

// create gives new files their names, the last one last, and returns the file at which it
// failed.
func (r *replacement) create(files []File) (at File, err error) {
	temps, at, err := r.writeTemps(files)
	if err != nil {
		return at, err
	}
	for i, f := range files {
		if err := name(temps[i], f.Path, os.Link); err != nil {
			return f, err
		}
		r.undo = append(r.undo, func() { os.Remove(f.Path) })
	}
	return File{}, nil
}

// name gives a file another name, which must not be taken. link fails where that is so, and
// on file systems without links; there an empty file reserves the name.
func name(old, path string, link func(old, path string) error) error {
	err := link(old, path)
	if err == nil {
		os.Remove(old) // one that stays is known for what it is
		return nil
	}
	if errors.Is(err, fs.ErrExist) {
		return err
	}
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
	if err != nil {
		return err
	}
	f.Close()
	if err := os.Rename(old, path); err != nil {
		os.Remove(path)
		return err
	}
	return nil
}
