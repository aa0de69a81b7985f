package data

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
)

// openRegular opens a file for reading and gives its size. Pipes and devices
// are refused before they are opened, because opening a pipe waits for a
// writer.
func openRegular(path string) (*os.File, int64, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, 0, err
	}
	if err := checkRegular(path, info); err != nil {
		return nil, 0, err
	}
	f, err := os.Open(path)
	if err != nil {
		return nil, 0, err
	}
	return f, info.Size(), nil
}

func checkRegular(path string, info fs.FileInfo) error {
	if !info.Mode().IsRegular() {
		return fmt.Errorf("%s: not a regular file", path)
	}
	if info.Size() > MaxBytes {
		return fmt.Errorf("%s: %d bytes; the most that is read is %d", path, info.Size(), MaxBytes)
	}
	return nil
}

// reason is a file error without its path, which the message has already.
func reason(err error) error {
	if p := (*fs.PathError)(nil); errors.As(err, &p) {
		return p.Err
	}
	return err
}
