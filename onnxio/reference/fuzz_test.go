package reference_test

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/gonn-toolkit/gonn/onnxio/graph"
	"github.com/gonn-toolkit/gonn/onnxio/internal/fuzzrand"
	"github.com/gonn-toolkit/gonn/onnxio/reference"
)

// FuzzRun gives files that may say anything, and runs what can be evaluated within a budget.
func FuzzRun(f *testing.F) {
	paths, err := filepath.Glob("../../testdata/golden/graph/*/*.onnx")
	if err != nil || len(paths) == 0 {
		f.Fatal(paths, err)
	}
	for _, path := range paths {
		b, err := os.ReadFile(path)
		if err != nil {
			f.Fatal(err)
		}
		if len(b) < 1000 {
			f.Add(b)
		}
	}
	f.Add(chain().Bytes())
	f.Fuzz(func(t *testing.T, b []byte) {
		m, err := graph.Read(b)
		if err != nil {
			return
		}
		m, _ = reference.Inference(m)
		e, err := reference.NewWithin(m, reference.Limits{Memory: 1 << 20, Operations: 1e6, Time: time.Second})
		if err != nil {
			return
		}
		in := map[string]*reference.Tensor{}
		for _, v := range m.Graph.Feeds() {
			if in[v.Name] = fed(v); in[v.Name] == nil {
				return
			}
		}
		_, _ = e.Observe(in, func(name string, v *reference.Tensor) {
			if v == nil { // an optional output
				return
			}
			if _, err := v.Graph(name); err != nil {
				t.Errorf("value %q: %v", name, err)
			}
		})
	})
}

// fed is an input with two elements along axes that are open; nil if it is not small.
func fed(v *graph.Value) *reference.Tensor {
	var shape []int
	size := 1
	for _, d := range v.Shape {
		n := 2
		if d.Known() {
			n = int(min(d.Size, 1<<10))
		}
		shape = append(shape, n)
		if size *= n; size > 1<<10 {
			return nil
		}
	}
	values := make([]float64, size)
	for i := range values {
		values[i] = float64(i%5) - 2
	}
	x, err := reference.FromFloat64s(graph.Double, shape, values).As(v.Type)
	if err != nil {
		return nil
	}
	return x
}

// FuzzNode makes nodes of every operator, each byte of the input a choice.
func FuzzNode(f *testing.F) {
	operators := reference.Operators()
	for i := range operators {
		f.Add(uint8(i), []byte{9, 200, 3, byte(i), 250, 40, 99, 180, 60, 7, 130})
	}
	f.Fuzz(func(t *testing.T, op uint8, b []byte) {
		n := chaos{fuzzrand.New(b)}.node(operators[int(op)%len(operators)])
		if bytes, work := reference.Cost(n.node(), n.version(), n.in); bytes < 8<<20 && work < 1e7 {
			n.survives(t, false)
		}
	})
}

// FuzzEinsum gives any equation, the one text of a file that is a language.
func FuzzEinsum(f *testing.F) {
	for _, equation := range []string{"ij,jk->ik", "...ij,...jk->...ik", "ii->i", "ij->", "i,j", "bij , bjk -> bik", "...->..."} {
		f.Add(equation, uint8(2), uint8(2))
	}
	f.Fuzz(func(t *testing.T, equation string, a, b uint8) {
		n := nodeCase{op: "Einsum", opset: 12, attrs: attrs(graph.StringAttr("equation", equation))}
		for _, rank := range []uint8{a, b} {
			if rank < 5 {
				n.in = append(n.in, steps([]int{2, 2, 2, 2}[:rank]...))
			}
		}
		n.survives(t, false)
	})
}
