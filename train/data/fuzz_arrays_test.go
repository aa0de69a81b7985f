package data

import (
	"bytes"
	"os"
	"path/filepath"
	"reflect"
	"testing"
)

// FuzzNPY gives files that may hold anything. What is read is written and read as the same.
func FuzzNPY(f *testing.F) {
	f.Add(npyOf("<f4", "False", "(1,)", []byte{0, 0, 128, 63}))
	f.Add(npyOf(">i2", "True", "(2, 1)", []byte{0, 1, 2, 3}))
	f.Add(npyOf("|b1", "False", "()", []byte{1}))
	f.Fuzz(func(t *testing.T, b []byte) {
		a, err := decode(b)
		if (a == nil) == (err == nil) {
			t.Fatalf("array %v, error %v", a, err)
		}
		if a != nil {
			writesBack(t, a)
		}
	})
}

// writesBack writes an array, reads it and writes it again: the same bytes and elements.
func writesBack(t *testing.T, a *Array) {
	var first, second bytes.Buffer
	if err := WriteNPY(&first, a); err != nil {
		t.Fatal(err)
	}
	again, err := decode(first.Bytes())
	if err != nil {
		t.Fatal(err)
	}
	if err := WriteNPY(&second, again); err != nil || !bytes.Equal(second.Bytes(), first.Bytes()) {
		t.Errorf("written, read and written again %+v has other bytes (%v)", a, err)
	}
	if len(again.Shape)+len(a.Shape) > 0 && !reflect.DeepEqual(again.Shape, a.Shape) {
		t.Errorf("shape %v, want %v", again.Shape, a.Shape)
	}
}

// FuzzNPZ gives archives that may hold anything, and sound archives of arrays that may say
// anything.
func FuzzNPZ(f *testing.F) {
	one := npyOf("<f4", "False", "(1, 1, 1)", []byte{0, 0, 128, 63})
	label := npyOf("|u1", "False", "(1,)", []byte{0})
	f.Add(npzOf(f, entry{"x.npy", one}), []byte(nil))
	f.Add(one, label)
	f.Add(npyOf("|u1", "False", "(1, 2, 2, 3)", make([]byte, 12)), label)
	path := filepath.Join(f.TempDir(), "a.npz")
	f.Fuzz(func(t *testing.T, b, labels []byte) {
		if labels != nil {
			b = npzOf(t, keras(b, labels, b, labels)...)
		}
		if err := os.WriteFile(path, b, 0o600); err != nil {
			t.Fatal(err)
		}
		if labels != nil {
			if set, err := Open(path); (set == nil) == (err == nil) {
				t.Errorf("set %v, error %v", set, err)
			}
			return
		}
		arrays, err := ReadNPZ(path)
		if (arrays == nil) == (err == nil) {
			t.Errorf("arrays %v, error %v", arrays, err)
		}
		n, err := OpenNPZ(path)
		if err != nil {
			return
		}
		defer n.Close()
		for _, name := range n.Names() {
			a, err := n.Read(name)
			if (a == nil) == (err == nil) {
				t.Errorf("array %v, error %v", a, err)
			}
			if arrays != nil && err == nil && !reflect.DeepEqual(a.Shape, arrays[name].Shape) {
				t.Errorf("array %q has shape %v read alone, and %v with others", name, a.Shape, arrays[name].Shape)
			}
		}
	})
}
