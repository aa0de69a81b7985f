// Package regular opens regular files of limited size. Pipes, devices and folders are
// refused, without waiting for a writer.
package regular

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
)

// Open opens a file of at most limit bytes for reading and gives its size. Errors name the
// path.
func Open(path string, limit int64) (*os.File, int64, error) {
	if info, err := os.Stat(path); err != nil {
		return nil, 0, err
	} else if err := Check(path, info, limit); err != nil {
		return nil, 0, err
	}
	f, err := os.OpenFile(path, os.O_RDONLY|nonblock, 0)
	if err != nil {
		return nil, 0, err
	}
	info, err := f.Stat() // once more: another file may have come into its place
	if err == nil {
		err = Check(path, info, limit)
	}
	if err != nil {
		f.Close()
		return nil, 0, err
	}
	return f, info.Size(), nil
}

// Check is an error if a file is not a regular one of at most limit bytes.
func Check(path string, info fs.FileInfo, limit int64) error {
	if !info.Mode().IsRegular() {
		return fmt.Errorf("%s: not a regular file", path)
	}
	if info.Size() > limit {
		return fmt.Errorf("%s: %d bytes; the most that is read is %d", path, info.Size(), limit)
	}
	return nil
}

// Read reads a file of at most limit bytes into memory of its size.
func Read(path string, limit int64) ([]byte, error) {
	f, size, err := Open(path, limit)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	b := make([]byte, size)
	if _, err := io.ReadFull(f, b); err != nil {
		if p := (*fs.PathError)(nil); errors.As(err, &p) {
			return nil, err
		}
		return nil, fmt.Errorf("%s: the file cannot be read whole: %w", path, err)
	}
	return b, nil
}
