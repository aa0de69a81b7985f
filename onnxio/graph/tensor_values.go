package graph

import (
	"encoding/binary"
	"fmt"
	"iter"
	"math"

	"google.golang.org/protobuf/encoding/protowire"
)

// Float32s gives a copy of the elements of a FLOAT, DOUBLE, FLOAT16 or BFLOAT16
// tensor. DOUBLE is rounded to the nearest float32, to ±Inf beyond its range, as
// ONNX's Cast does. Another type, or data that does not fit Dims, is an error
// that names the tensor.
func (t *Tensor) Float32s() ([]float32, error) {
	var convert func(int64) float32
	switch t.Type {
	case Float:
		convert = func(v int64) float32 { return math.Float32frombits(uint32(v)) }
	case Double:
		convert = func(v int64) float32 { return float32(math.Float64frombits(uint64(v))) }
	case Float16:
		convert = func(v int64) float32 { return fromHalf(uint16(v)) }
	case BFloat16:
		convert = func(v int64) float32 { return math.Float32frombits(uint32(v) << 16) }
	default:
		return nil, t.errorf("its type is %s: values can be read of FLOAT, DOUBLE, FLOAT16 and BFLOAT16 as numbers with a fraction", t.Type)
	}
	return convertAll(t, convert)
}

// Int64s gives a copy of the elements of a tensor of any integer type of 8 bits
// or more, or BOOL (0 and 1). A UINT64 above the range of int64, another type, or
// data that does not fit Dims, is an error that names the tensor.
func (t *Tensor) Int64s() ([]int64, error) {
	switch t.Type {
	case Int8, Int16, Int32, Int64, Uint8, Uint16, Uint32, Uint64, Bool:
		return convertAll(t, func(v int64) int64 { return v })
	}
	return nil, t.errorf("its type is %s: values can be read of INT8 to INT64, UINT8 to UINT64 and BOOL as integers", t.Type)
}

func (t *Tensor) errorf(format string, args ...any) error {
	return fmt.Errorf("tensor %q: %w", t.Name, fmt.Errorf(format, args...))
}

func convertAll[T any](t *Tensor, convert func(int64) T) ([]T, error) {
	n, err := t.Len()
	if err != nil {
		return nil, t.errorf("%w", err)
	}
	if got, need := t.stored(), n; got != need {
		return nil, t.errorf("dims %v need %d elements of %s, but there are %d", t.Dims, need, t.Type, got)
	}
	values := make([]T, n)
	for i, v := range t.integers() {
		if !t.Type.holds(v) {
			return nil, t.errorf("element %d, %d, is outside the range of %s or of int64", i, v, t.Type)
		}
		values[i] = convert(v)
	}
	return values, nil
}

// stored is the number of elements that t has data for, −1 for a broken number.
func (t *Tensor) stored() int {
	size := int(dataTypes[t.Type].bits / 8)
	switch {
	case len(t.packed) > 0 && len(t.Raw) == 0:
		n := 0
		for _, b := range t.packed {
			if b < 0x80 { // the last byte of a varint
				n++
			}
		}
		return n
	case len(t.Raw)%size != 0:
		return -1
	}
	return len(t.Raw) / size
}

// integers walks the elements: integers as their value, floats as their bits.
func (t *Tensor) integers() iter.Seq2[int, int64] {
	if len(t.packed) > 0 && len(t.Raw) == 0 {
		return t.packedIntegers
	}
	return t.rawIntegers
}

func (t *Tensor) packedIntegers(yield func(int, int64) bool) {
	b := t.packed
	for i := 0; len(b) > 0; i++ {
		u, n := protowire.ConsumeVarint(b)
		v := int64(u)
		if dataTypes[t.Type].field == tensorInt32Data {
			v = int64(int32(u)) // what protobuf makes of an int32 on the wire
		}
		if !yield(i, v) {
			return
		}
		b = b[n:]
	}
}

func (t *Tensor) rawIntegers(yield func(int, int64) bool) {
	size := int(dataTypes[t.Type].bits / 8)
	for i := range len(t.Raw) / size {
		b := t.Raw[i*size:]
		var v int64
		switch t.Type {
		case Int8:
			v = int64(int8(b[0]))
		case Uint8, Bool:
			v = int64(b[0])
		case Int16:
			v = int64(int16(binary.LittleEndian.Uint16(b)))
		case Uint16, Float16, BFloat16:
			v = int64(binary.LittleEndian.Uint16(b))
		case Int32:
			v = int64(int32(binary.LittleEndian.Uint32(b)))
		case Uint32, Float:
			v = int64(binary.LittleEndian.Uint32(b))
		default: // Int64, Uint64, Double
			v = int64(binary.LittleEndian.Uint64(b))
		}
		if !yield(i, v) {
			return
		}
	}
}

// holds reports whether an element of type t can be v; v of a UINT64 above
// int64's range is negative.
func (t DataType) holds(v int64) bool {
	bits := dataTypes[t].bits
	switch t {
	case Bool:
		return v == 0 || v == 1
	case Int8, Int16, Int32:
		return v >= -1<<(bits-1) && v < 1<<(bits-1)
	case Uint8, Uint16, Uint32, Float16, BFloat16, Float:
		return v >= 0 && v < 1<<bits
	case Uint64:
		return v >= 0
	}
	return true // Int64, Double
}

// fromHalf converts IEEE 754 binary16 (1 sign, 5 exponent, 10 fraction bits).
func fromHalf(h uint16) float32 {
	sign := uint32(h>>15) << 31
	exponent, fraction := uint32(h>>10&0x1f), uint32(h&0x3ff)
	switch exponent {
	case 0: // zero or subnormal: fraction · 2⁻²⁴
		v := float32(fraction) * (1.0 / (1 << 24))
		return math.Float32frombits(sign | math.Float32bits(v))
	case 0x1f: // infinity or NaN
		return math.Float32frombits(sign | 0xff<<23 | fraction<<13)
	}
	return math.Float32frombits(sign | (exponent-15+127)<<23 | fraction<<13)
}
