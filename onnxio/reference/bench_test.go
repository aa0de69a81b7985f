package reference_test

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/gonn-toolkit/gonn/onnxio/graph"
	"github.com/gonn-toolkit/gonn/onnxio/reference"
)

// drawn makes a FLOAT value of numbers of the normal distribution.
func drawn(shape ...int) *reference.Tensor {
	r := rand.New(rand.NewPCG(3, 4))
	t := steps(shape...)
	for i := range t.Floats {
		t.Floats[i] = r.NormFloat64()
	}
	return t
}

// BenchmarkNode times operators at sizes of small networks for images; macs is the number of
// multiply–accumulates, or of elements that a pool or function reads.
func BenchmarkNode(b *testing.B) {
	same, two := graph.IntsAttr("pads", 1, 1, 1, 1), graph.IntsAttr("strides", 2, 2)
	window := attrs(graph.IntsAttr("kernel_shape", 2, 2), two)
	wide := attrs(graph.IntsAttr("kernel_shape", 3, 3), two, same)
	maps := drawn(8, 64, 32, 32)
	for _, c := range []struct {
		name string
		macs int
		nodeCase
	}{
		{"Conv3x3/3to32x32", 8 * 3 * 32 * 9 * 1024, nodeCase{op: "Conv", in: all(drawn(8, 3, 32, 32), drawn(32, 3, 3, 3)), attrs: attrs(same)}},
		{"Conv3x3/32to32x32", 8 * 32 * 32 * 9 * 1024, nodeCase{op: "Conv", in: all(drawn(8, 32, 32, 32), drawn(32, 32, 3, 3)), attrs: attrs(same)}},
		{"Conv3x3/64to64x16", 8 * 64 * 64 * 9 * 256, nodeCase{op: "Conv", in: all(drawn(8, 64, 16, 16), drawn(64, 64, 3, 3)), attrs: attrs(same)}},
		{"Conv3x3/128to128x8", 8 * 128 * 128 * 9 * 64, nodeCase{op: "Conv", in: all(drawn(8, 128, 8, 8), drawn(128, 128, 3, 3)), attrs: attrs(same)}},
		{"Conv3x3/128to128x8/one", 128 * 128 * 9 * 64, nodeCase{op: "Conv", in: all(drawn(1, 128, 8, 8), drawn(128, 128, 3, 3)), attrs: attrs(same)}},
		{"Conv3x3/stride2", 8 * 64 * 128 * 9 * 64, nodeCase{op: "Conv", in: all(drawn(8, 64, 16, 16), drawn(128, 64, 3, 3)), attrs: attrs(same, two)}},
		{"Conv1x1/64to64x32", 8 * 64 * 64 * 1024, nodeCase{op: "Conv", in: all(maps, drawn(64, 64, 1, 1))}},
		{"Depthwise3x3/64x32", 8 * 64 * 9 * 1024, nodeCase{op: "Conv", in: all(maps, drawn(64, 1, 3, 3)), attrs: attrs(same, graph.IntAttr("group", 64))}},
		{"Depthwise3x3/stride2", 8 * 64 * 9 * 256, nodeCase{op: "Conv", in: all(maps, drawn(64, 1, 3, 3)), attrs: attrs(same, two, graph.IntAttr("group", 64))}},
		{"Conv1D/32to32x256", 8 * 32 * 32 * 5 * 252, nodeCase{op: "Conv", in: all(drawn(8, 32, 256), drawn(32, 32, 5))}},
		{"Conv3D/8to8x16", 8 * 8 * 27 * 14 * 14 * 14, nodeCase{op: "Conv", in: all(drawn(1, 8, 16, 16, 16), drawn(8, 8, 3, 3, 3))}},
		{"ConvTranspose/64to32x16", 8 * 64 * 32 * 9 * 256, nodeCase{op: "ConvTranspose", in: all(drawn(8, 64, 16, 16), drawn(64, 32, 3, 3)), attrs: attrs(two, same)}},
		{"MatMul/512", 512 * 512 * 512, nodeCase{op: "MatMul", in: all(drawn(512, 512), drawn(512, 512))}},
		{"MatMul/row", 2048 * 512, nodeCase{op: "MatMul", in: all(drawn(1, 2048), drawn(2048, 512))}},
		{"Gemm/transB", 64 * 2048 * 256, nodeCase{op: "Gemm", in: all(drawn(64, 2048), drawn(256, 2048), drawn(256)), attrs: attrs(graph.IntAttr("transB", 1))}},
		{"Gemm/transB/row", 2048 * 256, nodeCase{op: "Gemm", in: all(drawn(1, 2048), drawn(256, 2048), drawn(256)), attrs: attrs(graph.IntAttr("transB", 1))}},
		{"Einsum/bij,bjk->bik", 4 * 64 * 64 * 64, nodeCase{op: "Einsum", in: all(drawn(4, 64, 64), drawn(4, 64, 64)), attrs: attrs(graph.StringAttr("equation", "bij,bjk->bik"))}},
		{"MaxPool2x2", 8 * 64 * 1024, nodeCase{op: "MaxPool", in: all(maps), attrs: window}},
		{"MaxPool3x3", 8 * 64 * 256 * 9, nodeCase{op: "MaxPool", in: all(maps), attrs: wide}},
		{"AveragePool2x2", 8 * 64 * 1024, nodeCase{op: "AveragePool", in: all(maps), attrs: window}},
		{"AveragePool3x3", 8 * 64 * 256 * 9, nodeCase{op: "AveragePool", in: all(maps), attrs: wide}},
		{"LpPool2x2", 8 * 64 * 1024, nodeCase{op: "LpPool", in: all(maps), attrs: window}},
		{"GlobalAveragePool", 8 * 64 * 1024, nodeCase{op: "GlobalAveragePool", in: all(maps)}},
		{"GlobalMaxPool", 8 * 64 * 1024, nodeCase{op: "GlobalMaxPool", in: all(maps)}},
		{"GlobalLpPool", 8 * 64 * 1024, nodeCase{op: "GlobalLpPool", in: all(maps)}},
		{"BatchNormalization", 8 * 64 * 1024, nodeCase{op: "BatchNormalization", in: all(maps, drawn(64), drawn(64), drawn(64), arr([]int{64}, 1))}},
		{"Add", 8 * 64 * 1024, nodeCase{op: "Add", in: all(maps, maps)}},
		{"Add/channels", 8 * 64 * 1024, nodeCase{op: "Add", in: all(maps, drawn(64, 1, 1))}},
		{"Relu", 8 * 64 * 1024, nodeCase{op: "Relu", in: all(maps)}},
		{"Clip", 8 * 64 * 1024, nodeCase{op: "Clip", in: all(maps, arr(nil, 0), arr(nil, 6))}},
		{"PRelu/channels", 8 * 64 * 1024, nodeCase{op: "PRelu", in: all(maps, drawn(64, 1, 1))}},
		{"Sigmoid", 8 * 64 * 1024, nodeCase{op: "Sigmoid", in: all(maps)}},
		{"Softmax", 8 * 64 * 1024, nodeCase{op: "Softmax", in: all(maps)}},
		{"Transpose", 8 * 64 * 1024, nodeCase{op: "Transpose", in: all(maps), attrs: attrs(graph.IntsAttr("perm", 0, 2, 3, 1))}},
		{"ReduceMean", 8 * 64 * 1024, nodeCase{op: "ReduceMean", in: all(maps, i64(2, 3))}},
	} {
		b.Run(c.name, func(b *testing.B) {
			for b.Loop() {
				if _, err := c.run(); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(c.macs)*float64(b.N)/b.Elapsed().Seconds()/1e9, "Gmacs/s")
		})
	}
}

// BenchmarkObserve times a run of 1000 nodes on 16 numbers each: what a node costs beside its
// work.
func BenchmarkObserve(b *testing.B) {
	var nodes []*graph.Node
	x := "x"
	for i := range 250 {
		to := fmt.Sprint("v", i)
		nodes = append(nodes, node("Relu", x, to+"a"), node("Add", to+"a "+x, to+"b"), node("Sigmoid", to+"b", to+"c"), node("MatMul", to+"c w", to))
		x = to
	}
	m := &graph.Model{IRVersion: 8, Opsets: []graph.Opset{{Version: 17}}, Graph: &graph.Graph{
		Inputs: values("x"), Outputs: values(x), Nodes: nodes,
		Initializers: []*graph.Tensor{graph.Float32Tensor("w", []int64{4, 4}, make([]float32, 16))},
	}}
	m.Graph.Inputs[0].HasShape, m.Graph.Outputs[0].HasShape = false, false
	e, err := reference.New(m)
	if err != nil {
		b.Fatal(err)
	}
	in := map[string]*reference.Tensor{"x": drawn(4, 4)}
	for b.Loop() {
		if _, err := e.Observe(in, func(string, *reference.Tensor) {}); err != nil {
			b.Fatal(err)
		}
	}
}
