package atomicfile

import (
	"os"
	"syscall"
)

// renameNew is os.Rename to a name that must not be taken.
func renameNew(old, path string) error {
	from, err := syscall.UTF16PtrFromString(old)
	if err != nil {
		return err
	}
	to, err := syscall.UTF16PtrFromString(path)
	if err != nil {
		return err
	}
	if err := syscall.MoveFile(from, to); err != nil {
		return &os.LinkError{Op: "rename", Old: old, New: path, Err: err}
	}
	return nil
}
