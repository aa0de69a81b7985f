package onnxio

import (
	"fmt"
	"runtime"
	"testing"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/onnxio/graph"
)

// BenchmarkImport reads and imports files of about 25 MB with 100 convolutions of 84
// channels, each with a PReLU: as PyTorch writes them, and as JAX does, with its
// transpositions of data and weights and its arithmetic. live-x is the memory that is in
// use at the end, taken-x all that was taken on the way, both in sizes of the file.
func BenchmarkImport(b *testing.B) {
	for _, style := range []string{"PyTorch", "JAX"} {
		file := deepModel(style == "JAX").Bytes()
		b.Run(style, func(b *testing.B) {
			b.SetBytes(int64(len(file)))
			var before, after runtime.MemStats
			for b.Loop() {
				runtime.GC()
				runtime.ReadMemStats(&before)
				m, err := graph.Read(file)
				if err != nil {
					b.Fatal(err)
				}
				im, err := Import(m)
				if err != nil {
					b.Fatal(err)
				}
				runtime.ReadMemStats(&after)
				if n := len(im.Network.Nodes()); n != 202 {
					b.Fatalf("%d layers", n)
				}
				b.ReportMetric(1+float64(after.TotalAlloc-before.TotalAlloc)/float64(len(file)), "taken-x")
				runtime.GC()
				runtime.ReadMemStats(&after)
				b.ReportMetric(1+float64(after.HeapAlloc-before.HeapAlloc)/float64(len(file)), "live-x")
				runtime.KeepAlive(m)
				runtime.KeepAlive(im)
			}
		})
	}
}

// deepModel is a file with 100 convolutions, 100 PReLUs, a flattening and a dense layer.
func deepModel(jax bool) *graph.Model {
	const channels, layers, side = 84, 100, 4
	var nodes []*graph.Node
	var inits []*graph.Tensor
	x := "x"
	for i := range layers {
		in, name := channels, fmt.Sprint("conv", i)
		if i == 0 {
			in = 3
		}
		to := fmt.Sprint("v", i)
		slope := tensor(name+".slope", channels, 1, 1)
		same := graph.IntsAttr("pads", 1, 1, 1, 1)
		if !jax {
			inits = append(inits, tensor(name+".weight", channels, int64(in), 3, 3), slope)
			nodes = append(nodes, node("Conv", x+" "+name+".weight", name, same), node("PRelu", name+" "+name+".slope", to))
		} else {
			slope.Dims = []int64{channels}
			inits = append(inits, tensor(name+".weight", 3, 3, int64(in), channels), slope)
			part := func(s string) string { return name + s }
			nodes = append(nodes,
				node("Transpose", x, part("l"), graph.IntsAttr("perm", 0, 3, 1, 2)),
				node("Transpose", name+".weight", part("w"), graph.IntsAttr("perm", 3, 2, 0, 1)),
				node("Conv", part("l")+" "+part("w"), part("c"), same),
				node("Transpose", part("c"), part("y"), graph.IntsAttr("perm", 0, 2, 3, 1)),
				node("Relu", part("y"), part("r")), node("Neg", part("y"), part("n")), node("Relu", part("n"), part("s")),
				node("Neg", name+".slope", part("a")), node("Mul", part("a")+" "+part("s"), part("m")),
				node("Add", part("r")+" "+part("m"), to))
		}
		x = to
	}
	nodes = append(nodes, node("Flatten", x, "f"), node("Gemm", "f dense.weight", "y"))
	inits = append(inits, tensor("dense.weight", side*side*channels, 10))
	shape := nn.Shape{3, side, side}
	if jax {
		shape = nn.Shape{side, side, 3}
	}
	return model(shape, inits, nodes...)
}

// BenchmarkImportOfChains imports chains of activations, the longer one in as long a time for
// each node.
func BenchmarkImportOfChains(b *testing.B) {
	for _, n := range []int{650, 5200} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			var nodes []*graph.Node
			from := "x"
			for i := range n {
				to := fmt.Sprint("v", i)
				if i == n-1 {
					to = "y"
				}
				nodes, from = append(nodes, node("Neg", from, to)), to
			}
			m := model(nn.Shape{1, 4, 4}, nil, nodes...)
			for b.Loop() {
				if _, err := Import(m); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(b.Elapsed().Microseconds())/float64(b.N*n), "µs/node")
		})
	}
}
