package atomicfile

import (
	"errors"
	"io/fs"
	"syscall"
)

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
