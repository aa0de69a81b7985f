package data

import (
	"encoding/binary"
	"fmt"
	"io"
	"strings"
)

// WriteNPY writes an array as a .npy file (format 1.0), in C order and little-endian. int64
// stands for all integers but bytes.
func WriteNPY(w io.Writer, a *Array) error {
	var descr string
	var values any
	switch {
	case a.Float32 != nil:
		descr, values = "<f4", a.Float32
	case a.Float64 != nil:
		descr, values = "<f8", a.Float64
	case a.Uint8 != nil:
		descr, values = "|u1", a.Uint8
	case a.Int64 != nil:
		descr, values = "<i8", a.Int64
	default:
		return fmt.Errorf("an array of shape %v without elements cannot be written", a.Shape)
	}
	dims := make([]string, len(a.Shape))
	for i, d := range a.Shape {
		dims[i] = fmt.Sprintf("%d,", d)
	}
	shape := strings.Join(dims, " ")
	if len(dims) > 1 {
		shape = strings.TrimSuffix(shape, ",")
	}
	header := fmt.Sprintf("{'descr': '%s', 'fortran_order': False, 'shape': (%s), }", descr, shape)
	// The header ends in a newline at a multiple of 64 bytes.
	const before = len(npyMagic) + 4
	header += strings.Repeat(" ", (64-(before+len(header)+1)%64)%64) + "\n"
	b := append([]byte(npyMagic), 1, 0)
	b = append(binary.LittleEndian.AppendUint16(b, uint16(len(header))), header...)
	if _, err := w.Write(b); err != nil {
		return err
	}
	return binary.Write(w, binary.LittleEndian, values)
}
