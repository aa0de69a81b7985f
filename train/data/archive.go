package data

import (
	"archive/zip"
	"bytes"
	"errors"
	"fmt"
	"io"
)

// costEntry is about what an entry of an archive takes in memory, without its name.
const costEntry = 400

// openZip reads the directory of an archive of at most so many arrays, whose names must
// differ. More entries than are in proportion to the file are refused, too.
func openZip(f io.ReaderAt, size int64, most int) ([]*zip.File, error) {
	most = int(min(int64(most), (2*size+24<<20)/costEntry))
	d := &directory{ReaderAt: f, left: most + 1<<12}
	z, err := zip.NewReader(d, size)
	switch {
	case errors.Is(d.err, errEntries) || err == nil && len(z.File) > most:
		return nil, fmt.Errorf("more than %d arrays, the most that is read of a file of %d bytes", most, size)
	case err != nil:
		return nil, fmt.Errorf("not a readable .npz archive: %w", err)
	}
	d.read = true
	seen := make(map[string]bool, len(z.File))
	for _, e := range z.File {
		name := arrayName(e)
		if len(e.Name) > MaxName {
			return nil, fmt.Errorf("an array's name of %d bytes; the longest that is read is %d", len(e.Name), MaxName)
		}
		if seen[name] {
			return nil, fmt.Errorf("two arrays are named %q; need one", name)
		}
		seen[name] = true
	}
	if err := checkEntries(d, z.File, size); err != nil {
		return nil, err
	}
	return z.File, nil
}

// onlyArrays is openZip for an archive of nothing else than arrays, which may hold at most so
// many bytes together.
func onlyArrays(f io.ReaderAt, size int64, most int, mostBytes int64) ([]*zip.File, error) {
	entries, err := openZip(f, size, most)
	if err != nil {
		return nil, err
	}
	for _, e := range entries {
		if arrayName(e) == e.Name {
			return nil, fmt.Errorf("entry %q is not a .npy array; need an archive that numpy.savez wrote", e.Name)
		}
	}
	return entries, checkSizes(entries, mostBytes, size)
}

// directory passes on an archive and counts the entries of its directory while that is read:
// archive/zip would list as many as there are, whatever the archive's end says. Entries near
// the end may be counted several times, for they are read when the end is looked for.
type directory struct {
	io.ReaderAt
	read bool  // all of it
	left int   // entries that may come
	next int64 // where the last read ended
	tail []byte
	err  error
	// header is given the next read, if it is not nil.
	header *localHeader
}

var errEntries = errors.New("too many entries")

// entrySignature begins each entry of a directory.
var entrySignature = []byte("PK\x01\x02")

func (d *directory) ReadAt(p []byte, off int64) (int, error) {
	n, err := d.ReaderAt.ReadAt(p, off)
	if d.header != nil {
		d.header.at = off
		copy(d.header.fixed[:], p[:n])
	}
	if d.read {
		return n, err
	}
	if off != d.next {
		d.tail = nil
	}
	seen := append(d.tail, p[:n]...)
	if d.left -= bytes.Count(seen, entrySignature); d.left < 0 {
		d.err = errEntries
		return 0, d.err
	}
	d.next, d.tail = off+int64(n), bytes.Clone(seen[max(0, len(seen)-len(entrySignature)+1):])
	return n, err
}
