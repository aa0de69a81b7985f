package atomicfile

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
)

// File is the path of a file and the content that it is to get.
type File struct {
	Path string
	Data []byte
}

// WriteAll is Write for files that are of use only together, the last of which leads to
// the others, as a model to its weights. A reader who finds the last one finds those that
// belong to it, also after a crash: until all content is on the disk nothing is touched;
// then the old files move aside, the last one first, and the new ones take their names,
// the last one last. A crash in this moment leaves the old files under hidden names.
func WriteAll(files ...File) error {
	for _, f := range files {
		if info, err := os.Lstat(f.Path); err == nil && !info.Mode().IsRegular() {
			return fmt.Errorf("%s exists and is not a regular file", f.Path)
		}
	}
	var r replacement
	if f, err := r.run(files); err != nil {
		r.back()
		return fmt.Errorf("write %s: %w", f.Path, cause(err))
	}
	for _, path := range r.aside {
		os.Remove(path)
	}
	return syncFolders(files)
}

func syncFolders(files []File) error {
	for _, f := range files {
		if err := syncFolder(filepath.Dir(f.Path)); err != nil {
			return fmt.Errorf("write %s: %w", f.Path, cause(err))
		}
	}
	return nil
}

// replacement puts new files in the place of old ones.
type replacement struct {
	undo  []func()
	aside []string // where the old files are
}

// back makes everything as it was.
func (r *replacement) back() {
	for _, undo := range slices.Backward(r.undo) {
		undo()
	}
}

// run returns the file at which it failed.
func (r *replacement) run(files []File) (at File, err error) {
	temps, at, err := r.writeTemps(files)
	if err != nil {
		return at, err
	}
	return r.exchange(files, temps)
}

func (r *replacement) writeTemps(files []File) (temps []string, at File, err error) {
	temps = make([]string, len(files))
	for i, f := range files {
		if temps[i], err = r.writeTemp(f); err != nil {
			return nil, f, err
		}
	}
	return temps, File{}, nil
}

// exchange gives the names of files to temps.
func (r *replacement) exchange(files []File, temps []string) (at File, err error) {
	if len(files) > 1 { // one file is replaced in one step
		for _, f := range slices.Backward(files) {
			if err := r.moveAside(f.Path); err != nil {
				return f, err
			}
		}
	}
	for i, f := range files {
		if err := os.Rename(temps[i], f.Path); err != nil {
			return f, err
		}
		r.undo = append(r.undo, func() { os.Remove(f.Path) })
	}
	return File{}, nil
}

// writeTemp brings the content of a file to the disk, under a temporary name.
func (r *replacement) writeTemp(f File) (string, error) {
	temp, err := createTemp(f.Path)
	if err != nil {
		return "", err
	}
	r.undo = append(r.undo, func() { os.Remove(temp.Name()) })
	return temp.Name(), fill(temp, f.Data)
}

// moveAside gives the file at path, if there is one, a temporary name.
func (r *replacement) moveAside(path string) error {
	if _, err := os.Lstat(path); errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	temp, err := createTemp(path)
	if err != nil {
		return err
	}
	temp.Close()
	if err := os.Rename(path, temp.Name()); err != nil {
		os.Remove(temp.Name())
		return err
	}
	r.aside = append(r.aside, temp.Name())
	r.undo = append(r.undo, func() { os.Rename(temp.Name(), path) })
	return nil
}
