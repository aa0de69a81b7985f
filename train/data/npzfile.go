package data

import (
	"archive/zip"
	"fmt"
	"os"
)

// NPZ is an open .npz file whose arrays are read one by one, so that only those in use take
// memory. It may be larger than what ReadNPZ reads; each array may hold at most MaxBytes.
type NPZ struct {
	path    string
	file    *os.File
	names   []string // in the order of the file
	entries map[string]*zip.File
}

// maxEntries is the largest number of arrays of an NPZ.
const maxEntries = 1 << 22

// OpenNPZ opens a .npz file and reads the names of its arrays.
func OpenNPZ(path string) (*NPZ, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, err
	}
	if !info.Mode().IsRegular() {
		return nil, fmt.Errorf("%s: not a regular file", path)
	}
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	n := &NPZ{path: path, file: f, entries: map[string]*zip.File{}}
	if err := n.index(info.Size()); err != nil {
		f.Close()
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return n, nil
}

func (n *NPZ) index(size int64) error {
	z, err := zip.NewReader(n.file, size)
	if err != nil {
		return fmt.Errorf("not a readable .npz archive: %w", err)
	}
	if len(z.File) > maxEntries {
		return fmt.Errorf("%d arrays; the most that is read is %d", len(z.File), maxEntries)
	}
	for _, e := range z.File {
		name := arrayName(e)
		switch {
		case name == e.Name:
			return fmt.Errorf("entry %q is not a .npy array; need an archive that numpy.savez wrote", name)
		case len(name) > MaxName:
			return fmt.Errorf("an array's name of %d bytes; the longest that is read is %d", len(name), MaxName)
		case n.entries[name] != nil:
			return fmt.Errorf("two arrays are named %q; need one", name)
		}
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
	if err := walk(e); err != nil {
		return nil, fmt.Errorf("%s: array %q: damaged or truncated: %w", n.path, name, err)
	}
	a, err := decodeEntry(e)
	if err != nil {
		return nil, fmt.Errorf("%s: array %q: %w", n.path, name, err)
	}
	return a, nil
}

// Close closes the file.
func (n *NPZ) Close() error { return n.file.Close() }
