package graph

import (
	"fmt"

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

// dataTypes gives each type its ONNX name, the bits of an element in raw_data,
// and the TensorProto field that holds its elements when raw_data does not.
var dataTypes = [...]struct {
	name  string
	bits  int64
	field protowire.Number
}{
	Undefined:      {"UNDEFINED", 0, 0},
	Float:          {"FLOAT", 32, tensorFloatData},
	Uint8:          {"UINT8", 8, tensorInt32Data},
	Int8:           {"INT8", 8, tensorInt32Data},
	Uint16:         {"UINT16", 16, tensorInt32Data},
	Int16:          {"INT16", 16, tensorInt32Data},
	Int32:          {"INT32", 32, tensorInt32Data},
	Int64:          {"INT64", 64, tensorInt64Data},
	String:         {"STRING", 0, tensorStringData},
	Bool:           {"BOOL", 8, tensorInt32Data},
	Float16:        {"FLOAT16", 16, tensorInt32Data},
	Double:         {"DOUBLE", 64, tensorDoubleData},
	Uint32:         {"UINT32", 32, tensorUint64Data},
	Uint64:         {"UINT64", 64, tensorUint64Data},
	Complex64:      {"COMPLEX64", 64, tensorFloatData},
	Complex128:     {"COMPLEX128", 128, tensorDoubleData},
	BFloat16:       {"BFLOAT16", 16, tensorInt32Data},
	Float8E4M3FN:   {"FLOAT8E4M3FN", 8, tensorInt32Data},
	Float8E4M3FNUZ: {"FLOAT8E4M3FNUZ", 8, tensorInt32Data},
	Float8E5M2:     {"FLOAT8E5M2", 8, tensorInt32Data},
	Float8E5M2FNUZ: {"FLOAT8E5M2FNUZ", 8, tensorInt32Data},
	Uint4:          {"UINT4", 4, tensorInt32Data},
	Int4:           {"INT4", 4, tensorInt32Data},
	Float4E2M1:     {"FLOAT4E2M1", 4, tensorInt32Data},
	Float8E8M0:     {"FLOAT8E8M0", 8, tensorInt32Data},
	Uint2:          {"UINT2", 2, tensorInt32Data},
	Int2:           {"INT2", 2, tensorInt32Data},
	Float6E2M3:     {"FLOAT6E2M3", 6, tensorInt32Data},
	Float6E3M2:     {"FLOAT6E3M2", 6, tensorInt32Data},
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
