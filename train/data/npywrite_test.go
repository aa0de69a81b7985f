package data

import (
	"archive/zip"
	"maps"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
)

// What WriteNPY writes into an archive, NPZ reads, array by array.
func TestNPZReadsWhatWriteNPYWrites(t *testing.T) {
	arrays := map[string]*Array{
		"0/x":     {Shape: []int{2, 3}, Float32: []float32{1, 2, 3, -4, 5, 6}},
		"0/y":     {Shape: []int{2}, Int64: []int64{7, -1}},
		"0/loss":  {Shape: []int{}, Float64: []float64{0.5}},
		"0/bytes": {Shape: []int{3, 1, 1}, Uint8: []byte{1, 2, 255}},
		"0/none":  {Shape: []int{0, 2}, Float32: []float32{}},
	}
	path := filepath.Join(t.TempDir(), "a.npz")
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	z := zip.NewWriter(f)
	for _, name := range slices.Sorted(maps.Keys(arrays)) {
		w, err := z.Create(name + ".npy")
		if err != nil {
			t.Fatal(err)
		}
		if err := WriteNPY(w, arrays[name]); err != nil {
			t.Fatal(err)
		}
	}
	z.Close()
	f.Close()
	n, err := OpenNPZ(path)
	if err != nil {
		t.Fatal(err)
	}
	defer n.Close()
	if got := strings.Join(n.Names(), " "); got != "0/bytes 0/loss 0/none 0/x 0/y" {
		t.Errorf("names %s", got)
	}
	for name, want := range arrays {
		got, err := n.Read(name)
		if err != nil {
			t.Fatal(err)
		}
		if len(got.Shape) != len(want.Shape) || len(want.Shape) > 0 && !reflect.DeepEqual(got.Shape, want.Shape) {
			t.Errorf("%s: shape %v, want %v", name, got.Shape, want.Shape)
		}
		got.Shape, want.Shape = nil, nil
		if !reflect.DeepEqual(got, want) {
			t.Errorf("%s: %+v, want %+v", name, got, want)
		}
	}
	if _, err := n.Read("1/x"); err == nil || !strings.Contains(err.Error(), `no array "1/x"`) {
		t.Errorf("a name that is not there: %v", err)
	}
	if n.Has("1/x") || !n.Has("0/x") {
		t.Error("Has does not know the names")
	}
}

func TestOpenNPZRefuses(t *testing.T) {
	dir := t.TempDir()
	text := filepath.Join(dir, "text.npz")
	if err := os.WriteFile(text, []byte("no archive"), 0o600); err != nil {
		t.Fatal(err)
	}
	for path, word := range map[string]string{dir: "not a regular file", text: "not a readable .npz archive", filepath.Join(dir, "none"): "no such file"} {
		if n, err := OpenNPZ(path); err == nil || n != nil || !strings.Contains(err.Error(), word) {
			t.Errorf("%s: %v, want %q", path, err, word)
		}
	}
	if err := WriteNPY(&strings.Builder{}, &Array{}); err == nil {
		t.Error("an array without elements was written")
	}
}
