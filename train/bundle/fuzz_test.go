package bundle_test

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"testing"

	"github.com/gonn-toolkit/gonn/train/bundle"
	"github.com/gonn-toolkit/gonn/train/data"
)

// FuzzOpen replaces the description or the arrays of a bundle. What can be opened is read to
// its end, or to an error.
func FuzzOpen(f *testing.F) {
	dir := small(f, nil)
	names := []string{bundle.DescriptionFile, bundle.StepsFile}
	good := map[string][]byte{}
	for i, name := range names {
		b, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil {
			f.Fatal(err)
		}
		good[name] = b
		f.Add(uint8(i), b)
	}
	f.Fuzz(func(t *testing.T, file uint8, b []byte) {
		name := names[int(file)%len(names)]
		path := filepath.Join(dir, name)
		defer os.WriteFile(path, good[name], 0o600)
		if err := os.WriteFile(path, b, 0o600); err != nil {
			t.Fatal(err)
		}
		r, err := bundle.Open(dir)
		if (r == nil) == (err == nil) {
			t.Fatalf("bundle %v and error %v, want one of them", r, err)
		}
		if r == nil {
			return
		}
		defer r.Close()
		for k := range min(r.Steps, 3) {
			if s, err := r.Step(k); (s == nil) == (err == nil) {
				t.Errorf("step %v and error %v, want one of them", s, err)
			}
			if s, err := r.Before(k, []string{"momentum_buffer"}); (s == nil) == (err == nil) {
				t.Errorf("state %v and error %v, want one of them", s, err)
			}
		}
		if _, err := json.Marshal(r.Description); err != nil {
			t.Errorf("a description that cannot be written: %v", err)
		}
	})
}

// FuzzWrite writes a bundle of any names and sizes, reads it and writes it again: the same bytes.
func FuzzWrite(f *testing.F) {
	f.Add("conv1.weight", []byte{2, 3}, uint8(2), 0.1)
	f.Add("a/b\x00ü", []byte{1}, uint8(1), -1e300)
	f.Add("", []byte{}, uint8(3), 0.0)
	root := f.TempDir()
	f.Fuzz(func(t *testing.T, name string, dims []byte, steps uint8, lr float64) {
		shape, size := []int{}, 1
		for _, d := range dims[:min(len(dims), 4)] {
			shape, size = append(shape, 1+int(d%4)), size*(1+int(d%4))
		}
		values := make([]float32, size)
		for i := range values {
			values[i] = float32(i) - 1.5
		}
		d := bundle.Description{Framework: "pytorch", Versions: map[string]string{"v": name}, Loss: bundle.Loss{Form: "mse"}, Steps: 1 + int(steps%2),
			Parameters: []bundle.Parameter{{Name: name, Shape: shape, Trained: true}}}
		d.Optimizer.Name, d.Optimizer.Groups = "sgd", []bundle.Group{{Params: []string{name}, LR: make([]float64, d.Steps)}}
		d.Optimizer.Groups[0].LR[0] = lr
		first, second := filepath.Join(root, "first"), filepath.Join(root, "second")
		defer os.RemoveAll(first)
		defer os.RemoveAll(second)
		if !writeSteps(t, first, d, func(int) []float32 { return values }) {
			return
		}
		r, err := bundle.Open(first)
		if err != nil {
			t.Fatal(err)
		}
		defer r.Close()
		writeSteps(t, second, r.Description, func(k int) []float32 {
			s, err := r.Step(k)
			if err != nil {
				t.Fatal(err)
			}
			return s.Grad[name]
		})
		for _, file := range []string{bundle.DescriptionFile, bundle.StepsFile} {
			a, err := os.ReadFile(filepath.Join(first, file))
			if err != nil {
				t.Fatal(err)
			}
			if b, err := os.ReadFile(filepath.Join(second, file)); err != nil || !bytes.Equal(a, b) {
				t.Errorf("%s: written, read and written again the bytes differ (%v)", file, err)
			}
		}
	})
}

// writeSteps writes a bundle with gradients; it reports false if the description is refused.
func writeSteps(t *testing.T, dir string, d bundle.Description, grad func(k int) []float32) bool {
	w, err := bundle.Create(dir, []byte("model"))
	if err != nil {
		t.Fatal(err)
	}
	for k := range d.Steps {
		for _, a := range []struct {
			name  string
			array *data.Array
		}{
			{"x", &data.Array{Shape: []int{1, 1}, Float32: []float32{1}}},
			{"y", &data.Array{Shape: []int{1}, Int64: []int64{0}}},
			{"loss", &data.Array{Float64: []float64{0.5}}},
		} {
			if err := w.Put(k, a.array, a.name); err != nil {
				t.Fatal(err)
			}
		}
		p := d.Parameters[0]
		if err := w.PutValues(k, p.Shape, grad(k), "grad", p.Name); err != nil {
			t.Fatal(err)
		}
	}
	return w.Close(d) == nil
}
