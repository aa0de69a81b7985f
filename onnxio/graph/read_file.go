package graph

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
)

// ReadFile reads a model from a file, and its external data from files in the
// same folder. Errors begin with path.
func ReadFile(path string) (*Model, error) {
	m, err := readFile(path, MaxFileSize)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return m, nil
}

func readFile(path string, limit int64) (*Model, error) {
	b, err := readWhole(path, limit)
	if err != nil {
		return nil, err
	}
	dir, err := openFolder(filepath.Dir(path))
	if err != nil {
		return nil, bare(err)
	}
	defer dir.root.Close()
	return read(b, dir.load)
}

// readWhole reads a regular file of at most limit bytes into one slice of its
// size.
func readWhole(path string, limit int64) ([]byte, error) {
	f, err := os.OpenFile(path, os.O_RDONLY|nonblock, 0)
	if err != nil {
		return nil, bare(err)
	}
	defer f.Close()
	info, err := f.Stat()
	switch {
	case err != nil:
		return nil, bare(err)
	case !info.Mode().IsRegular():
		return nil, errors.New("it is not a regular file")
	case info.Size() > limit:
		return nil, fmt.Errorf("the file is %d bytes long, at most %d are allowed", info.Size(), limit)
	}
	b := make([]byte, info.Size())
	if _, err := io.ReadFull(f, b); err != nil {
		return nil, fmt.Errorf("the file cannot be read whole: %w", bare(err))
	}
	return b, nil
}
