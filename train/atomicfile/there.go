package atomicfile

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
)

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
