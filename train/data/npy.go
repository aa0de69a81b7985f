package data

import (
	"bufio"
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

// decodeNPY reads an array that takes exactly size bytes of r. What the header
// declares is held against the size before memory is taken.
func decodeNPY(r io.Reader, size int64) (*Array, error) {
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
	a := &Array{Shape: head.shape}
	if err := t.into(a, elements{buffered, int(n), order}); err != nil {
		return nil, err
	}
	if head.fortran {
		a.Float32 = rowMajor(a.Float32, head.shape)
		a.Float64 = rowMajor(a.Float64, head.shape)
		a.Uint8 = rowMajor(a.Uint8, head.shape)
		a.Int64 = rowMajor(a.Int64, head.shape)
	}
	return a, nil
}
