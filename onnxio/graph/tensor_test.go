package graph

import (
	"encoding/binary"
	"math"
	"reflect"
	"slices"
	"strings"
	"testing"

	"google.golang.org/protobuf/encoding/protowire"
)

// packedInts is the content of a packed field of integers.
func packedInts(values ...int64) string {
	var b []byte
	for _, v := range values {
		b = protowire.AppendVarint(b, uint64(v))
	}
	return string(b)
}

// tensorFile is a tensor file of one dimension of n elements.
func tensorFile(t DataType, n int64, field protowire.Number, data string) []byte {
	return msg(num(1, n), num(2, int64(t)), str(8, "t"), str(field, data))
}

func TestFloatsReadEveryFloatTypeFromEveryField(t *testing.T) {
	double := func(v ...float64) (s string) {
		for _, x := range v {
			s += string(binary.LittleEndian.AppendUint64(nil, math.Float64bits(x)))
		}
		return s
	}
	single := string(binary.LittleEndian.AppendUint32(nil, math.Float32bits(-1.5)))
	inf := float32(math.Inf(1))
	tests := []struct {
		name string
		file []byte
		want []float32
	}{
		{"FLOAT raw", tensorFile(Float, 1, 9, single), []float32{-1.5}},
		{"FLOAT typed", tensorFile(Float, 1, 4, single), []float32{-1.5}},
		{"FLOAT typed in two pieces", msg(tensorFile(Float, 2, 4, single), str(4, single)), []float32{-1.5, -1.5}},
		{"FLOAT none", tensorFile(Float, 0, 9, ""), []float32{}},
		{"DOUBLE raw", tensorFile(Double, 2, 9, double(0.1, -1e300)), []float32{0.1, -inf}},
		{"DOUBLE typed", tensorFile(Double, 2, 10, double(0.1, 1e300)), []float32{0.1, inf}},
		{"FLOAT16 raw", tensorFile(Float16, 4, 9, "\x00\x3c\x00\xc0\x01\x00\xff\x7b"), []float32{1, -2, 1.0 / (1 << 24), 65504}},
		{"FLOAT16 typed", tensorFile(Float16, 4, 5, packedInts(0x3c00, 0x7c00, 0xfc00, 0x0400)), []float32{1, inf, -inf, 1.0 / (1 << 14)}},
		{"BFLOAT16 raw", tensorFile(BFloat16, 2, 9, "\x80\x3f\x20\xc0"), []float32{1, -2.5}},
		{"BFLOAT16 typed", tensorFile(BFloat16, 1, 5, packedInts(0x3f80)), []float32{1}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			tensor, err := ReadTensor(test.file)
			if err != nil {
				t.Fatal(err)
			}
			got, err := tensor.Float32s()
			if err != nil || !slices.Equal(got, test.want) {
				t.Errorf("got %v, %v, want %v", got, err, test.want)
			}
			exact, err := tensor.Float64s()
			if err != nil || len(exact) != len(got) {
				t.Fatalf("got %v, %v in double precision", exact, err)
			}
			for i, v := range exact {
				if float32(v) != got[i] {
					t.Errorf("element %d is %v in double precision, want %v", i, v, got[i])
				}
			}
		})
	}
}

func TestDoubleAndUint64KeepEveryBit(t *testing.T) {
	v := []float64{0.1, math.MaxFloat64, math.SmallestNonzeroFloat64, math.Copysign(0, -1)}
	f, err := FromFloat64s("f", Double, []int64{4}, v)
	if err != nil {
		t.Fatal(err)
	}
	got, err := f.Float64s()
	if err != nil || !slices.Equal(got, v) || !math.Signbit(got[3]) {
		t.Errorf("got %v, %v, want %v", got, err, v)
	}
	for _, file := range [][]byte{tensorFile(Uint64, 1, 9, "\xff\xff\xff\xff\xff\xff\xff\xff"), tensorFile(Uint64, 1, 11, packedInts(-1))} {
		u, err := ReadTensor(file)
		if err != nil {
			t.Fatal(err)
		}
		if got, err := u.Uint64s(); err != nil || !slices.Equal(got, []uint64{math.MaxUint64}) {
			t.Errorf("got %v, %v, want 2⁶⁴−1", got, err)
		}
	}
}

func TestBoolsReadRawAndTyped(t *testing.T) {
	for _, file := range [][]byte{tensorFile(Bool, 3, 9, "\x00\x01\x01"), tensorFile(Bool, 3, 5, packedInts(0, 1, 1))} {
		b, err := ReadTensor(file)
		if err != nil {
			t.Fatal(err)
		}
		if got, err := b.Bools(); err != nil || !slices.Equal(got, []bool{false, true, true}) {
			t.Errorf("got %v, %v", got, err)
		}
	}
}

func TestIntegersReadEveryIntegerTypeFromEveryField(t *testing.T) {
	tests := []struct {
		name string
		file []byte
		want []int64
	}{
		{"INT8 raw", tensorFile(Int8, 2, 9, "\xff\x7f"), []int64{-1, 127}},
		{"INT8 typed", tensorFile(Int8, 2, 5, packedInts(-1, 127)), []int64{-1, 127}},
		{"UINT8 raw", tensorFile(Uint8, 1, 9, "\xff"), []int64{255}},
		{"UINT8 typed", tensorFile(Uint8, 1, 5, packedInts(255)), []int64{255}},
		{"INT16 raw", tensorFile(Int16, 1, 9, "\xfe\xff"), []int64{-2}},
		{"UINT16 raw", tensorFile(Uint16, 1, 9, "\xfe\xff"), []int64{65534}},
		{"INT32 raw", tensorFile(Int32, 1, 9, "\xff\xff\xff\xff"), []int64{-1}},
		{"INT32 typed", tensorFile(Int32, 1, 5, packedInts(math.MinInt32)), []int64{math.MinInt32}},
		{"INT32 typed in 5 bytes", tensorFile(Int32, 1, 5, packedInts(0xffffffff)), []int64{-1}},
		{"INT32 typed, not packed", msg(num(1, 2), num(2, 6), num(5, 3), num(5, -4)), []int64{3, -4}},
		{"UINT32 raw", tensorFile(Uint32, 1, 9, "\xff\xff\xff\xff"), []int64{math.MaxUint32}},
		{"UINT32 typed", tensorFile(Uint32, 1, 11, packedInts(math.MaxUint32)), []int64{math.MaxUint32}},
		{"INT64 raw", tensorFile(Int64, 1, 9, "\xff\xff\xff\xff\xff\xff\xff\xff"), []int64{-1}},
		{"INT64 typed", tensorFile(Int64, 2, 7, packedInts(math.MinInt64, 300)), []int64{math.MinInt64, 300}},
		{"UINT64 typed", tensorFile(Uint64, 1, 11, packedInts(math.MaxInt64)), []int64{math.MaxInt64}},
		{"BOOL raw", tensorFile(Bool, 2, 9, "\x00\x01"), []int64{0, 1}},
		{"BOOL typed", tensorFile(Bool, 2, 5, packedInts(1, 0)), []int64{1, 0}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			tensor, err := ReadTensor(test.file)
			if err != nil {
				t.Fatal(err)
			}
			got, err := tensor.Int64s()
			if err != nil || !slices.Equal(got, test.want) {
				t.Errorf("got %v, %v, want %v", got, err, test.want)
			}
			if tensor.Type.class() != unsigned {
				return
			}
			natural, err := tensor.Uint64s()
			if err != nil || len(natural) != len(got) {
				t.Fatalf("got %v, %v without sign", natural, err)
			}
			for i, v := range natural {
				if v != uint64(got[i]) {
					t.Errorf("element %d is %d without sign, want %d", i, v, got[i])
				}
			}
		})
	}
}

func TestValuesThatCannotBeReadAreRefusedByName(t *testing.T) {
	floats := func(t *Tensor) (any, error) { v, err := t.Float32s(); return v, err }
	doubles := func(t *Tensor) (any, error) { v, err := t.Float64s(); return v, err }
	ints := func(t *Tensor) (any, error) { v, err := t.Int64s(); return v, err }
	naturals := func(t *Tensor) (any, error) { v, err := t.Uint64s(); return v, err }
	bits := func(t *Tensor) (any, error) { v, err := t.Bools(); return v, err }
	raw := func(t DataType, dims []int64, raw string) *Tensor {
		return &Tensor{Name: "w", Type: t, Dims: dims, Raw: []byte(raw)}
	}
	packed := func(t DataType, v ...int64) *Tensor {
		return &Tensor{Name: "w", Type: t, Dims: []int64{int64(len(v))}, packed: []byte(packedInts(v...))}
	}
	tests := []struct {
		name   string
		tensor *Tensor
		read   func(*Tensor) (any, error)
		want   string
	}{
		{"float8", raw(Float8E4M3FN, nil, "a"), floats, "its type is FLOAT8E4M3FN, whose values are not read"},
		{"float8 as doubles", raw(Float8E4M3FN, nil, "a"), doubles, "its type is FLOAT8E4M3FN, whose values are not read"},
		{"4-bit", raw(Int4, []int64{2}, "a"), ints, "its type is INT4, whose values are not read"},
		{"2-bit", raw(Uint2, []int64{2}, "a"), naturals, "its type is UINT2, whose values are not read"},
		{"complex", raw(Complex64, nil, "abcdefgh"), floats, "its type is COMPLEX64, whose values are not read"},
		{"strings", &Tensor{Name: "w", Type: String, Strings: []string{"a"}, Dims: []int64{1}}, ints, "its type is STRING, whose values are not read"},
		{"integers as floats", raw(Int32, nil, "abcd"), floats, "its type is INT32, it must be FLOAT, FLOAT16, DOUBLE, BFLOAT16"},
		{"floats as integers", raw(Float, nil, "abcd"), ints, "its type is FLOAT, it must be UINT8, INT8, UINT16, INT16, INT32, INT64, BOOL, UINT32, UINT64"},
		{"with a sign as without", raw(Int8, nil, "a"), naturals, "its type is INT8, it must be UINT8, UINT16, UINT32, UINT64"},
		{"numbers as truth", raw(Int8, nil, "a"), bits, "its type is INT8, it must be BOOL"},
		{"no type", raw(Undefined, nil, ""), floats, "its type is UNDEFINED"},
		{"type out of range", raw(DataType(-7), nil, ""), ints, "its type is DataType(-7)"},
		{"too few", raw(Float, []int64{2}, "abcd"), floats, "dims [2] of FLOAT need 8 bytes, but there are 4"},
		{"half an element", raw(Float, []int64{1}, "abcdef"), floats, "dims [1] of FLOAT need 4 bytes, but there are 6"},
		{"too few, packed", &Tensor{Name: "w", Type: Int8, Dims: []int64{3}, packed: []byte{1, 0x80, 1}}, ints, "dims [3] need 3 elements of INT8, but there are 2"},
		{"negative dims", raw(Float, []int64{-1}, ""), floats, "dims [-1] hold a negative size"},
		{"INT8 beyond its range", packed(Int8, 1, 128), ints, "element 1, 128, is outside the range of INT8"},
		{"FLOAT16 bits beyond 16", packed(Float16, 1<<16), floats, "element 0, 65536, is outside the range of FLOAT16"},
		{"UINT64 beyond int64", packed(Uint64, -1), ints, "element 0, 18446744073709551615, is outside the range of int64"},
		{"BOOL that is 2, packed", packed(Bool, 2), bits, "element 0, 2, is outside the range of BOOL"},
		{"BOOL that is 2", raw(Bool, nil, "\x02"), ints, "element 0, 2, is outside the range of BOOL"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			v, err := test.read(test.tensor)
			if err == nil || !strings.Contains(err.Error(), `tensor "w": `+test.want) {
				t.Errorf("error is %v, want %q in it", err, test.want)
			}
			if !reflect.ValueOf(v).IsNil() {
				t.Errorf("both the value %v and an error", v)
			}
		})
	}
}

// Packed sizes from ONNX's description of raw_data and int32_data.
func TestSmallTypesArePackedAsONNXSays(t *testing.T) {
	tests := []struct {
		typ        DataType
		raw, typed int64 // for 5 elements
	}{{Uint4, 3, 3}, {Float4E2M1, 3, 3}, {Int2, 2, 2}, {Float6E2M3, 4, 5}, {Float8E5M2, 5, 5}, {Complex128, 80, 5}}
	for _, test := range tests {
		if raw, typed := test.typ.rawSize(5), test.typ.typedCount(5); raw != test.raw || typed != test.typed {
			t.Errorf("%s: %d bytes raw and %d entries, want %d and %d", test.typ, raw, typed, test.raw, test.typed)
		}
	}
}

// A model of 1 GiB must not take 1 GiB again: raw data is part of the file.
func TestRawDataIsNotCopied(t *testing.T) {
	m := tiny(func(m *Model) {
		m.Graph.Initializers = []*Tensor{Float32Tensor("w", []int64{1 << 16}, make([]float32, 1<<16))}
	})
	b := m.Bytes()
	got, err := Read(b)
	if err != nil {
		t.Fatal(err)
	}
	raw := got.Graph.Initializers[0].Raw
	if cap(raw) != len(raw) {
		t.Errorf("raw data has %d bytes of room beyond its end: appending would write into the file", cap(raw)-len(raw))
	}
	took := allocated(func() { _, err = Read(b) })
	if limit := uint64(64 << 10); err != nil || took > limit {
		t.Errorf("reading %d bytes took %d bytes of memory, want at most %d", len(b), took, limit)
	}
}
