package atomicfile

import (
	"errors"
	"os"

	"golang.org/x/sys/unix"
)

// renameNew is os.Rename to a name that must not be taken. Kernels before 3.15 and some file
// systems cannot do that.
func renameNew(old, path string) error {
	for {
		err := unix.Renameat2(unix.AT_FDCWD, old, unix.AT_FDCWD, path, unix.RENAME_NOREPLACE)
		switch {
		case err == nil:
			return nil
		case errors.Is(err, unix.EINTR):
			continue
		case errors.Is(err, unix.EINVAL), errors.Is(err, unix.ENOSYS):
			err = errors.ErrUnsupported
		}
		return &os.LinkError{Op: "rename", Old: old, New: path, Err: err}
	}
}
