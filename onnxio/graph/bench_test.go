package graph

import (
	"fmt"
	"testing"
)

// layers is a model of 100 layers and 25 MB: weights of 256×256, and biases.
func layers() *Model {
	const n = 256
	m := tiny(nil)
	g := m.Graph
	g.Nodes = nil
	for i := range 100 {
		w, bias, y := fmt.Sprint("w", i), fmt.Sprint("b", i), fmt.Sprint("y", i)
		g.Initializers = append(g.Initializers, Float32Tensor(w, []int64{n, n}, make([]float32, n*n)), Float32Tensor(bias, []int64{n}, make([]float32, n)))
		g.Nodes = append(g.Nodes, &Node{OpType: "Gemm", Inputs: []string{"x", w, bias}, Outputs: []string{y}, Attrs: []*Attr{IntAttr("transB", 1)}})
	}
	g.Outputs[0].Name = "y99"
	return m
}

func BenchmarkRead(b *testing.B) {
	file := layers().Bytes()
	b.SetBytes(int64(len(file)))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := Read(file); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkFiles(b *testing.B) {
	m := layers()
	b.SetBytes(25 << 20)
	for b.Loop() {
		if _, err := m.Files("net.onnx", true); err != nil {
			b.Fatal(err)
		}
	}
}

// The values of 25 MB of every type with a fraction, in single and double precision,
// and made from double precision.
func BenchmarkFloats(b *testing.B) {
	for _, typ := range []DataType{Float, Double, Float16, BFloat16} {
		n := 25 << 20 / dataTypes[typ].bits * 8
		w := &Tensor{Type: typ, Dims: []int64{n}, Raw: make([]byte, 25<<20)}
		b.Run(typ.String()+" Float32s", func(b *testing.B) {
			b.SetBytes(25 << 20)
			for b.Loop() {
				if _, err := w.Float32s(); err != nil {
					b.Fatal(err)
				}
			}
		})
		b.Run(typ.String()+" FromFloat64s", func(b *testing.B) {
			v := make([]float64, n)
			b.SetBytes(25 << 20)
			for b.Loop() {
				if _, err := FromFloat64s("w", typ, w.Dims, v); err != nil {
					b.Fatal(err)
				}
			}
		})
		b.Run(typ.String()+" Float64s", func(b *testing.B) {
			b.SetBytes(25 << 20)
			for b.Loop() {
				if _, err := w.Float64s(); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
