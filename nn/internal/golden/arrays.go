package golden

import (
	"slices"
	"testing"

	"github.com/gonn-toolkit/gonn/train/data"
)

// ReadNPZ reads the arrays of a file, by name.
func ReadNPZ(t *testing.T, path string) map[string]*data.Array {
	t.Helper()
	arrays, err := data.ReadNPZ(path)
	if err != nil {
		t.Fatal(err)
	}
	return arrays
}

// Arrays are the arrays of a case, and which of them have been looked at.
type Arrays struct {
	arrays map[string]*data.Array
	used   map[string]bool
}

// Open reads the arrays of a case from its NPZ file.
func Open(t *testing.T, path string) Arrays {
	t.Helper()
	return Arrays{arrays: ReadNPZ(t, path), used: map[string]bool{}}
}

// CheckUsed holds that no array of the case is left out.
func (g Arrays) CheckUsed(t *testing.T) {
	t.Helper()
	for key := range g.arrays {
		if !g.used[key] {
			t.Errorf("array %q is not looked at", key)
		}
	}
}

// Values is an array of the case. Given ones are stored in 64ths, as int8.
func (g Arrays) Values(t *testing.T, key string, shape ...int) []float32 {
	t.Helper()
	a := g.arrays[key]
	if a == nil {
		t.Fatalf("no array %q", key)
	}
	if !slices.Equal(a.Shape, shape) {
		t.Fatalf("array %q has shape %v, want %v", key, a.Shape, shape)
	}
	g.used[key] = true
	v := make([]float32, len(a.Int64))
	for i, x := range a.Int64 {
		v[i] = float32(x) / 64
	}
	return append(v, a.Float32...)
}
