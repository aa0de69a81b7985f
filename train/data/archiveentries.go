package data

import (
	"archive/zip"
	"cmp"
	"encoding/binary"
	"fmt"
	"slices"
)

// localSize is the size of a header in front of an entry's data, up to its name.
const localSize = 30

// localHeader is what stands in front of an entry's data, beside the archive's directory.
type localHeader struct {
	entry *zip.File
	at    int64 // its place in the archive
	end   int64 // that of the end of the data
	fixed [localSize]byte
}

func (h *localHeader) flags() uint16  { return binary.LittleEndian.Uint16(h.fixed[6:]) }
func (h *localHeader) method() uint16 { return binary.LittleEndian.Uint16(h.fixed[8:]) }
func (h *localHeader) sum() uint32    { return binary.LittleEndian.Uint32(h.fixed[14:]) }
func (h *localHeader) packed() uint32 { return binary.LittleEndian.Uint32(h.fixed[18:]) }
func (h *localHeader) size() uint32   { return binary.LittleEndian.Uint32(h.fixed[22:]) }
func (h *localHeader) name() int      { return int(binary.LittleEndian.Uint16(h.fixed[26:])) }

// Bits of the flags of an entry.
const (
	flagEncrypted  = 1 << 0
	flagDescriptor = 1 << 3 // checksum and sizes follow the data
	flagStrong     = 1 << 6 // encrypted in another way
	flagMasked     = 1 << 13
)

// checkEntries holds the directory of an archive against the headers of its entries, which
// archive/zip does not look at and other readers do: they must say the same, and the entries
// may not share bytes of the file.
func checkEntries(d *directory, entries []*zip.File, size int64) error {
	left := uint64(size)
	for _, e := range entries {
		least := uint64(localSize + len(e.Name))
		if left < least || left-least < e.CompressedSize64 {
			return fmt.Errorf("the entries up to %.100q share bytes of the file, which has %d; need entries one behind the other", e.Name, size)
		}
		left -= least + e.CompressedSize64
	}
	headers := make([]localHeader, len(entries))
	for i, e := range entries {
		h := &headers[i]
		if err := h.read(d, e); err != nil {
			return fmt.Errorf("entry %.100q: %w", e.Name, err)
		}
	}
	slices.SortFunc(headers, func(a, b localHeader) int { return cmp.Compare(a.at, b.at) })
	for i := 1; i < len(headers); i++ {
		if before := &headers[i-1]; headers[i].at < before.end {
			return fmt.Errorf("the entries %.100q and %.100q share bytes of the file; need entries one behind the other",
				before.entry.Name, headers[i].entry.Name)
		}
	}
	return nil
}

// read reads the header of an entry and compares it with the directory.
func (h *localHeader) read(d *directory, e *zip.File) error {
	d.header = h // archive/zip does not tell where it is, but looks there for the data
	data, err := e.DataOffset()
	d.header = nil
	if err != nil {
		return fmt.Errorf("damaged or truncated: %w", err)
	}
	h.entry, h.end = e, data+int64(e.CompressedSize64)
	if (h.flags()|e.Flags)&(flagEncrypted|flagStrong|flagMasked) != 0 {
		return fmt.Errorf("it is encrypted; need an archive that numpy.savez wrote")
	}
	if h.name() != len(e.Name) {
		return contradiction("name")
	}
	name := make([]byte, len(e.Name))
	if _, err := d.ReadAt(name, h.at+localSize); err != nil {
		return fmt.Errorf("damaged or truncated: %w", err)
	}
	const elsewhere = 1<<32 - 1 // in a field of their own, of 64 bits
	switch inFront := h.flags()&flagDescriptor == 0; {
	case string(name) != e.Name:
		return contradiction("name")
	case h.method() != e.Method:
		return contradiction("compression")
	case inFront && h.sum() != e.CRC32:
		return contradiction("checksum")
	case inFront && h.packed() != e.CompressedSize && h.packed() != elsewhere,
		inFront && h.size() != e.UncompressedSize && h.size() != elsewhere:
		return contradiction("size")
	}
	return nil
}

func contradiction(field string) error {
	return fmt.Errorf("damaged: the archive's directory and the entry itself give it another %s each", field)
}
