package data

import (
	"archive/zip"
	"fmt"
	"hash/crc32"
	"io"
	"strings"
)

// ReadNPZ reads the arrays of a .npz file, as numpy.savez and
// numpy.savez_compressed write it, by their names without ".npy". The arrays
// together may hold at most MaxBytes.
func ReadNPZ(path string) (map[string]*Array, error) {
	f, size, err := openRegular(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	arrays, err := readArrays(f, size)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return arrays, nil
}

func readArrays(f io.ReaderAt, size int64) (map[string]*Array, error) {
	entries, err := onlyArrays(f, size, MaxArrays, MaxBytes)
	if err != nil {
		return nil, err
	}
	// All entries are walked, keeping nothing, before the first is given memory.
	for _, e := range entries {
		if err := walk(e, nil); err != nil {
			return nil, err
		}
	}
	arrays := map[string]*Array{}
	for _, e := range entries {
		if arrays[arrayName(e)], err = decodeEntry(e); err != nil {
			return nil, err
		}
	}
	return arrays, nil
}

func arrayName(e *zip.File) string { return strings.TrimSuffix(e.Name, ".npy") }

// checkSizes holds the sizes that entries declare, at most so many bytes together, against
// that of the file.
func checkSizes(entries []*zip.File, most, fileSize int64) error {
	var total int64
	for _, e := range entries {
		if e.UncompressedSize64 > uint64(most-total) {
			return fmt.Errorf("the arrays up to %q hold more than the %d bytes that are read", arrayName(e), most)
		}
		if total += int64(e.UncompressedSize64); total > inflatable(fileSize) {
			return fmt.Errorf("the arrays up to %q take %d bytes; the most that is inflated of a file of %d bytes is %d",
				arrayName(e), total, fileSize, inflatable(fileSize))
		}
	}
	return nil
}

// inEntry calls f with an entry's array, whose elements are not read yet, and can be read up
// to one byte beyond the declared end.
func inEntry(e *zip.File, f func(h *npyArray) error) error {
	size := int64(e.UncompressedSize64)
	r, err := e.Open()
	if err == nil {
		defer r.Close()
		limited := &io.LimitedReader{R: summed(r, e), N: size + 1}
		var h *npyArray
		if h, err = headNPY(limited, size); err == nil {
			err = f(h)
		} else if damage := drain(io.LimitReader(limited, checkedFrom)); damage != nil {
			err = damage // which explains what is wrong with the header
		}
		if err == nil && limited.N == 0 {
			err = fmt.Errorf("damaged or truncated: holds more than the %d bytes it declares", size)
		}
	}
	if err != nil {
		return fmt.Errorf("array %q: %w", arrayName(e), err)
	}
	return nil
}

// summed is the reader of an entry that compares its checksum at the end, also one of 0,
// which archive/zip takes for one that is not given.
func summed(r io.Reader, e *zip.File) io.Reader {
	if e.CRC32 != 0 {
		return r
	}
	return &zeroSum{r: r}
}

type zeroSum struct {
	r   io.Reader
	sum uint32 // so far
}

func (z *zeroSum) Read(p []byte) (int, error) {
	n, err := z.r.Read(p)
	z.sum = crc32.Update(z.sum, crc32.IEEETable, p[:n])
	if err == io.EOF && z.sum != 0 {
		err = zip.ErrChecksum
	}
	return n, err
}

// drain reads what is left of an entry, at whose end archive/zip compares the checksum.
func drain(r io.Reader) error {
	if _, err := io.Copy(io.Discard, r); err != nil {
		return fmt.Errorf("damaged or truncated: %w", err)
	}
	return nil
}

// headOf reads the header of an entry's array.
func headOf(e *zip.File) (h *npyArray, err error) {
	err = inEntry(e, func(of *npyArray) error { h = of; return nil })
	return h, err
}

// walk inflates an entry, keeping nothing: it must hold what it declares, with the right
// checksum. If check is not nil, it is given all elements, some at a time.
func walk(e *zip.File, check func(piece *Array, first int) error) error {
	return inEntry(e, func(h *npyArray) error {
		if check != nil {
			if err := h.pieces(check); err != nil {
				return err
			}
		}
		return drain(h.r)
	})
}

func decodeEntry(e *zip.File) (a *Array, err error) {
	err = inEntry(e, func(h *npyArray) error { a, err = h.read(); return err })
	return a, err
}
