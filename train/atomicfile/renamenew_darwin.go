package atomicfile

import (
	"errors"
	"os"

	"golang.org/x/sys/unix"
)

// renameNew is os.Rename to a name that must not be taken. Some file systems cannot do that.
func renameNew(old, path string) error {
	err := unix.RenamexNp(old, path, unix.RENAME_EXCL)
	if err == nil {
		return nil
	}
	if errors.Is(err, unix.EINVAL) {
		err = errors.ErrUnsupported
	}
	return &os.LinkError{Op: "rename", Old: old, New: path, Err: err}
}
