package data

import (
	"bufio"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"io/fs"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/train/internal/regular"
)

// idxBytes is the code of unsigned bytes in the third byte of an IDX file, the
// only element type that MNIST and its relatives use.
const idxBytes = 0x08

// idxHead is what the header of an IDX file says: an IDX file of unsigned bytes has two zero
// bytes, the element type, the number of axes, their big-endian uint32 lengths, the elements.
// It may be gzip'd, whatever its name.
type idxHead struct {
	fsys        fs.FS
	name, label string // label names the file in errors
	ranks       []int
	dims        []int
	need        int64 // bytes of elements
	size        int64 // of the file as stored
}

// headIDX reads a header. The rank must be one of ranks. A plain file must end where its
// header says.
func headIDX(fsys fs.FS, name, label string, ranks ...int) (*idxHead, error) {
	f, err := openIDX(fsys, name, label)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	dims, need, err := f.header(ranks)
	if err != nil {
		return nil, err
	}
	switch header := int64(4 + 4*len(dims)); {
	case !f.zipped && f.size < header+need:
		return nil, f.truncated(f.size-header, dims, need)
	case !f.zipped && f.size > header+need:
		return nil, f.trailing(dims, need)
	}
	return &idxHead{fsys, name, label, ranks, dims, need, f.size}, nil
}

// checkSize is an error if a file declares much more than compression takes off pictures.
func (h *idxHead) checkSize() error {
	if h.need > inflatable(h.size) {
		return fmt.Errorf("%s: shape %v takes %d bytes; the most that is inflated of a file of %d bytes is %d",
			h.label, nn.Shape(h.dims), h.need, h.size, inflatable(h.size))
	}
	return nil
}

// copyTo copies the elements to w. The file must end behind them, and no more is inflated
// than that.
func (h *idxHead) copyTo(w io.Writer) error {
	f, err := openIDX(h.fsys, h.name, h.label)
	if err != nil {
		return err
	}
	defer f.Close()
	dims, need, err := f.header(h.ranks)
	if err != nil || !nn.Shape(dims).Equal(h.dims) {
		return fmt.Errorf("%s: changed while it was read; try again", h.label)
	}
	return f.payload(w, dims, need)
}

// elements reads the elements into memory.
func (h *idxHead) elements() ([]byte, error) {
	buf := fixedBuffer(make([]byte, 0, h.need))
	if err := h.copyTo(&buf); err != nil {
		return nil, err
	}
	return buf, nil
}

// fixedBuffer is a writer into memory that was taken once.
type fixedBuffer []byte

func (b *fixedBuffer) Write(p []byte) (int, error) {
	*b = append(*b, p...)
	return len(p), nil
}

type idxFile struct {
	io.Reader
	io.Closer
	label  string
	size   int64 // of the file as stored
	zipped bool
	packed string // the name that gzip kept
}

func openIDX(fsys fs.FS, name, label string) (*idxFile, error) {
	info, err := fs.Stat(fsys, name)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", label, reason(err))
	}
	if err := regular.Check(label, info, MaxBytes); err != nil {
		return nil, err
	}
	f, err := fsys.Open(name)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", label, reason(err))
	}
	r := bufio.NewReader(f)
	idx := &idxFile{Reader: r, Closer: f, label: label, size: info.Size()}
	if magic, _ := r.Peek(len(gzipMagic)); string(magic) == gzipMagic {
		idx.zipped = true
		unzip, err := newGunzip(r)
		if err != nil {
			f.Close()
			return nil, fmt.Errorf("%s: damaged gzip header: %w", label, err)
		}
		idx.Reader, idx.packed = unzip, unzip.Name
	}
	return idx, nil
}

// header reads the magic and the lengths of the axes, and gives the number of
// elements.
func (f *idxFile) header(ranks []int) (dims []int, need int64, err error) {
	var magic [4]byte
	if n, err := io.ReadFull(f, magic[:]); err != nil {
		return nil, 0, f.cut(err, fmt.Sprintf("got %d bytes of its 4-byte IDX magic", n))
	}
	if magic[0] != 0 || magic[1] != 0 || magic[2] != idxBytes {
		return nil, 0, fmt.Errorf("%s: starts with % x; need an IDX file of unsigned bytes, 00 00 08 and the number of axes",
			f.label, magic)
	}
	rank, found := int(magic[3]), false
	for _, r := range ranks {
		found = found || rank == r
	}
	if !found {
		return nil, 0, fmt.Errorf("%s: an array of %d axes; need one of %v axes", f.label, rank, ranks)
	}
	for i := range rank {
		var d [4]byte
		if _, err := io.ReadFull(f, d[:]); err != nil {
			return nil, 0, f.cut(err, fmt.Sprintf("got %d of the %d axes in its header", i, rank))
		}
		v := binary.BigEndian.Uint32(d[:])
		if v == 0 || v > MaxBytes {
			return nil, 0, fmt.Errorf("%s: axis %d has length %d; need 1 to %d", f.label, i, v, MaxBytes)
		}
		dims = append(dims, int(v))
	}
	need, ok := product(dims)
	if !ok {
		return nil, 0, fmt.Errorf("%s: shape %v is more than the %d bytes that are read", f.label, nn.Shape(dims), MaxBytes)
	}
	return dims, need, nil
}

// payload copies the elements to w and checks that the file ends after them,
// which also checks gzip's checksum.
func (f *idxFile) payload(w io.Writer, dims []int, need int64) error {
	if n, err := io.CopyN(w, f, need); err != nil {
		if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
			return f.truncated(n, dims, need)
		}
		return f.cut(err, "")
	}
	var one [1]byte
	switch n, err := io.ReadFull(f, one[:]); {
	case n > 0:
		return f.trailing(dims, need)
	case err != io.EOF:
		return f.cut(err, "the end of the gzip stream is missing")
	}
	return nil
}

// cut is the error for a file that ends early, or cannot be read or inflated.
func (f *idxFile) cut(err error, got string) error {
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return fmt.Errorf("%s: truncated: %s", f.label, got)
	}
	if errors.Is(err, errTrailing) {
		return fmt.Errorf("%s: %w", f.label, err)
	}
	if f.zipped {
		return fmt.Errorf("%s: damaged gzip: %w", f.label, err)
	}
	return fmt.Errorf("%s: %w", f.label, err)
}

func (f *idxFile) truncated(got int64, dims []int, need int64) error {
	return fmt.Errorf("%s: truncated: got %d bytes of elements, need %d for shape %v", f.label, got, need, nn.Shape(dims))
}

func (f *idxFile) trailing(dims []int, need int64) error {
	return fmt.Errorf("%s: holds more than the %d bytes that its header declares for shape %v", f.label, need, nn.Shape(dims))
}
