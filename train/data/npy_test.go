package data

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"reflect"
	"runtime"
	"slices"
	"strings"
	"testing"
)

// npyOf is a .npy file of format 1.0 with a header as numpy.save writes it.
func npyOf(descr, fortran, shape string, elements []byte) []byte {
	return npyWith(fmt.Sprintf("{'descr': '%s', 'fortran_order': %s, 'shape': %s, }", descr, fortran, shape), elements)
}

func npyWith(header string, elements []byte) []byte {
	for (10+len(header)+1)%64 != 0 {
		header += " "
	}
	b := append([]byte("\x93NUMPY\x01\x00"), binary.LittleEndian.AppendUint16(nil, uint16(len(header)+1))...)
	return append(append(b, header+"\n"...), elements...)
}

func decode(b []byte) (*Array, error) { return decodeNPY(bytes.NewReader(b), int64(len(b))) }

// count is 0, 1, 2, … n−1.
func count[T float32 | float64 | int64](n int) []T {
	v := make([]T, n)
	for i := range v {
		v[i] = T(i)
	}
	return v
}

// testdata/numpy.py wrote the file.
func TestNPZReadsWhatNumPyWrites(t *testing.T) {
	want := map[string]*Array{
		"float32":             {Shape: []int{3}, Float32: []float32{0.1, -1.5, float32(math.Inf(1))}},
		"float64":             {Shape: []int{2}, Float64: []float64{0.1, 1e300}},
		"bool":                {Shape: []int{2}, Int64: []int64{1, 0}},
		"int8":                {Shape: []int{2}, Int64: []int64{-128, 127}},
		"int16":               {Shape: []int{2}, Int64: []int64{-32768, 32767}},
		"int32":               {Shape: []int{2}, Int64: []int64{math.MinInt32, math.MaxInt32}},
		"int64":               {Shape: []int{3}, Int64: []int64{math.MinInt64, math.MaxInt64, 120000}},
		"uint8":               {Shape: []int{2}, Uint8: []byte{0, 255}},
		"uint16":              {Shape: []int{2}, Int64: []int64{0, 65535}},
		"uint32":              {Shape: []int{2}, Int64: []int64{0, math.MaxUint32}},
		"uint64":              {Shape: []int{2}, Int64: []int64{0, math.MaxInt64}},
		"big_endian":          {Shape: []int{2}, Int64: []int64{1, -2}},
		"fortran":             {Shape: []int{2, 3, 4}, Float32: count[float32](24)},
		"scalar":              {Float64: []float64{0.25}},
		"empty":               {Shape: []int{0, 3}, Float32: []float32{}},
		"0/grad/conv1.weight": {Shape: []int{2, 2}, Float32: []float32{1, 2, 3, 4}},
	}
	got := must(ReadNPZ("testdata/numpy.npz"))(t)
	for name, w := range want {
		if !reflect.DeepEqual(got[name], w) {
			t.Errorf("%s: %+v, want %+v", name, got[name], w)
		}
	}
	if len(got) != len(want) {
		t.Errorf("%d arrays, want %d", len(got), len(want))
	}
}

func TestNPYReadsFortranOrderAndBigEndian(t *testing.T) {
	got := must(ReadNPY("testdata/fortran.npy"))(t)
	if want := (&Array{Shape: []int{2, 3, 4}, Float64: count[float64](24)}); !reflect.DeepEqual(got, want) {
		t.Errorf("%+v, want %+v", got, want)
	}
}

func TestNPYReadsFormat2(t *testing.T) {
	one := npyOf("<i8", "False", "(1,)", []byte{7, 0, 0, 0, 0, 0, 0, 0})
	two := slices.Concat([]byte("\x93NUMPY\x02\x00"), one[8:10], []byte{0, 0}, one[10:])
	if got := must(decode(two))(t); !slices.Equal(got.Int64, []int64{7}) {
		t.Errorf("%+v", got)
	}
}

func TestNPYRefusesBrokenFiles(t *testing.T) {
	four := []byte{0, 0, 128, 63}
	good := npyOf("<f4", "False", "(1,)", four)
	with := func(header string) []byte { return npyWith(header, four) }
	edit := func(at int, b byte) []byte { c := slices.Clone(good); c[at] = b; return c }
	for _, tt := range []struct {
		name string
		file []byte
		want string
	}{
		{"empty", nil, "truncated in the first 10 bytes"},
		{"not NumPy", []byte("PK\x03\x04 and the rest"), "need a .npy array"},
		{"format 4", edit(6, 4), ".npy format 4.0; need 1.0, 2.0 or 3.0"},
		{"format 1.1", edit(7, 1), ".npy format 1.1"},
		{"a header of 4 GB", append([]byte("\x93NUMPY\x02\x00"), 255, 255, 255, 255), "a .npy header of 4294967295 bytes"},
		{"half a header", good[:50], "truncated: got 40 of 118 bytes of the .npy header"},
		{"no header", append([]byte("\x93NUMPY\x01\x00\x00\x00"), four...), "no Python dict: ends early"},
		{"no dictionary", with("hello"), "no Python dict: neither a number nor text"},
		{"a tuple", with("('descr', '<f4')"), "has the keys []; need descr, fortran_order and shape"},
		{"a key missing", with("{'descr': '<f4', 'shape': (1,), }"), `has the keys ["descr" "shape"]`},
		{"a key too many", with("{'descr': '<f4', 'fortran_order': False, 'shape': (1,), 'x': 1}"), "need descr, fortran_order and shape"},
		{"text after the dict", with("{'descr': '<f4', 'fortran_order': False, 'shape': (1,), } x"), "after the end"},
		{"a brace before the keys", with("}{'descr': '<f4', 'fortran_order': False, 'shape': (1,), }"), "no Python dict"},
		{"a brace missing", with("{'descr': '<f4', 'fortran_order': False, 'shape': (1,), "), "no Python dict: ends early"},
		{"a comma missing", with("{'descr': '<f4' 'fortran_order': False, 'shape': (1,)}"), "no comma before"},
		{"no type", with("{'descr': '', 'fortran_order': False, 'shape': (1,), }"), `elements of type ""`},
		{"a record type", with("{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (1,), }"), "elements of a record type"},
		{"order neither True nor False", npyOf("<f4", "Maybe", "(1,)", four), "neither a number nor text"},
		{"order a number", npyOf("<f4", "0", "(1,)", four), `fortran_order "0"; need True or False`},
		{"a shape in brackets", npyOf("<f4", "False", "[1]", four), "need a tuple such as (2, 3)"},
		{"a shape without comma", npyOf("<f4", "False", "(1)", four), "need a tuple such as (2, 3)"},
		{"two commas", npyOf("<f4", "False", "(1,,)", four), "neither a number nor text"},
		{"an axis of text", npyOf("<f4", "False", "('1',)", four), "need whole numbers from 0"},
		{"an axis with a leading zero", npyOf("<f4", "False", "(01,)", four), "leading zero"},
		{"a negative axis", npyOf("<f4", "False", "(-1,)", four), "need whole numbers from 0"},
		{"an axis beyond 64 bits", npyOf("<f4", "False", "(99999999999999999999,)", four), "neither a number nor text"},
		{"brackets without end", with(strings.Repeat("(", 10_000)), "nested deeper than 16"},
		{"a product beyond 64 bits", npyOf("<f4", "False", "(4294967296, 4294967296, 4294967296)", four), "takes more than"},
		{"a product just over", npyOf("<f4", "False", "(268435457,)", four), "takes more than the 1073741824 bytes"},
		{"bytes kept as 64-bit integers", npyOf("|i1", "False", "(134217729,)", four), "takes more than the 1073741824 bytes"},
		{"the largest, of which 4 bytes are there", npyOf("<f4", "False", "(268435456,)", four), "got 4 bytes of elements, need 1073741824"},
		{"nine axes", npyOf("<f4", "False", "(1, 1, 1, 1, 1, 1, 1, 1, 1)", four), "9 axes"},
		{"elements missing", good[:len(good)-1], `got 3 bytes of elements, need 4 for shape (1) of "<f4"`},
		{"bytes too many", append(slices.Clone(good), 1), "got 5 bytes of elements, need 4"},
		{"bfloat16 without its name", npyOf("<V2", "False", "(2,)", four), "NumPy writes bfloat16 and float8 so, without saying which"},
		{"128 bits", npyOf("<f16", "False", "(2,)", four), `elements of type "<f16"; need bool, integers, float16`},
		{"complex", npyOf("<c8", "False", "(1,)", four), `elements of type "<c8"; need bool, integers, float16, float32 or float64; complex numbers are not read`},
		{"text", npyOf("<U1", "False", "(1,)", four), `elements of type "<U1"`},
		{"objects", npyOf("|O8", "False", "(1,)", four), `elements of type "|O8"`},
		{"uint64 above int64", npyOf("<u8", "False", "(1,)", bytes.Repeat([]byte{255}, 8)), "integer 18446744073709551615 of element 0"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			a, err := decode(tt.file)
			if a != nil {
				t.Error("an array beside an error")
			}
			wantError(t, err, tt.want)
		})
	}
}

func TestNPYNeverPanics(t *testing.T) {
	good, err := os.ReadFile("testdata/fortran.npy")
	if err != nil {
		t.Fatal(err)
	}
	for i := range good {
		if _, err := decode(good[:i]); err == nil {
			t.Errorf("a prefix of %d of %d bytes is accepted", i, len(good))
		}
		for bit := range 8 {
			changed := slices.Clone(good)
			changed[i] ^= 1 << bit
			if a, err := decode(changed); (a == nil) == (err == nil) {
				t.Errorf("byte %d, bit %d: array %v, error %v", i, bit, a, err)
			}
		}
	}
}

func TestArrayTensorRefusesIntegersThatFloat32CannotHold(t *testing.T) {
	for _, tt := range []struct {
		v     int64
		exact bool
	}{
		{0, true}, {-120000, true}, {1 << 24, true}, {1<<24 + 1, false}, {-(1<<24 + 1), false}, {1 << 60, true},
		{math.MinInt64, true}, {math.MaxInt64, false},
	} {
		got, err := (&Array{Shape: []int{1}, Int64: []int64{tt.v}}).Tensor()
		if !tt.exact {
			wantError(t, err, fmt.Sprint(tt.v), "read it as integers")
			continue
		}
		if err != nil || got.Data[0] != float32(tt.v) {
			t.Errorf("%d: %v %v", tt.v, got, err)
		}
	}
}

func TestArrayConversions(t *testing.T) {
	f32, f64 := &Array{Float32: []float32{0.5}}, &Array{Float64: []float64{0.1}}
	ints, bytes := &Array{Int64: []int64{3}}, &Array{Uint8: []byte{255}}
	for _, tt := range []struct {
		a    *Array
		want float64
	}{{f32, 0.5}, {f64, 0.1}, {ints, 3}, {bytes, 255}} {
		if got := tt.a.Float64s(); !slices.Equal(got, []float64{tt.want}) {
			t.Errorf("Float64s %v, want %v", got, tt.want)
		}
		if got := must(tt.a.Tensor())(t); got.Data[0] != float32(tt.want) {
			t.Errorf("Tensor %v, want %v", got, tt.want)
		}
	}
	if got := must(ints.Ints())(t); got[0] != 3 {
		t.Errorf("Ints %v", got)
	}
	if got := must(bytes.Ints())(t); got[0] != 255 {
		t.Errorf("Ints of bytes %v", got)
	}
	_, err := f32.Ints()
	wantError(t, err, "need integers")
}

func TestReadNPYNamesTheFile(t *testing.T) {
	dir := writeFiles(t, map[string][]byte{"a.npy": []byte("no")})
	for name, want := range map[string]string{"a.npy": "truncated", "absent.npy": "no such file"} {
		_, err := ReadNPY(filepath.Join(dir, name))
		if err == nil || !strings.Contains(err.Error(), filepath.Join(dir, name)) {
			t.Errorf("error %v does not name the file", err)
		}
		if runtime.GOOS != "windows" { // which words its errors otherwise
			wantError(t, err, want)
		}
	}
}
