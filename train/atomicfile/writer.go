package atomicfile

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path/filepath"
	"runtime"
	"syscall"
)

// writer writes files by way of a system.
type writer struct {
	sys   system
	owner string // the file that temporary ones are named after; "" for each its own
}

// replace writes files, over existing ones too.
func (w writer) replace(files []File) error {
	if err := w.regular(files); err != nil {
		return err
	}
	_, err := w.put(files, w.sys.Rename)
	return err
}

// create writes files that are not there yet. After an error none is.
func (w writer) create(files []File) error {
	taken, err := w.free(files)
	if err != nil {
		return err
	}
	done, err := w.put(files, func(old, path string) error {
		if taken[path] {
			return w.sys.Rename(old, path) // the content stays the same
		}
		return w.renameNew(old, path)
	})
	if err == nil {
		return nil
	}
	for _, f := range files[:done] {
		if !taken[f.Path] {
			err = w.discard(err, f.Path)
		}
	}
	return err
}

// regular is an error if one of the files is there and cannot be replaced.
func (w writer) regular(files []File) error {
	for _, f := range files {
		info, err := w.look(f.Path)
		if err != nil {
			return err
		}
		if info != nil && !info.Mode().IsRegular() {
			return fmt.Errorf("%s exists and is not a regular file", f.Path)
		}
	}
	return nil
}

// free is an error if one of the files is there. If only some are, and with the content that
// they are to get, a crash has left them: they are taken over.
func (w writer) free(files []File) (taken map[string]bool, err error) {
	taken = map[string]bool{}
	for _, f := range files {
		info, err := w.look(f.Path)
		if err != nil {
			return nil, err
		}
		if info == nil {
			continue
		}
		if same, err := w.holds(info, f); err != nil {
			return nil, w.failed(f.Path, err)
		} else if !same {
			return nil, &ExistsError{f.Path}
		}
		if taken[f.Path] = true; len(taken) == len(files) {
			return nil, &ExistsError{f.Path}
		}
	}
	return taken, nil
}

// holds reports whether what is there in the place of a file is one of the same content.
func (w writer) holds(there fs.FileInfo, f File) (bool, error) {
	if !there.Mode().IsRegular() || there.Size() != int64(len(f.Data)) {
		return false, nil
	}
	b, err := w.sys.ReadFile(f.Path)
	return bytes.Equal(b, f.Data), err
}

// look describes what has a name, nil if nothing has.
func (w writer) look(path string) (fs.FileInfo, error) {
	info, err := w.sys.Lstat(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, nil
	case err != nil:
		return nil, w.failed(path, err)
	}
	return info, nil
}

// put brings the content of all files to the disk under temporary names, and then gives
// them their own by rename, each name on the disk before the next. It returns how many
// have theirs. The temporary files of the others are gone after an error.
func (w writer) put(files []File, rename func(old, path string) error) (done int, err error) {
	var temps []string
	for _, f := range files {
		temp, err := w.writeTemp(f)
		if temp != "" {
			temps = append(temps, temp)
		}
		if err != nil {
			return 0, w.discard(w.failed(f.Path, err), temps...)
		}
	}
	for _, f := range files {
		if err := rename(temps[done], f.Path); err != nil {
			return done, w.discard(w.failed(f.Path, err), temps[done:]...)
		}
		done++
		if err := w.syncFolder(filepath.Dir(f.Path)); err != nil {
			return done, w.discard(w.failed(f.Path, err), temps[done:]...)
		}
	}
	return done, nil
}

// writeTemp brings the content of a file to the disk under a temporary name, "" if there
// is no such file.
func (w writer) writeTemp(f File) (temp string, err error) {
	temp, to, err := w.createTemp(f.Path)
	if err != nil {
		return "", err
	}
	return temp, fill(to, f.Data)
}

// fill writes data and closes the file; only then is it known to have arrived.
func fill(f file, data []byte) error {
	n, err := f.Write(data)
	if err == nil && n < len(data) {
		err = io.ErrShortWrite
	}
	if err == nil {
		err = f.Sync()
	}
	return errors.Join(err, f.Close())
}

// renameNew gives a file another name, which must not be taken. Where the system has no call
// for it, a link does the same; where there are no links either, another program that takes
// the name in the same moment loses its file.
func (w writer) renameNew(old, path string) error {
	err := w.sys.RenameNew(old, path)
	if errors.Is(err, errors.ErrUnsupported) {
		if err = w.sys.Link(old, path); err == nil {
			if err := w.sys.Remove(old); err != nil {
				return w.discard(err, path)
			}
			return nil
		}
		if errors.Is(err, errors.ErrUnsupported) || errors.Is(err, syscall.EPERM) { // FAT's answer
			return w.renameIfFree(old, path)
		}
	}
	if errors.Is(err, fs.ErrExist) {
		return &ExistsError{path}
	}
	return err
}

// renameIfFree looks before it renames.
func (w writer) renameIfFree(old, path string) error {
	switch there, err := w.look(path); {
	case err != nil:
		return err
	case there != nil:
		return &ExistsError{path}
	}
	return w.sys.Rename(old, path)
}

// discard removes files after an error, which it returns, with those that stay.
func (w writer) discard(err error, paths ...string) error {
	for _, path := range paths {
		if e := w.sys.Remove(path); e != nil && !errors.Is(e, fs.ErrNotExist) {
			err = fmt.Errorf("%w (and %s could not be removed: %w)", err, path, cause(e))
		}
	}
	return err
}

// syncFolder brings a rename to the disk. Windows does not do this by folder, and some
// file systems know no such thing.
func (w writer) syncFolder(dir string) error {
	if runtime.GOOS == "windows" {
		return nil
	}
	d, err := w.sys.Open(dir)
	if err != nil {
		return err
	}
	if err = d.Sync(); errors.Is(err, syscall.EINVAL) {
		err = nil
	}
	return errors.Join(err, d.Close())
}
