package safetensors

import (
	"encoding/binary"
	"fmt"
	"math"
	"reflect"
	"runtime"
	"strings"
	"testing"
)

func small() *File {
	return &File{
		Metadata: map[string]string{"epoch": "3", "text": "quoted \" and ü"},
		Tensors: []Tensor{
			{"b", []int{2, 3}, []float32{1, -2, 3.5, float32(math.Inf(1)), 0, float32(math.Copysign(0, -1))}},
			{"a/weight", []int{1}, []float32{0.1}},
			{"scalar", []int{}, []float32{7}},
		},
	}
}

func encode(t *testing.T, f *File) []byte {
	t.Helper()
	b, err := Encode(f)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func TestDecodeGivesBackWhatWasEncoded(t *testing.T) {
	got, err := Decode(encode(t, small()))
	if err != nil {
		t.Fatal(err)
	}
	if want := small().Metadata; !reflect.DeepEqual(got.Metadata, want) {
		t.Errorf("metadata is %q, want %q", got.Metadata, want)
	}
	tensors := map[string]Tensor{}
	for _, u := range got.Tensors {
		tensors[u.Name] = u
	}
	for _, want := range small().Tensors {
		if u := tensors[want.Name]; !reflect.DeepEqual(u, want) {
			t.Errorf("got %+v, want %+v", u, want)
		}
	}
}

func TestATensorMayHaveAnEmptyName(t *testing.T) {
	f := small()
	f.Tensors[0].Name = ""
	got, err := Decode(encode(t, f))
	if err != nil || len(got.Tensors) != len(f.Tensors) || got.Tensors[0].Name != "" {
		t.Errorf("got %+v, error %v", got, err)
	}
}

func TestEqualContentGivesEqualBytes(t *testing.T) {
	f := small()
	f.Tensors[0], f.Tensors[2] = f.Tensors[2], f.Tensors[0]
	if string(encode(t, f)) != string(encode(t, small())) {
		t.Error("the order of the tensors shows in the bytes")
	}
}

func TestValuesAreAligned(t *testing.T) {
	for n := range 8 {
		f := small()
		f.Metadata["pad"] = strings.Repeat("x", n)
		if h := binary.LittleEndian.Uint64(encode(t, f)); h%8 != 0 {
			t.Errorf("the header has %d bytes, which 8 does not divide", h)
		}
	}
}

func TestEveryFlippedOrMissingByteIsRefused(t *testing.T) {
	whole := encode(t, small())
	for i := range whole {
		for bit := range 8 {
			b := append([]byte(nil), whole...)
			b[i] ^= 1 << bit
			if f, err := Decode(b); err == nil || f != nil {
				t.Errorf("bit %d of byte %d flipped: accepted", bit, i)
			}
		}
		if f, err := Decode(whole[:i]); err == nil || f != nil {
			t.Errorf("cut to %d bytes: accepted", i)
		}
		if f, err := Decode(append(append([]byte(nil), whole[:i]...), whole[i+1:]...)); err == nil || f != nil {
			t.Errorf("without byte %d: accepted", i)
		}
	}
	if f, err := Decode(append(whole, 0)); err == nil || f != nil {
		t.Error("with one byte more: accepted")
	}
}

func TestEncodeRefuses(t *testing.T) {
	one := Tensor{"a", []int{1}, []float32{0}}
	for name, f := range map[string]*File{
		"values that do not fill the shape": {Tensors: []Tensor{{"a", []int{2}, []float32{0}}}},
		"two tensors of one name":           {Tensors: []Tensor{one, one}},
		"a tensor with the metadata's name": {Tensors: []Tensor{{"__metadata__", []int{1}, []float32{0}}}},
		"metadata with the checksum's name": {Metadata: map[string]string{"sha256": ""}},
		"metadata that is not UTF-8":        {Metadata: map[string]string{"a": "\xff"}},
		"a key that is not UTF-8":           {Metadata: map[string]string{"\xff": ""}},
		"a name that is not UTF-8":          {Tensors: []Tensor{{"\xff", []int{1}, []float32{0}}}},
	} {
		if b, err := Encode(f); err == nil || b != nil {
			t.Errorf("%s: got %d bytes and error %v", name, len(b), err)
		}
	}
}

// file puts a header in front of some bytes of values.
func file(header string, values int) []byte {
	b := binary.LittleEndian.AppendUint64(nil, uint64(len(header)))
	return append(append(b, header...), make([]byte, values)...)
}

func TestHostileFilesAreRefused(t *testing.T) {
	entry := func(dtype, shape, offsets string) []byte {
		return file(fmt.Sprintf(`{"a":{"dtype":%q,"shape":%s,"data_offsets":%s}}`, dtype, shape, offsets), 8)
	}
	for _, c := range []struct {
		name string
		b    []byte
		want string
	}{
		{"empty", nil, "too few"},
		{"a header beyond the file", binary.LittleEndian.AppendUint64(nil, 1<<63), "header is said to have"},
		{"no JSON", file("{", 0), "header"},
		{"JSON of another kind", file("[]", 0), "header"},
		{"null", file("null", 0), "cannot be a JSON null"},
		{"no checksum", file("{}", 0), "checksum"},
		{"metadata that is no text", file(`{"__metadata__":{"a":1}}`, 0), "__metadata__"},
		{"another dtype", entry("F16", "[4]", "[0,8]"), `dtype is "F16"`},
		{"offsets beyond the values", entry("F32", "[3]", "[0,12]"), "data_offsets"},
		{"negative offsets", entry("F32", "[1]", "[-4,0]"), "data_offsets"},
		{"offsets the wrong way round", entry("F32", "[1]", "[8,4]"), "data_offsets"},
		{"a shape that needs more", entry("F32", "[3]", "[0,8]"), "shape [3]"},
		{"a shape whose product overflows", entry("F32", "[1073741824,1073741824,16]", "[0,8]"), "does not fit"},
		{"a dimension of 0", entry("F32", "[0]", "[0,0]"), "does not fit"},
		{"a negative dimension", entry("F32", "[-1,-2]", "[0,8]"), "does not fit"},
		{"half a number", entry("F32", "[1]", "[0,3]"), "does not fit"},
		{"a hole", entry("F32", "[1]", "[4,8]"), "belong to no tensor"},
		{"nine dimensions", entry("F32", "[1,1,1,1,1,1,1,1,2]", "[0,8]"), "9 dimensions; the most that is read is 8"},
		{"eight dimensions", entry("F32", "[1,1,1,1,1,1,1,2]", "[0,8]"), "no checksum"},
		{"a header at the limit", file("{}"+strings.Repeat(" ", maxHeader-2), 0), "no checksum"},
		{"a header above the limit", file("{}"+strings.Repeat(" ", maxHeader-1), 0), "8388608 is the limit"},
		{"names that are not in order", file(`{"b":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"a":{}}`, 4), `"a" stands behind "b"`},
		{"an empty name twice", file(`{"":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"":{}}`, 4), `"" stands behind ""`},
		{"a name twice", file(`{"b":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"b":{}}`, 4), `"b" stands behind "b"`},
		{"a number that is none", entry("F32", "[1e999]", "[0,8]"), "tensor"},
	} {
		f, err := Decode(c.b)
		if f != nil || err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: got %v and error %v, want %q", c.name, f, err, c.want)
		}
	}
}

func TestOverlappingTensorsDoNotMultiplyMemory(t *testing.T) {
	const values = 1 << 20
	var header strings.Builder
	for i := range 1000 {
		fmt.Fprintf(&header, `,"%d":{"dtype":"F32","shape":[%d],"data_offsets":[0,%d]}`, i, values/4, values)
	}
	b := file("{"+header.String()[1:]+"}", values)
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	_, err := Decode(b)
	runtime.ReadMemStats(&after)
	if err == nil || !strings.Contains(err.Error(), "together") {
		t.Errorf("got error %v", err)
	}
	if n := after.TotalAlloc - before.TotalAlloc; n > 8<<20 {
		t.Errorf("%d bytes were allocated for a file of %d", n, len(b))
	}
}
