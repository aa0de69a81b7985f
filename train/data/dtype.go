package data

import (
	"encoding/binary"
	"fmt"
	"io"
	"math"
	"strings"
)

// readTypes are the element types that are read, in words.
const readTypes = "bool, integers, float16, float32 or float64"

// dtype says how elements of one type are read.
type dtype struct {
	width int64 // bytes of an element in the file
	kept  int64 // and in an Array
	as    dtypeKind
	into  func(*Array, elements) error
}

// dtypeKind says which slices of an Array keep elements.
type dtypeKind int

const (
	asFloats   dtypeKind = iota // Float32 or Float64
	asBytes                     // Uint8
	asIntegers                  // Int64
)

// dtypes are the element types that are read, by NumPy's name without the byte
// order.
var dtypes = map[string]dtype{
	"f2": {2, 4, asFloats, floats(2, func(o binary.ByteOrder, b []byte) float32 { return half(o.Uint16(b)) })},
	"f4": {4, 4, asFloats, floats(4, func(o binary.ByteOrder, b []byte) float32 { return math.Float32frombits(o.Uint32(b)) })},
	"f8": {8, 8, asFloats, func(a *Array, e elements) (err error) {
		a.Float64, err = readElements(e, 8, func(b []byte) float64 { return math.Float64frombits(e.order.Uint64(b)) })
		return err
	}},
	// ml_dtypes registers bfloat16 with NumPy; its bits are the upper ones of float32.
	"bfloat16": {2, 4, asFloats, floats(2, func(o binary.ByteOrder, b []byte) float32 { return math.Float32frombits(uint32(o.Uint16(b)) << 16) })},
	"b1":       {1, 8, asIntegers, integers(1, func(_ binary.ByteOrder, b []byte) int64 { return int64(min(b[0], 1)) })},
	"i1":       {1, 8, asIntegers, integers(1, func(_ binary.ByteOrder, b []byte) int64 { return int64(int8(b[0])) })},
	"i2":       {2, 8, asIntegers, integers(2, func(o binary.ByteOrder, b []byte) int64 { return int64(int16(o.Uint16(b))) })},
	"i4":       {4, 8, asIntegers, integers(4, func(o binary.ByteOrder, b []byte) int64 { return int64(int32(o.Uint32(b))) })},
	"i8":       {8, 8, asIntegers, integers(8, func(o binary.ByteOrder, b []byte) int64 { return int64(o.Uint64(b)) })},
	"u1": {1, 1, asBytes, func(a *Array, e elements) error {
		a.Uint8 = make([]byte, e.n)
		return e.fill(a.Uint8)
	}},
	"u2": {2, 8, asIntegers, integers(2, func(o binary.ByteOrder, b []byte) int64 { return int64(o.Uint16(b)) })},
	"u4": {4, 8, asIntegers, integers(4, func(o binary.ByteOrder, b []byte) int64 { return int64(o.Uint32(b)) })},
	"u8": {8, 8, asIntegers, unsigned},
}

// otherNames are more of NumPy's names, which other writers use in headers.
var otherNames = map[string]string{
	"?": "b1", "bool": "b1", "b": "i1", "int8": "i1", "B": "u1", "uint8": "u1", "h": "i2", "int16": "i2", "H": "u2", "uint16": "u2",
	"i": "i4", "int32": "i4", "I": "u4", "uint32": "u4", "q": "i8", "int64": "i8", "Q": "u8", "uint64": "u8",
	"l": "i8", "int": "i8", "e": "f2", "float16": "f2", "half": "f2", "f": "f4", "float32": "f4", "single": "f4",
	"d": "f8", "float64": "f8", "double": "f8", "float": "f8",
}

// typeOf is the element type and the byte order of a header's descr. Without a byte
// order elements are little-endian, as on all machines that NumPy is common on.
func typeOf(descr string) (dtype, binary.ByteOrder, error) {
	var order binary.ByteOrder = binary.LittleEndian
	name := descr
	if name != "" && strings.Contains("<>=|", name[:1]) {
		if name[0] == '>' {
			order = binary.BigEndian
		}
		name = name[1:]
	}
	if other, ok := otherNames[name]; ok {
		name = other
	}
	if t, ok := dtypes[name]; ok {
		return t, order, nil
	}
	hint := ""
	switch {
	case strings.HasPrefix(name, "V"):
		hint = "; NumPy writes bfloat16 and float8 so, without saying which: save x.astype(numpy.float32)"
	case strings.HasPrefix(name, "c"), strings.HasPrefix(name, "F"), strings.HasPrefix(name, "D"):
		hint = "; complex numbers are not read"
	}
	return dtype{}, nil, fmt.Errorf("elements of type %.40q; need %s%s", descr, readTypes, hint)
}

// elements are the n elements that a reader has next.
type elements struct {
	r     io.Reader
	n     int
	first int // the number of the first in its array
	order binary.ByteOrder
}

// fill reads bytes of elements.
func (e elements) fill(b []byte) error {
	if _, err := io.ReadFull(e.r, b); err != nil {
		return fmt.Errorf("damaged or truncated: cannot read the elements: %w", err)
	}
	return nil
}

// readElements reads all elements, of width bytes each, in the order of the file.
func readElements[T any](e elements, width int, decode func([]byte) T) ([]T, error) {
	v := make([]T, 0, e.n)
	buf := make([]byte, min(e.n, pieceLen)*width)
	for len(v) < e.n {
		part := buf[:min(len(buf), (e.n-len(v))*width)]
		if err := e.fill(part); err != nil {
			return nil, err
		}
		for ; len(part) > 0; part = part[width:] {
			v = append(v, decode(part))
		}
	}
	return v, nil
}

func floats(width int, decode func(binary.ByteOrder, []byte) float32) func(*Array, elements) error {
	return func(a *Array, e elements) (err error) {
		a.Float32, err = readElements(e, width, func(b []byte) float32 { return decode(e.order, b) })
		return err
	}
}

func integers(width int, decode func(binary.ByteOrder, []byte) int64) func(*Array, elements) error {
	return func(a *Array, e elements) (err error) {
		a.Int64, err = readElements(e, width, func(b []byte) int64 { return decode(e.order, b) })
		return err
	}
}

func unsigned(a *Array, e elements) error {
	raw, err := readElements(e, 8, func(b []byte) int64 { return int64(e.order.Uint64(b)) })
	if err != nil {
		return err
	}
	for i, v := range raw {
		if v < 0 {
			return fmt.Errorf("integer %d of element %d is above 2⁶³−1, the most that is read", uint64(v), e.first+i)
		}
	}
	a.Int64 = raw
	return nil
}

// half is the value of an IEEE 754 half-precision number, exact in float32: a sign, 5
// bits of exponent and 10 of fraction.
func half(h uint16) float32 {
	sign, exponent, fraction := uint32(h>>15)<<31, uint32(h>>10&31), uint32(h&1023)
	switch exponent {
	case 0: // zero or below the normal numbers: fraction · 2⁻²⁴
		return math.Float32frombits(sign | math.Float32bits(float32(fraction)/(1<<24)))
	case 31: // infinity, NaN
		return math.Float32frombits(sign | 255<<23 | fraction<<13)
	}
	return math.Float32frombits(sign | (exponent+112)<<23 | fraction<<13)
}
