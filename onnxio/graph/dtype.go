package graph

import (
	"encoding/binary"
	"fmt"
	"slices"
	"strings"

	"google.golang.org/protobuf/encoding/protowire"
)

// DataType is the element type of a tensor, with ONNX's numbers
// (TensorProto.DataType).
type DataType int32

// The element types of ONNX IR 14. Undefined stands for a type that is not given.
const (
	Undefined DataType = iota
	Float
	Uint8
	Int8
	Uint16
	Int16
	Int32
	Int64
	String
	Bool
	Float16
	Double
	Uint32
	Uint64
	Complex64
	Complex128
	BFloat16
	Float8E4M3FN
	Float8E4M3FNUZ
	Float8E5M2
	Float8E5M2FNUZ
	Uint4
	Int4
	Float4E2M1
	Float8E8M0
	Uint2
	Int2
	Float6E2M3
	Float6E3M2
)

// class says which Go numbers the elements of a type are read as.
type class uint8

const (
	unread class = iota // strings, complex numbers, anything below 16 bits with a fraction, below 8 without
	floats
	signed
	unsigned
	bools
)

// dataTypes gives each type its ONNX name, the bits of an element in raw_data, the
// TensorProto field that holds its elements when raw_data does not, and its class.
var dataTypes = [...]struct {
	name  string
	bits  int64
	field protowire.Number
	class class
}{
	Undefined:      {"UNDEFINED", 0, 0, unread},
	Float:          {"FLOAT", 32, tensorFloatData, floats},
	Uint8:          {"UINT8", 8, tensorInt32Data, unsigned},
	Int8:           {"INT8", 8, tensorInt32Data, signed},
	Uint16:         {"UINT16", 16, tensorInt32Data, unsigned},
	Int16:          {"INT16", 16, tensorInt32Data, signed},
	Int32:          {"INT32", 32, tensorInt32Data, signed},
	Int64:          {"INT64", 64, tensorInt64Data, signed},
	String:         {"STRING", 0, tensorStringData, unread},
	Bool:           {"BOOL", 8, tensorInt32Data, bools},
	Float16:        {"FLOAT16", 16, tensorInt32Data, floats},
	Double:         {"DOUBLE", 64, tensorDoubleData, floats},
	Uint32:         {"UINT32", 32, tensorUint64Data, unsigned},
	Uint64:         {"UINT64", 64, tensorUint64Data, unsigned},
	Complex64:      {"COMPLEX64", 64, tensorFloatData, unread},
	Complex128:     {"COMPLEX128", 128, tensorDoubleData, unread},
	BFloat16:       {"BFLOAT16", 16, tensorInt32Data, floats},
	Float8E4M3FN:   {"FLOAT8E4M3FN", 8, tensorInt32Data, unread},
	Float8E4M3FNUZ: {"FLOAT8E4M3FNUZ", 8, tensorInt32Data, unread},
	Float8E5M2:     {"FLOAT8E5M2", 8, tensorInt32Data, unread},
	Float8E5M2FNUZ: {"FLOAT8E5M2FNUZ", 8, tensorInt32Data, unread},
	Uint4:          {"UINT4", 4, tensorInt32Data, unread},
	Int4:           {"INT4", 4, tensorInt32Data, unread},
	Float4E2M1:     {"FLOAT4E2M1", 4, tensorInt32Data, unread},
	Float8E8M0:     {"FLOAT8E8M0", 8, tensorInt32Data, unread},
	Uint2:          {"UINT2", 2, tensorInt32Data, unread},
	Int2:           {"INT2", 2, tensorInt32Data, unread},
	Float6E2M3:     {"FLOAT6E2M3", 6, tensorInt32Data, unread},
	Float6E3M2:     {"FLOAT6E3M2", 6, tensorInt32Data, unread},
}

// String is the type's name in ONNX, such as FLOAT or INT64.
func (t DataType) String() string {
	if !t.known() {
		return fmt.Sprintf("DataType(%d)", int32(t))
	}
	return dataTypes[t].name
}

// known reports whether t is one of ONNX's types; Undefined is.
func (t DataType) known() bool { return t >= 0 && int(t) < len(dataTypes) }

func (t DataType) class() class {
	if !t.known() {
		return unread
	}
	return dataTypes[t].class
}

// mustBe is an error unless t is of one of the classes.
func (t DataType) mustBe(allowed ...class) error {
	switch {
	case slices.Contains(allowed, t.class()):
		return nil
	case t.class() == unread:
		return fmt.Errorf("its type is %s, whose values are not read", t)
	}
	var names []string
	for typ := range DataType(len(dataTypes)) {
		if slices.Contains(allowed, typ.class()) {
			names = append(names, typ.String())
		}
	}
	return fmt.Errorf("its type is %s, it must be %s", t, strings.Join(names, ", "))
}

// holds reports whether an element of a readable type can be v: an integer, or the
// bits of a float. For UINT64, v is its bits.
func (t DataType) holds(v int64) bool {
	bits := dataTypes[t].bits
	switch {
	case t == Bool:
		return v == 0 || v == 1
	case bits == 64:
		return true
	case t.class() == signed:
		return v >= -1<<(bits-1) && v < 1<<(bits-1)
	}
	return v >= 0 && v < 1<<bits
}

// appendBits appends an element of a readable type: the low bits of v,
// little-endian.
func (t DataType) appendBits(raw []byte, v uint64) []byte {
	switch dataTypes[t].bits {
	case 8:
		return append(raw, byte(v))
	case 16:
		return binary.LittleEndian.AppendUint16(raw, uint16(v))
	case 32:
		return binary.LittleEndian.AppendUint32(raw, uint32(v))
	}
	return binary.LittleEndian.AppendUint64(raw, v)
}

// rawSize is the number of bytes that n elements take in raw_data. Types of
// less than a byte are packed without gaps.
func (t DataType) rawSize(n int64) int64 { return (n*dataTypes[t].bits + 7) / 8 }

// typedCount is the number of entries that n elements take in the type's own
// field: an int32_data entry holds two 4-bit or four 2-bit elements, else one.
func (t DataType) typedCount(n int64) int64 {
	switch dataTypes[t].bits {
	case 4:
		return (n + 1) / 2
	case 2:
		return (n + 3) / 4
	}
	return n
}
