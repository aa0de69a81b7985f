package graph

import (
	"encoding/binary"
	"fmt"
	"math"
	"slices"

	"google.golang.org/protobuf/encoding/protowire"
)

// Float64s gives the elements of a FLOAT, DOUBLE, FLOAT16 or BFLOAT16 tensor, all
// of which float64 holds exactly. Another type, or data that does not fit Dims, is
// an error that names the tensor. This and the like give a copy.
func (t *Tensor) Float64s() ([]float64, error) {
	raw, err := t.elementsOf(floats)
	if err != nil {
		return nil, err
	}
	switch t.Type {
	case Float:
		return each(raw, 4, func(b []byte) float64 { return float64(float32At(b)) }), nil
	case Double:
		return each(raw, 8, float64At), nil
	case Float16:
		return each(raw, 2, func(b []byte) float64 { return float64(halfAt(b)) }), nil
	}
	return each(raw, 2, func(b []byte) float64 { return float64(bfloatAt(b)) }), nil
}

// Float32s is Float64s in single precision: DOUBLE is rounded to the nearest
// float32, to ±Inf beyond its range, as ONNX's Cast does.
func (t *Tensor) Float32s() ([]float32, error) {
	raw, err := t.elementsOf(floats)
	if err != nil {
		return nil, err
	}
	switch t.Type {
	case Float:
		return each(raw, 4, float32At), nil
	case Double:
		return each(raw, 8, func(b []byte) float32 { return float32(float64At(b)) }), nil
	case Float16:
		return each(raw, 2, halfAt), nil
	}
	return each(raw, 2, bfloatAt), nil
}

// CopyFloat32s is Float32s into memory that is there: dst must have as many elements.
func (t *Tensor) CopyFloat32s(dst []float32) error {
	if n, err := t.Len(); err != nil || n != len(dst) {
		return t.errorf("dims %v do not fit %d values (%v)", t.Dims, len(dst), err)
	}
	if t.Type != Float {
		v, err := t.Float32s()
		copy(dst, v)
		return err
	}
	raw, err := t.elementsOf(floats)
	if err != nil {
		return err
	}
	for i := range dst {
		dst[i] = float32At(raw[4*i:])
	}
	return nil
}

// Int64s gives the elements of a tensor of any integer type of 8 bits or more, or
// BOOL (0 and 1). A UINT64 above the range of int64 is an error: Uint64s reads it.
func (t *Tensor) Int64s() ([]int64, error) {
	raw, err := t.elementsOf(signed, unsigned, bools)
	if err != nil {
		return nil, err
	}
	switch t.Type {
	case Int8:
		return each(raw, 1, func(b []byte) int64 { return int64(int8(b[0])) }), nil
	case Int16:
		return each(raw, 2, func(b []byte) int64 { return int64(int16(binary.LittleEndian.Uint16(b))) }), nil
	case Int32:
		return each(raw, 4, func(b []byte) int64 { return int64(int32(binary.LittleEndian.Uint32(b))) }), nil
	case Uint16:
		return each(raw, 2, func(b []byte) int64 { return int64(binary.LittleEndian.Uint16(b)) }), nil
	case Uint32:
		return each(raw, 4, func(b []byte) int64 { return int64(binary.LittleEndian.Uint32(b)) }), nil
	case Int64, Uint64:
		values := each(raw, 8, func(b []byte) int64 { return int64(binary.LittleEndian.Uint64(b)) })
		if i := slices.IndexFunc(values, func(v int64) bool { return v < 0 }); i >= 0 && t.Type == Uint64 {
			return nil, t.errorf("element %d, %d, is outside the range of int64", i, uint64(values[i]))
		}
		return values, nil
	}
	return each(raw, 1, func(b []byte) int64 { return int64(b[0]) }), nil // Uint8, Bool
}

// Uint64s gives the elements of a UINT8, UINT16, UINT32 or UINT64 tensor.
func (t *Tensor) Uint64s() ([]uint64, error) {
	raw, err := t.elementsOf(unsigned)
	if err != nil {
		return nil, err
	}
	switch t.Type {
	case Uint16:
		return each(raw, 2, func(b []byte) uint64 { return uint64(binary.LittleEndian.Uint16(b)) }), nil
	case Uint32:
		return each(raw, 4, func(b []byte) uint64 { return uint64(binary.LittleEndian.Uint32(b)) }), nil
	case Uint64:
		return each(raw, 8, binary.LittleEndian.Uint64), nil
	}
	return each(raw, 1, func(b []byte) uint64 { return uint64(b[0]) }), nil
}

// Bools gives the elements of a BOOL tensor.
func (t *Tensor) Bools() ([]bool, error) {
	raw, err := t.elementsOf(bools)
	if err != nil {
		return nil, err
	}
	return each(raw, 1, func(b []byte) bool { return b[0] != 0 }), nil
}

func (t *Tensor) errorf(format string, args ...any) error {
	return fmt.Errorf("tensor %q: %w", t.Name, fmt.Errorf(format, args...))
}

// each converts elements of size bytes.
func each[T any](raw []byte, size int, at func([]byte) T) []T {
	values := make([]T, len(raw)/size)
	for i := range values {
		values[i] = at(raw[i*size:])
	}
	return values
}

func float32At(b []byte) float32 { return math.Float32frombits(binary.LittleEndian.Uint32(b)) }
func float64At(b []byte) float64 { return math.Float64frombits(binary.LittleEndian.Uint64(b)) }
func halfAt(b []byte) float32    { return fromHalf(binary.LittleEndian.Uint16(b)) }
func bfloatAt(b []byte) float32  { return fromBFloat(binary.LittleEndian.Uint16(b)) }

// elementsOf gives the elements of t as in raw_data, as many as Dims say, if its
// type is of one of the classes.
func (t *Tensor) elementsOf(allowed ...class) ([]byte, error) {
	if err := t.Type.mustBe(allowed...); err != nil {
		return nil, t.errorf("%w", err)
	}
	n, err := t.elements()
	if err != nil {
		return nil, t.errorf("%w", err)
	}
	raw := t.Raw
	if len(t.packed) > 0 && len(t.Raw) == 0 {
		if raw, err = t.unpack(n); err != nil {
			return nil, t.errorf("%w", err)
		}
	}
	if need := t.Type.rawSize(n); int64(len(raw)) != need {
		return nil, t.errorf("dims %v of %s need %d bytes, but there are %d", t.Dims, t.Type, need, len(raw))
	}
	if t.Type == Bool {
		for i, b := range raw {
			if b > 1 {
				return nil, t.errorf("element %d, %d, is outside the range of BOOL", i, b)
			}
		}
	}
	return raw, nil
}

// unpack turns the n varints of int32_data, int64_data or uint64_data into
// elements of raw_data.
func (t *Tensor) unpack(n int64) ([]byte, error) {
	got := int64(0)
	for _, b := range t.packed {
		if b < 0x80 { // the last byte of a varint
			got++
		}
	}
	if got != n {
		return nil, fmt.Errorf("dims %v need %d elements of %s, but there are %d", t.Dims, n, t.Type, got)
	}
	raw := make([]byte, 0, t.Type.rawSize(n))
	b := t.packed
	for i := 0; len(b) > 0; i++ {
		u, size := protowire.ConsumeVarint(b)
		v := int64(u)
		if dataTypes[t.Type].field == tensorInt32Data {
			v = int64(int32(u)) // what protobuf makes of an int32 on the wire
		}
		if !t.Type.holds(v) {
			return nil, fmt.Errorf("element %d, %d, is outside the range of %s", i, v, t.Type)
		}
		raw = t.Type.appendBits(raw, uint64(v))
		b = b[size:]
	}
	return raw, nil
}
