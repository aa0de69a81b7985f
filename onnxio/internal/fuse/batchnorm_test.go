package fuse_test

import (
	"math"
	"slices"
	"testing"

	"github.com/gonn-toolkit/gonn/onnxio/graph"
	"github.com/gonn-toolkit/gonn/onnxio/internal/rewrite"
	"github.com/gonn-toolkit/gonn/onnxio/internal/rewrite/rewritetest"
)

// The constants of a normalisation of three channels: γ, β, μ and σ².
const statistics = `; g [3,1,1] 1.5 -2 0.5; b [3,1,1] 0.1 0.2 0.3; m [3,1,1] 1 2 -3; v [3,1,1] 0.5 1 2; `

func TestBatchNormWrittenOut(t *testing.T) {
	const relu = "in x0 [N,3,2,2]" + statistics + "x = Relu(x0); "
	rewritetest.Run(t, []rewritetest.Case{
		{"(x − μ)·(γ/√(σ² + ε)) + β", relu + `e = Add(v, 0.001); q = Sqrt(e); s = Div(g, q); d = Sub(x, m); p = Mul(d, s); y = Add(p, b)`, "Relu BatchNormalization"},
		{"in other orders", relu + `e = Add(0.001, v); q = Sqrt(e); r = Reciprocal(q); s = Mul(r, g); d = Sub(x, m); p = Mul(s, d); y = Add(b, p)`, "Relu BatchNormalization"},
		{"1/√ written as a quotient", relu + `e = Add(v, 0.001); q = Sqrt(e); r = Div(1.0, q); s = Mul(g, r); d = Sub(x, m); p = Mul(d, s); y = Add(p, b)`, "Relu BatchNormalization"},
		{"x·s + (β − μ·s)", relu + `e = Add(v, 0.001); q = Sqrt(e); s = Div(g, q); u = Mul(m, s); t = Sub(b, u); p = Mul(x, s); y = Add(p, t)`, "Relu BatchNormalization"},
		{"x·s + (−μ·s + β)", relu + `e = Add(v, 0.001); q = Sqrt(e); s = Div(g, q); n = Neg(m); u = Mul(s, n); t = Add(u, b); p = Mul(x, s); y = Add(t, p)`, "Relu BatchNormalization"},
		{"x·s + (−(μ·s) + β)", relu + `e = Add(v, 0.001); q = Sqrt(e); s = Div(g, q); u = Mul(s, m); n = Neg(u); t = Add(b, n); p = Mul(x, s); y = Add(p, t)`, "Relu BatchNormalization"},
		{"without β", relu + `e = Add(v, 0.001); q = Sqrt(e); s = Div(g, q); d = Sub(x, m); y = Mul(d, s)`, "Relu BatchNormalization"},
		{"without γ", relu + `e = Add(v, 0.001); q = Sqrt(e); s = Reciprocal(q); d = Sub(x, m); p = Mul(d, s); y = Add(p, b)`, "Relu BatchNormalization"},
		{"x·s − μ·s", relu + `e = Add(v, 0.001); q = Sqrt(e); s = Reciprocal(q); u = Mul(m, s); n = Neg(u); p = Mul(x, s); y = Add(p, n)`, "Relu BatchNormalization"},
		{"of features", `in x0 [N,3]; g [3]; b [3]; m [3]; v [3] 1 2 3; x = Relu(x0); e = Add(v, 0.001); q = Sqrt(e); s = Div(g, q); d = Sub(x, m); p = Mul(d, s); y = Add(p, b)`, "Relu BatchNormalization"},
		// Without statistics there is none.
		{"only a scale and a shift", relu + `p = Mul(x, g); y = Add(p, b)`, "Relu Mul Add"},
		{"a mean without a variance", relu + `d = Sub(x, m); p = Mul(d, g); y = Add(p, b)`, "Relu Sub Mul Add"},
		{"a mean and a scale", relu + `d = Sub(x, m); y = Mul(d, g)`, "Relu Sub Mul"},
		{"a variance without a mean", relu + `e = Add(v, 0.001); q = Sqrt(e); s = Div(g, q); p = Mul(x, s); y = Add(p, b)`, "Relu Mul Add"},
		{"a standard deviation of its own", relu + `d = Sub(x, m); q = Sqrt(v); p = Div(d, q); y = Add(p, b)`, "Relu Sub Div Add"},
		{"in the file's layout", `in x0 [N,2,2,3]; w [3,3,1,1]; g [3]; b [3]; m [3]; v [3] 1 2 3; t = Transpose<perm=[0,3,1,2]>(x0); c = Conv(t, w); a = Transpose<perm=[0,2,3,1]>(c); x = Relu(a); e = Add(v, 0.001); q = Sqrt(e); s = Div(g, q); d = Sub(x, m); p = Mul(d, s); y = Add(p, b)`, "Conv Relu BatchNormalization"},
		{"a scale alone", relu + `y = Mul(x, g)`, "Relu Mul"},
		{"a shift alone", relu + `y = Sub(x, m)`, "Relu Sub"},
		{"one number", relu + `p = Mul(x, 0.5); y = Add(p, 0.25)`, "Relu Mul Add"},
		{"a shift for each column", `in x0 [N,3,2,2]; g [3,1,1]; b [2]; x = Relu(x0); p = Mul(x, g); y = Add(p, b)`, "Relu Mul Add"},
		{"a mean that widens", `in x0 [N,1,3]; m [3,1]; g [3,1]; x = Relu(x0); d = Sub(x, m); y = Mul(d, g)`, "Relu Sub Mul"},
		{"a difference that is read again", relu + `d = Sub(x, m); p = Mul(d, g); y = Add(p, b); z = Relu(d); out y z`, "Relu Sub Mul Add Relu"},
		{"doubles", `in x0 double[N,3]; g double[3]; b double[3]; x = Relu(x0); p = Mul(x, g); y = Add(p, b)`, "Relu Mul Add"},
	})
}

// The file's own statistics come back where it holds them, in the order of the cleaned
// graph.
func TestBatchNormKeepsStatistics(t *testing.T) {
	const written = `e = Add(v, 0.001); q = Sqrt(e); s = Div(g, q); u = Mul(m, s); t = Sub(b, u); p = Mul(x, s); y = Add(p, t)`
	for _, c := range []struct {
		name, text string
		want       [4][]float32 // γ, β, μ, σ²
	}{
		{"found", "in x0 [N,3,2,2]" + statistics + "x = Relu(x0); " + written, [4][]float32{{1.5, -2, 0.5}, {0.1, 0.2, 0.3}, {1, 2, -3}, {0.5, 1, 2}}},
		{"moved first", "in x0 [N,3,2,2]; g0 [3]; b [3,1,1] 0; m [3,1,1] 1; v [3,1,1] 2; g1 [1,3] 3 4 5; g2 = Transpose(g1); g = Unsqueeze(g2, [2]); x = Relu(x0); " + written,
			[4][]float32{{3, 4, 5}, {0, 0, 0}, {1, 1, 1}, {2, 2, 2}}},
		{"one number for all", "in x0 [N,3,2,2]; g [3,1,1] 1 2 3; b [3,1,1] 1; m [3,1,1] 1; v0 [] 2; v = Expand(v0, [3,1,1]); x = Relu(x0); " + written,
			[4][]float32{{1, 2, 3}, {1, 1, 1}, {1, 1, 1}, {2, 2, 2}}},
		{"features in another order", `in x0 [N,1,2,2]; w [2,1,1,1]; c = Conv(x0, w); t0 = Transpose<perm=[0,2,3,1]>(c); f = Flatten(t0); ` +
			`g [8] 1 2 3 4 5 6 7 8; b [8] 1; m [8] 10 20 30 40 50 60 70 80; v [8] 3; ` + `x = Relu(f); ` + written,
			[4][]float32{{1, 3, 5, 7, 2, 4, 6, 8}, {1, 1, 1, 1, 1, 1, 1, 1}, {10, 30, 50, 70, 20, 40, 60, 80}, {3, 3, 3, 3, 3, 3, 3, 3}}},
		{"a variance and ε that look alike", "in x0 [N,1,2]; g [1,1] 3; b [1,1] 1; m [1,1] 1; v [1,1] 0.05; x = Relu(x0); " + written, [4][]float32{{3}, {1}, {1}, {0.05}}},
	} {
		t.Run(c.name, func(t *testing.T) {
			m := rewritetest.Parse(t, c.text)
			r := rewrite.Clean(m)
			if err := rewritetest.Keeps(m, r, 1, rewritetest.Tolerance); err != nil {
				t.Fatal(err)
			}
			nodes := r.Model.Graph.Nodes
			i := slices.IndexFunc(nodes, func(n *graph.Node) bool { return n.OpType == "BatchNormalization" })
			if i < 0 {
				t.Fatalf("no normalisation:\n%s", rewritetest.Print(r.Model))
			}
			for k, want := range c.want {
				got := initializer(t, r.Model, nodes[i].Inputs[1+k])
				if !slices.EqualFunc(got, want, func(a, b float32) bool { return math.Abs(float64(a-b)) < 1e-6 }) {
					t.Errorf("operand %d is %v, want %v", 1+k, got, want)
				}
			}
		})
	}
}

func initializer(t *testing.T, m *graph.Model, name string) []float32 {
	t.Helper()
	for _, c := range m.Graph.Initializers {
		if c.Name == name {
			v, err := c.Float32s()
			if err != nil {
				t.Fatal(err)
			}
			return v
		}
	}
	t.Fatalf("no initializer %q", name)
	return nil
}

func TestScaleIntoWeights(t *testing.T) {
	rewritetest.Run(t, []rewritetest.Case{
		{"of a convolution", `in x [N,2,3,3]; w [3,2,2,2]; g [3,1,1]; b [3,1,1]; a = Conv(x, w); p = Mul(a, g); y = Add(b, p)`, "Conv"},
		{"and its bias", `in x [N,2,3,3]; w [3,2,2,2]; c [3]; g [3,1,1]; b [3,1,1]; a = Conv(x, w, c); p = Mul(g, a); y = Add(p, b)`, "Conv"},
		{"of a depthwise one", `in x [N,2,3,3]; w [2,1,2,2]; g [2,1,1]; b [2,1,1]; a = Conv<group=2>(x, w); p = Mul(a, g); y = Add(p, b)`, "Conv"},
		{"of a product", `in x [N,2]; w [2,3]; g [3]; b [3]; a = MatMul(x, w); p = Mul(a, g); y = Add(p, b)`, "Gemm"},
		{"of a transposed Gemm", `in x [N,2]; w [3,2]; c [3]; g [3]; b [3]; a = Gemm<transB=1>(x, w, c); p = Mul(a, g); y = Add(p, b)`, "Gemm"},
		{"with statistics", `in x [N,2]; w [2,3]; g [3]; m [3]; b [3]; v [3] 1 2 3; e = Add(v, 0.001); q = Sqrt(e); s = Div(g, q); u = Mul(m, s); t = Sub(b, u); a = MatMul(x, w); p = Mul(a, s); y = Add(p, t)`, "Gemm BatchNormalization"},
		{"of a Gemm with alpha", `in x [N,2]; w [2,3]; g [3]; b [3]; a = Gemm<alpha=2.0>(x, w); p = Mul(a, g); y = Add(p, b)`, "Gemm"},
		{"of computed weights", `in x [N,2]; in w [2,3]; g [3]; b [3]; a = Gemm(x, w); p = Mul(a, g); y = Add(p, b)`, "Gemm Mul Add"},
		{"of a computed bias", `in x [N,2]; w [2,3]; in c [3]; g [3]; b [3]; a = Gemm(x, w, c); p = Mul(a, g); y = Add(p, b)`, "Gemm Mul Add"},
		{"a mean without a variance", `in x [N,2]; w [2,3]; g [3]; m [3]; b [3]; a = MatMul(x, w); d = Sub(a, m); p = Mul(d, g); y = Add(p, b)`, "Gemm"},
		{"of a layer that is read again", `in x [N,2]; w [2,3]; g [3]; b [3]; a = MatMul(x, w); p = Mul(a, g); y = Add(p, b); z = Relu(a); out y z`, "Gemm Mul Add Relu"},
		{"of a weight that two share", `in x [N,2]; w [2,3]; g [3]; b [3]; a = MatMul(x, w); p = Mul(a, g); q = Add(p, b); c = MatMul(x, w); y = Add(q, c)`, "Gemm Gemm Add"},
	})
}

func TestFuseOrders(t *testing.T) {
	rewritetest.Run(t, []rewritetest.Case{
		{"constants stand behind", `in x [N,3]; c [3]; a = Mul(c, x); y = Add(0.5, a)`, "Mul Add"},
		{"a scale inside a product", `in x [N,3]; c [3]; s = Sigmoid(x); p = Mul(s, c); y = Mul(x, p)`, "Sigmoid Mul Mul"},
		{"a scale inside a product, in front", `in x [N,3]; c [3]; s = Sigmoid(x); p = Mul(c, s); y = Mul(p, x)`, "Sigmoid Mul Mul"},
		{"a scale of a wider factor", `in x [N,3]; c [3]; in s [N,1]; p = Mul(s, c); y = Mul(x, p)`, "Mul Mul"},
		{"a scale that is read again", `in x [N,3]; c [3]; s = Sigmoid(x); p = Mul(s, c); y = Mul(x, p); out y p`, "Sigmoid Mul Mul"},
		{"a square of a scaled value", `in x [N,3]; c [3]; p = Mul(x, c); y = Mul(p, p)`, "Mul Mul"},
	})
	r := rewrite.Clean(rewritetest.Parse(t, `in x [N,3]; c [3]; s = Sigmoid(x); p = Mul(c, s); y = Mul(p, x)`))
	if last := r.Model.Graph.Nodes[2]; last.Inputs[1] != "c" {
		t.Errorf("the constant is not outside:\n%s", rewritetest.Print(r.Model))
	}
}
