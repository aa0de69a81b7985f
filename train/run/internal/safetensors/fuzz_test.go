package safetensors

import (
	"bytes"
	"encoding/binary"
	"testing"
)

// FuzzDecode gives files that may hold anything. What is accepted is written to the same bytes.
func FuzzDecode(f *testing.F) {
	good, err := Encode(small())
	if err != nil {
		f.Fatal(err)
	}
	f.Add(good)
	f.Add(file(`{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"__metadata__":{"sha256":""}}`, 8))
	f.Fuzz(func(t *testing.T, b []byte) {
		got, err := Decode(b)
		if (got == nil) == (err == nil) {
			t.Fatalf("file %v, error %v", got, err)
		}
		if got == nil {
			return
		}
		if again, err := Encode(got); err != nil || !bytes.Equal(again, b) {
			t.Errorf("what was read is written as other bytes (%v)", err)
		}
	})
}

// FuzzEncode writes files of tensors of any names and sizes, reads them and writes them again.
func FuzzEncode(f *testing.F) {
	f.Add("conv.weight", "epoch", "3", []byte{2, 3}, []byte{0, 0, 128, 63})
	f.Add("\x00\"ü", "", "\xff", []byte{}, []byte{})
	f.Add("__metadata__", "sha256", "a", []byte{1}, []byte{255})
	f.Fuzz(func(t *testing.T, name, key, value string, dims, bits []byte) {
		in := &File{Metadata: map[string]string{key: value}}
		shape, size := []int{}, 1
		for _, d := range dims[:min(len(dims), 4)] {
			shape = append(shape, 1+int(d%4))
			size *= 1 + int(d%4)
		}
		u := Tensor{name, shape, make([]float32, size)}
		for i := range u.Data {
			binary.Decode(append(bits[min(i, len(bits)):], 0, 0, 0, 0), binary.LittleEndian, &u.Data[i])
		}
		in.Tensors = []Tensor{u, {name + "2", []int{1}, []float32{1}}}
		b, err := Encode(in)
		if err != nil {
			return // the names are taken or not UTF-8
		}
		got, err := Decode(b)
		if err != nil {
			t.Fatalf("%q, %q: %q: what was written is not read: %v", name, key, value, err)
		}
		if again, err := Encode(got); err != nil || !bytes.Equal(again, b) {
			t.Errorf("written, read and written again the bytes differ (%v)", err)
		}
	})
}
