package onnxio

import (
	"testing"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/nn/layer"
	"github.com/gonn-toolkit/gonn/onnxio/graph"
)

func TestDenseIsRead(t *testing.T) {
	byRows := graph.Float32Tensor("w", []int64{2, 3}, []float32{1, 2, 3, 4, 5, 6})
	byCols := graph.Float32Tensor("w", []int64{3, 2}, []float32{1, 4, 2, 5, 3, 6})
	for _, c := range []struct {
		name string
		w    *graph.Tensor
		bias []int64 // shape; nil for none
		n    *graph.Node
	}{
		{"transB 1", byRows, nil, node("Gemm", "x w", "y", graph.IntAttr("transB", 1))},
		{"transB 0", byCols, nil, node("Gemm", "x w", "y", graph.IntAttr("transB", 0))},
		{"transB left out", byCols, nil, node("Gemm", "x w", "y")},
		{"all defaults written", byCols, []int64{2}, node("Gemm", "x w b", "y", graph.FloatAttr("alpha", 1), graph.FloatAttr("beta", 1), graph.IntAttr("transA", 0))},
		{"bias", byRows, []int64{2}, node("Gemm", "x w b", "y", graph.IntAttr("transB", 1))},
		{"bias of one row", byRows, []int64{1, 2}, node("Gemm", "x w b", "y", graph.IntAttr("transB", 1))},
		{"bias left out", byRows, nil, node("Gemm", "x w -", "y", graph.IntAttr("transB", 1))},
	} {
		t.Run(c.name, func(t *testing.T) {
			inits := []*graph.Tensor{c.w}
			want := layer.Dense{Out: 2, NoBias: true}
			if c.bias != nil {
				inits = append(inits, graph.Float32Tensor("b", c.bias, []float32{10, 20}))
				want.NoBias = false
			}
			net := imports(t, model(nn.Shape{3}, inits, c.n)).Network
			if got := net.Nodes()[0].Layer; got != nn.Layer(want) {
				t.Fatalf("read as %s", settings(got))
			}
			sameBits(t, "weight", net.Param("dense.weight").Data, []float32{1, 2, 3, 4, 5, 6})
			y, err := net.Forward(&nn.Tensor{Shape: []int{1, 3}, Data: []float32{1, 0, -1}})
			if err != nil {
				t.Fatal(err)
			}
			results := []float32{-2, -2} // 1−3, 4−6
			if c.bias != nil {
				results = []float32{8, 18}
			}
			sameBits(t, "result", y.Data, results)
		})
	}
}

// Factors go into the weight and the bias, and a bias of one number is one for each output.
func TestGemmWithFactors(t *testing.T) {
	w := graph.Float32Tensor("w", []int64{2, 3}, []float32{1, 2, 3, 4, 5, 6})
	one := graph.Float32Tensor("w", []int64{1, 3}, []float32{1, 2, 3})
	alpha, beta, transB := graph.FloatAttr("alpha", 2), graph.FloatAttr("beta", 0.5), graph.IntAttr("transB", 1)
	for _, c := range []struct {
		name   string
		w, b   *graph.Tensor
		n      *graph.Node
		weight []float32
		bias   []float32 // nil for none
	}{
		{"alpha", w, nil, node("Gemm", "x w", "y", transB, alpha), []float32{2, 4, 6, 8, 10, 12}, nil},
		{"alpha and beta", w, graph.Float32Tensor("b", []int64{1, 2}, []float32{10, 20}), node("Gemm", "x w b", "y", transB, alpha, beta),
			[]float32{2, 4, 6, 8, 10, 12}, []float32{5, 10}},
		{"beta 0", w, graph.Float32Tensor("b", []int64{2}, []float32{10, 20}), node("Gemm", "x w b", "y", transB, graph.FloatAttr("beta", 0)),
			[]float32{1, 2, 3, 4, 5, 6}, nil},
		{"a number as bias", w, graph.Float32Tensor("b", nil, []float32{10}), node("Gemm", "x w b", "y", transB, beta),
			[]float32{1, 2, 3, 4, 5, 6}, []float32{5, 5}},
		{"one element as bias", w, graph.Float32Tensor("b", []int64{1, 1}, []float32{10}), node("Gemm", "x w b", "y", transB),
			[]float32{1, 2, 3, 4, 5, 6}, []float32{10, 10}},
		{"a number as bias of one output", one, graph.Float32Tensor("b", nil, []float32{10}), node("Gemm", "x w b", "y", transB),
			[]float32{1, 2, 3}, []float32{10}},
	} {
		t.Run(c.name, func(t *testing.T) {
			inits := []*graph.Tensor{c.w}
			if c.b != nil {
				inits = append(inits, c.b)
			}
			m := model(nn.Shape{3}, inits, c.n)
			im := imports(t, m)
			if got, want := im.Network.Nodes()[0].Layer, (layer.Dense{Out: len(c.weight) / 3, NoBias: c.bias == nil}); got != nn.Layer(want) {
				t.Fatalf("read as %s", settings(got))
			}
			sameBits(t, "weight", im.Network.Param("dense.weight").Data, c.weight)
			if c.bias != nil {
				sameBits(t, "bias", im.Network.Param("dense.bias").Data, c.bias)
			}
			sameAsEvaluator(t, m, im)
		})
	}
}

func TestDenseIsRefused(t *testing.T) {
	w := tensor("w", 2, 3)
	transB := graph.IntAttr("transB", 1)
	for _, c := range []struct {
		name  string
		x     nn.Shape
		inits []*graph.Tensor
		n     *graph.Node
		want  string
	}{
		{"alpha 2 and a computed bias", nn.Shape{3}, []*graph.Tensor{w}, node("Gemm", "x w h", "y", transB, graph.FloatAttr("alpha", 2)), "alpha 2, beta 1, transA 0: a Dense layer needs 1, 1 and 0"},
		{"transA 1", nn.Shape{3}, []*graph.Tensor{w}, node("Gemm", "x w", "y", transB, graph.IntAttr("transA", 1)), "transA 1"},
		{"alpha of another kind", nn.Shape{3}, []*graph.Tensor{w}, node("Gemm", "x w", "y", graph.IntAttr("alpha", 1)), `attribute "alpha" is of kind INT, it must be FLOAT`},
		{"transB missing", nn.Shape{3}, []*graph.Tensor{w}, node("Gemm", "x w", "y"), "its input has shape (N, 3), the weight needs (N, 2)"},
		{"another size", nn.Shape{4}, []*graph.Tensor{w}, node("Gemm", "x w", "y", transB), "its input has shape (N, 4), the weight needs (N, 3)"},
		{"a map", nn.Shape{1, 1, 3}, []*graph.Tensor{w}, node("Gemm", "x w", "y", transB), "its input has shape (N, 1, 1, 3)"},
		{"weight of three axes", nn.Shape{3}, []*graph.Tensor{tensor("w", 1, 2, 3)}, node("Gemm", "x w", "y", transB), "its weight has shape (1, 2, 3), need two axes"},
		{"weight computed", nn.Shape{3}, nil, node("Gemm", "x h", "y"), `its weight "h" is computed when the model runs`},
		{"weight without elements", nn.Shape{3}, []*graph.Tensor{tensor("w", 1<<50, 0)}, node("Gemm", "x w", "y"), "has no elements"},
		{"weight of integers", nn.Shape{3}, []*graph.Tensor{graph.Int64Tensor("w", []int64{1, 3}, []int64{1, 2, 3})}, node("Gemm", "x w", "y", transB), `its weight "w" has element type INT64; need FLOAT`},
		{"bias of another size", nn.Shape{3}, []*graph.Tensor{w, tensor("b", 3)}, node("Gemm", "x w b", "y", transB), "its bias has shape (3), the weight needs (2)"},
		{"bias of one column", nn.Shape{3}, []*graph.Tensor{w, tensor("b", 2, 1)}, node("Gemm", "x w b", "y", transB), "its bias has shape (2, 1), the weight needs (2)"},
		{"bias of three axes", nn.Shape{3}, []*graph.Tensor{w, tensor("b", 1, 1, 2)}, node("Gemm", "x w b", "y", transB), "its bias has shape (1, 1, 2), the weight needs (2)"},
		{"bias computed", nn.Shape{3}, []*graph.Tensor{w}, node("Gemm", "x w h", "y", transB), `its bias "h" is computed when the model runs`},
		{"unknown attribute", nn.Shape{3}, []*graph.Tensor{w}, node("Gemm", "x w", "y", transB, graph.IntAttr("broadcast", 1)), `attribute "broadcast" is not known for it`},
	} {
		t.Run(c.name, func(t *testing.T) {
			refuses(t, model(c.x, c.inits, node("Tanh", "x", "h"), c.n), `Gemm "y"`, c.want)
		})
	}
}
