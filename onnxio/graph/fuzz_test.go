package graph

import (
	"os"
	"path/filepath"
	"testing"
)

func FuzzRead(f *testing.F) {
	f.Add(sample().Bytes())
	f.Add(tiny(nil).Bytes())
	f.Add(nested(3).Bytes())
	f.Add(withTensor(num(1, 2), num(2, 6), num(5, 3), num(5, -4)))
	f.Add(withTensor(num(1, 1), num(2, 1), num(14, 1), sub(13, str(1, "location"), str(2, "w.bin"))))
	f.Add(withAttr(num(20, 7), str(8, "\x01\x02")))
	functions, err := filepath.Glob("../../testdata/golden/graph/functions/*.onnx")
	if err != nil || len(functions) == 0 {
		f.Fatal(functions, err)
	}
	for _, path := range functions {
		b, err := os.ReadFile(path)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(b)
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		if err := tryRead(b); err != nil {
			t.Error(err)
		}
	})
}

// FuzzReadTensor gives files of one tensor.
func FuzzReadTensor(f *testing.F) {
	for _, t := range sample().Graph.Initializers {
		e := &encoder{}
		e.tensor(t)
		f.Add(e.buf)
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		v, err := ReadTensor(b)
		if (v == nil) == (err == nil) {
			t.Fatalf("tensor %v and error %v, want one of them", v, err)
		}
		if v != nil {
			readValues(v)
		}
	})
}
