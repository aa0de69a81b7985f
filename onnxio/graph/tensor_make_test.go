package graph

import (
	"encoding/binary"
	"math"
	"slices"
	"testing"
)

func TestConstructorsKeepValuesAndTheirOwnDims(t *testing.T) {
	dims := []int64{2, 1}
	f, i := Float32Tensor("f", dims, []float32{1, -2}), Int64Tensor("i", dims, []int64{3, -4})
	dims[0] = 9
	floats, err1 := f.Float32s()
	ints, err2 := i.Int64s()
	n, err3 := f.Len()
	if err1 != nil || err2 != nil || err3 != nil || n != 2 ||
		!slices.Equal(floats, []float32{1, -2}) || !slices.Equal(ints, []int64{3, -4}) {
		t.Errorf("got %v %v %v, %v %v %v", floats, ints, n, err1, err2, err3)
	}
}

func TestFromValuesRefuse(t *testing.T) {
	one, two := []int64{1}, []int64{2}
	tests := []struct {
		name string
		make func() (*Tensor, error)
		want string
	}{
		{"too few", func() (*Tensor, error) { return FromFloat64s("w", Float, two, []float64{1}) }, "dims [2] need 2 elements of FLOAT, but there are 1"},
		{"too many for a scalar", func() (*Tensor, error) { return FromBools("w", nil, []bool{true, true}) }, "dims [] need 1 elements of BOOL, but there are 2"},
		{"negative dims", func() (*Tensor, error) { return FromInt64s("w", Int64, []int64{-1}, nil) }, "dims [-1] hold a negative size"},
		{"floats of INT8", func() (*Tensor, error) { return FromFloat64s("w", Int8, one, []float64{1}) }, "its type is INT8, it must be FLOAT, "},
		{"float8", func() (*Tensor, error) { return FromFloat64s("w", Float8E5M2, one, []float64{1}) }, "its type is FLOAT8E5M2, whose values are not read"},
		{"integers of FLOAT", func() (*Tensor, error) { return FromInt64s("w", Float, one, []int64{1}) }, "its type is FLOAT, it must be UINT8, "},
		{"naturals of INT64", func() (*Tensor, error) { return FromUint64s("w", Int64, one, []uint64{1}) }, "its type is INT64, it must be UINT8, "},
		{"INT8", func() (*Tensor, error) { return FromInt64s("w", Int8, two, []int64{127, 128}) }, "element 1, 128, is outside the range of INT8"},
		{"UINT8", func() (*Tensor, error) { return FromInt64s("w", Uint8, two, []int64{255, -1}) }, "element 1, -1, is outside the range of UINT8"},
		{"UINT16", func() (*Tensor, error) { return FromUint64s("w", Uint16, one, []uint64{1 << 16}) }, "element 0, 65536, is outside the range of UINT16"},
		{"UINT32", func() (*Tensor, error) { return FromUint64s("w", Uint32, one, []uint64{math.MaxUint64}) }, "element 0, 18446744073709551615, is outside"},
		{"UINT64", func() (*Tensor, error) { return FromInt64s("w", Uint64, one, []int64{-1}) }, "element 0, -1, is outside the range of UINT64"},
		{"BOOL", func() (*Tensor, error) { return FromInt64s("w", Bool, one, []int64{2}) }, "element 0, 2, is outside the range of BOOL"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got, err := test.make()
			mustFail(t, got, err, `tensor "w": `+test.want)
		})
	}
}

// Every type's smallest and largest values, and a few between, survive.
func TestFromValuesGiveWhatWasPutIn(t *testing.T) {
	dims := []int64{3, 1}
	for _, typ := range []DataType{Int8, Int16, Int32, Int64} {
		edge := int64(1) << (dataTypes[typ].bits - 1)
		want := []int64{-edge, -1, edge - 1}
		w, err := FromInt64s("w", typ, dims, want)
		if err != nil {
			t.Fatal(err)
		}
		if got, err := w.Int64s(); err != nil || !slices.Equal(got, want) {
			t.Errorf("%s: got %v, %v, want %v", typ, got, err, want)
		}
	}
	for _, typ := range []DataType{Uint8, Uint16, Uint32, Uint64} {
		want := []uint64{0, 200, math.MaxUint64 >> (64 - dataTypes[typ].bits)}
		w, err := FromUint64s("w", typ, dims, want)
		if err != nil {
			t.Fatal(err)
		}
		if got, err := w.Uint64s(); err != nil || !slices.Equal(got, want) {
			t.Errorf("%s: got %v, %v, want %v", typ, got, err, want)
		}
	}
	truth := []bool{true, false, true}
	w, err := FromBools("w", dims, truth)
	if err != nil {
		t.Fatal(err)
	}
	if got, err := w.Bools(); err != nil || !slices.Equal(got, truth) {
		t.Errorf("BOOL: got %v, %v, want %v", got, err, truth)
	}
	if n, err := w.Len(); err != nil || n != 3 || w.Type != Bool || w.Name != "w" {
		t.Errorf("got %+v, %v", w, err)
	}
}

// All 65,536 numbers of both formats of 16 bits are read exactly, and written back
// to the same bits.
func TestFloatsOf16BitsSurvive(t *testing.T) {
	raw := make([]byte, 0, 1<<17)
	for i := range 1 << 16 {
		raw = binary.LittleEndian.AppendUint16(raw, uint16(i))
	}
	for _, typ := range []DataType{Float16, BFloat16} {
		v, err := (&Tensor{Type: typ, Dims: []int64{1 << 16}, Raw: raw}).Float64s()
		if err != nil {
			t.Fatal(err)
		}
		again, err := FromFloat64s("", typ, []int64{1 << 16}, v)
		if err != nil {
			t.Fatal(err)
		}
		for i, x := range v {
			bits := binary.LittleEndian.Uint16(again.Raw[2*i:])
			if bits != uint16(i) && x == x {
				t.Fatalf("%s %#04x is %v, which becomes %#04x", typ, i, x, bits)
			}
			if x != x && fromBits(typ, bits) == fromBits(typ, bits) {
				t.Fatalf("%s %#04x is NaN, which becomes %#04x", typ, i, bits)
			}
		}
	}
}

func fromBits(typ DataType, bits uint16) float32 {
	if typ == Float16 {
		return fromHalf(bits)
	}
	return fromBFloat(bits)
}

// Between two neighbours, the nearer one wins; in the middle, the even one. The
// numbers of a format have the order of their bits, so neighbours are easy to find.
func TestFloatsOf16BitsRoundToNearestEven(t *testing.T) {
	for typ, infinity := range map[DataType]uint16{Float16: 0x7c00, BFloat16: 0x7f80} {
		round := toHalf
		if typ == BFloat16 {
			round = toBFloat
		}
		for low := range infinity {
			a, b := float64(fromBits(typ, low)), float64(fromBits(typ, low+1))
			if low+1 == infinity {
				b = a + (a - float64(fromBits(typ, low-1))) // where the next number would be
			}
			middle := (a + b) / 2 // exact
			even := low + low&1
			for _, test := range []struct {
				v    float64
				want uint16
			}{{math.Nextafter(middle, 0), low}, {middle, even}, {math.Nextafter(middle, b), low + 1}} {
				if got := round(test.v); got != test.want {
					t.Fatalf("%s of %v is %#04x, want %#04x", typ, test.v, got, test.want)
				}
				if got := round(-test.v); got != test.want|0x8000 {
					t.Fatalf("%s of %v is %#04x, want %#04x", typ, -test.v, got, test.want|0x8000)
				}
			}
		}
	}
}

func TestFloatsBeyond16BitsBecomeInfinityOrZero(t *testing.T) {
	for _, v := range []float64{math.Inf(1), math.MaxFloat64, 1e300} {
		if toHalf(v) != 0x7c00 || toBFloat(-v) != 0xff80 {
			t.Errorf("%v is %#04x, %v is %#04x, want infinities", v, toHalf(v), -v, toBFloat(-v))
		}
	}
	for _, v := range []float64{0, math.SmallestNonzeroFloat64, 1e-310, 1e-300} {
		if toHalf(v) != 0 || toBFloat(math.Copysign(v, -1)) != 0x8000 {
			t.Errorf("±%v is %#04x and %#04x, want zeros", v, toHalf(v), toBFloat(math.Copysign(v, -1)))
		}
	}
}

// One rounding, not two: float32 of this would be a tie, which goes up.
func TestDoubleIsRoundedToHalfOnce(t *testing.T) {
	if got := toHalf(1 + 1.0/(1<<11) - 1.0/(1<<40)); got != 0x3c00 {
		t.Errorf("got %#04x, want 0x3c00", got)
	}
	if got := toHalf(1 + 3.0/(1<<11) - 1.0/(1<<40)); got != 0x3c01 {
		t.Errorf("got %#04x, want 0x3c01", got)
	}
}

func TestHalfKeepsTheSignOfZeroAndNaN(t *testing.T) {
	if v := fromHalf(0x8000); v != 0 || !math.Signbit(float64(v)) {
		t.Errorf("0x8000 is %v, want -0", v)
	}
	if v := fromHalf(0xfe01); v == v || math.Float32bits(v) != 0xffc02000 {
		t.Errorf("0xfe01 is %x, want the NaN ffc02000", math.Float32bits(v))
	}
}
