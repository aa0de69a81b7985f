package data

import (
	"bufio"
	"encoding/binary"
	"fmt"
	"io"

	"github.com/gonn-toolkit/gonn/nn"
)

// ReadNPY reads one array from a .npy file (format 1.0, 2.0 or 3.0) of bool, any
// integer type, float16, bfloat16 if the header names it, float32 or float64, in
// either byte order and in C or Fortran order. Half precision is widened to float32,
// which is exact. The header may be spelled in any way that NumPy reads.
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

// decodeNPY reads an array that takes exactly size bytes of r.
func decodeNPY(r io.Reader, size int64) (*Array, error) {
	h, err := headNPY(r, size)
	if err != nil {
		return nil, err
	}
	return h.read()
}

// npyArray is an array whose header has been read, and whose elements come next.
type npyArray struct {
	*npyHeader
	dtype
	order binary.ByteOrder
	n     int
	r     io.Reader
}

// headNPY reads the header of an array that takes exactly size bytes of r, and holds what it
// declares against the size.
func headNPY(r io.Reader, size int64) (*npyArray, error) {
	buffered := bufio.NewReader(r)
	head, err := readHeader(buffered)
	if err != nil {
		return nil, err
	}
	t, order, err := typeOf(head.descr)
	if err != nil {
		return nil, err
	}
	n, ok := product(head.shape)
	if !ok || n*t.kept > MaxBytes {
		return nil, fmt.Errorf("shape %v of %q takes more than the %d bytes that are read", nn.Shape(head.shape), head.descr, MaxBytes)
	}
	if got, need := size-head.size, n*t.width; got != need {
		return nil, fmt.Errorf("got %d bytes of elements, need %d for shape %v of %q", got, need, nn.Shape(head.shape), head.descr)
	}
	return &npyArray{head, t, order, int(n), buffered}, nil
}

// read reads all elements.
func (h *npyArray) read() (*Array, error) {
	a := &Array{Shape: h.shape}
	if err := h.into(a, elements{h.r, h.n, 0, h.order}); err != nil {
		return nil, err
	}
	if h.fortran {
		a.Float32 = rowMajor(a.Float32, a.Shape)
		a.Float64 = rowMajor(a.Float64, a.Shape)
		a.Uint8 = rowMajor(a.Uint8, a.Shape)
		a.Int64 = rowMajor(a.Int64, a.Shape)
	}
	return a, nil
}

// pieces reads all elements a few at a time, keeping none, and has them checked in the order
// of the file, with the number of the first.
func (h *npyArray) pieces(check func(piece *Array, first int) error) error {
	for at := 0; at < h.n; at += pieceLen {
		var a Array
		if err := h.into(&a, elements{h.r, min(pieceLen, h.n-at), at, h.order}); err != nil {
			return err
		}
		if err := check(&a, at); err != nil {
			return err
		}
	}
	return nil
}

// pieceLen is the number of elements that are read at a time.
const pieceLen = 8 << 10
