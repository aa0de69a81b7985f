package data

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"fmt"
	"io"
	"regexp"

	"github.com/sbinet/npyio/npy"

	"github.com/gonn-toolkit/gonn/nn"
)

// ReadNPY reads one array from a .npy file (format 1.0 or 2.0) of bool, any
// integer type, float32 or float64, in either byte order and in C or Fortran
// order.
func ReadNPY(path string) (*Array, error) {
	f, size, err := openRegular(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	a, err := decodeNPY(f, size)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return a, nil
}

// decodeNPY reads an array that takes exactly size bytes of r. The header is
// held against the one form in which NumPy writes it before npyio sees it:
// npyio slices it at the places where the keys should be, allocates what it
// declares, and takes a read that comes up short for zeros.
func decodeNPY(r io.Reader, size int64) (*Array, error) {
	buffered := bufio.NewReader(r)
	head, err := readHeader(buffered)
	if err != nil {
		return nil, err
	}
	nr, err := npy.NewReader(io.MultiReader(bytes.NewReader(head), wholeReader{buffered}))
	if err != nil {
		return nil, fmt.Errorf("not a readable .npy array: %w", err)
	}
	dtype, shape := nr.Header.Descr.Type, nr.Header.Descr.Shape
	read, ok := dtypes[dtype[1:]]
	if !ok {
		return nil, fmt.Errorf("elements of type %q; need bool, integers, float32 or float64", dtype)
	}
	if len(shape) > MaxRank {
		return nil, fmt.Errorf("%d axes; the most that is read is %d", len(shape), MaxRank)
	}
	n, ok := product(shape)
	if !ok || n*read.kept > MaxBytes {
		return nil, fmt.Errorf("shape %v of %q takes more than the %d bytes that are read", nn.Shape(shape), dtype, MaxBytes)
	}
	if got, need := size-int64(len(head)), n*read.width; got != need {
		return nil, fmt.Errorf("got %d bytes of elements, need %d for shape %v of %q", got, need, nn.Shape(shape), dtype)
	}
	a := &Array{Shape: shape}
	if err := read.into(a, nr); err != nil {
		return nil, err
	}
	if nr.Header.Descr.Fortran {
		a.Float32 = rowMajor(a.Float32, shape)
		a.Float64 = rowMajor(a.Float64, shape)
		a.Uint8 = rowMajor(a.Uint8, shape)
		a.Int64 = rowMajor(a.Int64, shape)
	}
	return a, nil
}

// numpyHeader is what numpy.save writes, without padding.
var numpyHeader = regexp.MustCompile(
	`^\{'descr': '[<>|][a-zA-Z][0-9]+', 'fortran_order': (True|False), 'shape': \(([0-9]+,|[0-9]+(, [0-9]+)+)?\), \} *\n$`)

// readHeader reads everything before the elements, in bytes as stored.
func readHeader(r io.Reader) ([]byte, error) {
	head := make([]byte, 10, 12)
	if _, err := io.ReadFull(r, head); err != nil {
		return nil, fmt.Errorf("truncated in the first 10 bytes of a .npy array")
	}
	if !bytes.Equal(head[:6], npy.Magic[:]) {
		return nil, fmt.Errorf("starts with % x; need a .npy array, % x", head[:6], npy.Magic)
	}
	length := int64(binary.LittleEndian.Uint16(head[8:]))
	switch head[6] {
	case 1:
	case 2:
		head = head[:12]
		if _, err := io.ReadFull(r, head[10:]); err != nil {
			return nil, fmt.Errorf("truncated in the first 12 bytes of a .npy array")
		}
		length = int64(binary.LittleEndian.Uint32(head[8:]))
	default:
		return nil, fmt.Errorf(".npy format %d.%d; need 1.0 or 2.0, as numpy.save writes", head[6], head[7])
	}
	if length > maxHeader {
		return nil, fmt.Errorf("a .npy header of %d bytes; the most that is read is %d", length, maxHeader)
	}
	text := make([]byte, length)
	if n, err := io.ReadFull(r, text); err != nil {
		return nil, fmt.Errorf("truncated: got %d of %d bytes of the .npy header", n, length)
	}
	if !numpyHeader.Match(text) {
		return nil, fmt.Errorf("the .npy header is not as numpy.save writes it: %.120q", text)
	}
	return append(head, text...), nil
}

// wholeReader never reads less than was asked without saying so.
type wholeReader struct{ r io.Reader }

func (w wholeReader) Read(p []byte) (int, error) {
	n, err := io.ReadFull(w.r, p)
	if err == io.EOF && len(p) > 0 {
		err = io.ErrUnexpectedEOF
	}
	return n, err
}
