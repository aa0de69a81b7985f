package data

import (
	"encoding/binary"
	"math"
	"reflect"
	"slices"
	"testing"
)

// What other writers make of a header, as NumPy 2.4 reads it.
func TestNPYReadsHeadersOfOtherWriters(t *testing.T) {
	elements := make([]byte, 0, 24)
	for _, v := range count[float32](6) {
		elements = binary.LittleEndian.AppendUint32(elements, math.Float32bits(v))
	}
	byRows := &Array{Shape: []int{2, 3}, Float32: []float32{0, 1, 2, 3, 4, 5}}
	byColumns := &Array{Shape: []int{2, 3}, Float32: []float32{0, 2, 4, 1, 3, 5}}
	for _, tt := range []struct {
		header string
		want   *Array
	}{
		{"{'fortran_order': False, 'shape': (2, 3), 'descr': '<f4'}", byRows},
		{"{'shape':(2,3),'descr':'<f4','fortran_order':True}", byColumns},
		{"{ 'descr' : '<f4' , 'fortran_order' : False , 'shape' : ( 2 , 3 , ) , }", byRows},
		{"{'descr': '<f4', 'fortran_order': False, 'shape': (2L, 3L), }", byRows},
		{`{"descr": "<f4", "fortran_order": True, "shape": (2, 3)}`, byColumns},
		{"{'descr': u'<f4', 'fortran_order': False, u'shape': (2, 3)}", byRows},
		{"  {'descr': '<f4',\n 'fortran_order': False,\n\t'shape': (2, 3)}\n\n", byRows},
		{"{'descr': '=f4', 'fortran_order': False, 'shape': ((2), 3)}", byRows},
		{"{'descr': 'float32', 'fortran_order': False, 'shape': (2, 3)}", byRows},
		{"{'descr': 'f', 'fortran_order': False, 'shape': (2, 3)}", byRows},
		{"{'shape': (9,), 'descr': '<f4', 'fortran_order': False, 'shape': (2, 3)}", byRows},
	} {
		for _, file := range [][]byte{npyWith(tt.header, elements), unpadded(1, tt.header, elements), unpadded(2, tt.header, elements), unpadded(3, tt.header, elements)} {
			if got, err := decode(file); err != nil || !reflect.DeepEqual(got, tt.want) {
				t.Errorf("%s: %+v, %v; want %+v", tt.header, got, err, tt.want)
			}
		}
	}
}

// unpadded is a .npy file of a version whose header has no blanks and no newline at its
// end.
func unpadded(version byte, header string, elements []byte) []byte {
	b := append([]byte("\x93NUMPY"), version, 0)
	if version == 1 {
		b = binary.LittleEndian.AppendUint16(b, uint16(len(header)))
	} else {
		b = binary.LittleEndian.AppendUint32(b, uint32(len(header)))
	}
	return append(append(b, header...), elements...)
}

func TestNPYReadsHalfPrecision(t *testing.T) {
	inf := float32(math.Inf(1))
	bits := []uint16{0, 0x8000, 0x3c00, 0xc000, 0x3555, 0x7bff, 0x0400, 0x0001, 0x83ff, 0x7c00, 0xfc00}
	want := []float32{0, float32(math.Copysign(0, -1)), 1, -2, 0.333251953125, 65504, 0x1p-14, 0x1p-24, -1023 * 0x1p-24, inf, -inf}
	for descr, order := range map[string]binary.AppendByteOrder{"<f2": binary.LittleEndian, ">f2": binary.BigEndian} {
		var elements []byte
		for _, b := range bits {
			elements = order.AppendUint16(elements, b)
		}
		got := must(decode(npyOf(descr, "False", "(11,)", elements)))(t)
		for i, w := range want {
			if math.Float32bits(got.Float32[i]) != math.Float32bits(w) {
				t.Errorf("%s %04x: %v, want %v", descr, bits[i], got.Float32[i], w)
			}
		}
	}
	if v := half(0x7e00); v == v {
		t.Errorf("7e00: %v, want NaN", v)
	}
	got := must(decode(npyOf("<f2", "True", "(2, 2)", []byte{0, 0x3c, 0, 0x40, 0, 0x42, 0, 0x44})))(t)
	if !slices.Equal(got.Float32, []float32{1, 3, 2, 4}) {
		t.Errorf("by columns: %v", got.Float32)
	}
}

func TestNPYReadsBfloat16ThatTheHeaderNames(t *testing.T) {
	got := must(decode(npyOf("bfloat16", "False", "(2,)", []byte{0x80, 0x3f, 0x49, 0xc0})))(t)
	if !slices.Equal(got.Float32, []float32{1, -3.140625}) {
		t.Errorf("%v", got.Float32)
	}
}

func TestNPZSetsOfHalfPrecision(t *testing.T) {
	one := npyOf("<f2", "False", "(2, 1, 2)", []byte{0, 0, 0, 0x38, 0, 0x3c, 0, 0x34})
	labels := npyOf("|u1", "False", "(2,)", []byte{0, 1})
	set := must(openArrays(t, keras(one, labels, one, labels)...))(t)
	if got := read(set.Train, 1); !slices.Equal(got, []float32{1, 0.25}) {
		t.Errorf("picture %v, want 1 and 0.25", got)
	}
}
