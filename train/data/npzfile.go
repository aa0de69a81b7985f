package data

import (
	"archive/zip"
	"fmt"
	"math"
	"os"

	"github.com/gonn-toolkit/gonn/train/internal/regular"
)

// NPZ is an open .npz file whose arrays are read one by one, so that only those in use take
// memory. It may be larger than what ReadNPZ reads; each array may hold at most MaxBytes.
type NPZ struct {
	path    string
	file    *os.File
	names   []string // in the order of the file
	entries map[string]*zip.File
}

// OpenNPZ opens a .npz file and reads the names of its arrays.
func OpenNPZ(path string) (*NPZ, error) {
	f, size, err := regular.Open(path, math.MaxInt64)
	if err != nil {
		return nil, err
	}
	n := &NPZ{path: path, file: f, entries: map[string]*zip.File{}}
	if err := n.index(size); err != nil {
		f.Close()
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return n, nil
}

func (n *NPZ) index(size int64) error {
	entries, err := onlyArrays(n.file, size, maxEntries, math.MaxInt64)
	if err != nil {
		return err
	}
	for _, e := range entries {
		name := arrayName(e)
		n.names, n.entries[name] = append(n.names, name), e
	}
	return nil
}

// Names are the names of all arrays, in the order in which they were saved.
func (n *NPZ) Names() []string { return n.names }

// Has reports whether there is an array of that name.
func (n *NPZ) Has(name string) bool { return n.entries[name] != nil }

// Read reads one array.
func (n *NPZ) Read(name string) (*Array, error) {
	e := n.entries[name]
	if e == nil {
		return nil, fmt.Errorf("%s: there is no array %q", n.path, name)
	}
	if e.UncompressedSize64 > MaxBytes {
		return nil, fmt.Errorf("%s: array %q: %d bytes; the most that is read is %d", n.path, name, e.UncompressedSize64, MaxBytes)
	}
	// Only an entry that holds what it declares, with the right checksum, is given memory.
	err := walk(e, nil)
	var a *Array
	if err == nil {
		a, err = decodeEntry(e)
	}
	if err != nil {
		return nil, fmt.Errorf("%s: %w", n.path, err)
	}
	return a, nil
}

// Close closes the file.
func (n *NPZ) Close() error { return n.file.Close() }
