package layout_test

import (
	"testing"

	"github.com/gonn-toolkit/gonn/onnxio/internal/rewrite/rewritetest"
)

// Features that the file cuts into maps. Where it has the channels last, the layer in front
// gives them in the other order, and what is between follows.
func TestCutFeatures(t *testing.T) {
	const behind = `; t = Transpose<perm=[0,3,1,2]>(r); k [2,3,2,2]; y = Conv(t, k)`
	rewritetest.Run(t, []rewritetest.Case{
		{"as in the file", `in x [N,5]; v [5,12]; a = MatMul(x, v); r = Reshape(a, [-1,3,2,2]); k [2,3,2,2]; y = Conv(r, k)`, "Gemm Reshape Conv"},
		{"channels last", `in x [N,5]; v [5,12]; a = MatMul(x, v); r = Reshape(a, [-1,2,2,3])` + behind, "Gemm Reshape Conv"},
		{"with a bias", `in x [N,5]; v [5,12]; b [12]; a = MatMul(x, v); c = Add(b, a); r = Reshape(c, [-1,2,2,3])` + behind, "Gemm Reshape Conv"},
		{"a Gemm", `in x [N,5]; v [12,5]; b [1,12]; a = Gemm<transB=1>(x, v, b); r = Reshape(a, [-1,2,2,3])` + behind, "Gemm Reshape Conv"},
		{"a normalisation and slopes between", `in x [N,5]; v [5,12]; g [12]; b [12]; m [12]; s [12] 1; k2 [12]; a = MatMul(x, v); n = BatchNormalization(a, g, b, m, s); p = PRelu(n, k2); r = Reshape(p, [-1,2,2,3])` + behind, "Gemm BatchNormalization PRelu Reshape Conv"},
		{"an activation of several nodes between", `in x [N,5]; v [5,12]; a = MatMul(x, v); s = Sigmoid(a); p = Mul(s, a); r = Reshape(p, [-1,2,2,3])` + behind, "Gemm Sigmoid Mul Reshape Conv"},
		{"an activation behind", `in x [N,5]; v [5,12]; k2 [3]; a = MatMul(x, v); r0 = Reshape(a, [-1,2,2,3]); r = PRelu(r0, k2)` + behind, "Gemm Reshape PRelu Conv"},
		{"a layer that others read too", `in x [N,5]; v [5,12]; a = MatMul(x, v); r = Reshape(a, [-1,2,2,3])` + behind + `; z = Relu(a); out y z`, "Gemm Reshape Transpose Conv Relu"},
		{"an activation that others read too", `in x [N,5]; v [5,12]; a = MatMul(x, v); b = Relu(a); c = Tanh(b); r = Reshape(c, [-1,2,2,3])` + behind + `; z = Exp(b); out y z`, "Gemm Relu Tanh Reshape Transpose Conv Exp"},
		{"one that others read in another shape", `in x [N,5]; v [5,12]; a = MatMul(x, v); u = Unsqueeze(a, [2]); r = Reshape(u, [-1,2,2,3])` + behind + `; z = Exp(u); out y z`, "Gemm Reshape Reshape Transpose Conv Exp Reshape"},
		{"the input itself", `in x [N,12]; r = Reshape(x, [-1,2,2,3])` + behind, "Reshape Transpose Conv"},
		{"factors that are no features", `in x [N,5]; v [5,12]; k2 [1]; a = MatMul(x, v); b = Mul(a, k2); r = Reshape(b, [-1,2,2,3])` + behind, "Gemm Mul Reshape Conv"},
		{"a sequence", `in x [N,5]; v [5,12]; a = MatMul(x, v); r = Reshape(a, [-1,3,4]); k [2,3,2]; y = Conv(r, k)`, "Gemm Reshape Conv"},
		{"a sequence with channels last", `in x [N,5]; v [5,12]; a = MatMul(x, v); r = Reshape(a, [-1,4,3]); t = Transpose<perm=[0,2,1]>(r); k [2,3,2]; y = Conv(t, k)`, "Gemm Reshape Conv"},
		{"a map of other sizes", `in x [N,2,3,4]; r = Reshape(x, [-1,4,2,3]); y = Relu(r)`, "Reshape Relu"},
		{"a shape that the file computes", `in x [N,6]; s = Shape(x); n = Slice(s, [0], [1]); to = Concat<axis=0>(n, [2,3,1]); r = Reshape(x, to); k [4,2,1,1]; y = Conv(r, k)`, "Reshape Conv"},
		{"samples mixed", `in x [N,6]; r = Reshape(x, [-1,4]); y = Relu(r)`, "Reshape Relu"},
	})
}

// Factors of channels beside a map whose channels come last.
func TestFactorsAreAligned(t *testing.T) {
	const before = `in x [N,4,4,2]; w [3,2,3,3]; a = Transpose<perm=[0,3,1,2]>(x); b = Conv(a, w); c = Transpose<perm=[0,2,3,1]>(b); p = ReduceMean<keepdims=0, axes=[1,2]>(c); v [3,3]; g = MatMul(p, v)`
	rewritetest.Run(t, []rewritetest.Case{
		{"by Reshape", before + `; s = Reshape(g, [-1,1,1,3]); y = Mul(c, s)`, "Conv GlobalAveragePool Flatten Gemm Reshape Mul"},
		{"by Unsqueeze, in front", before + `; s = Unsqueeze(g, [1,2]); y = Mul(s, c)`, "Conv GlobalAveragePool Flatten Gemm Reshape Mul"},
		{"read twice", before + `; s = Unsqueeze(g, [1,2]); h = Mul(s, c); y = Add(h, s)`, "Conv GlobalAveragePool Flatten Gemm Reshape Mul Add"},
		{"with a layer on factors (N, 1, 1, C)", before + `; s = Reshape(g, [-1,1,1,3]); u [3,2]; t = MatMul(s, u); r = Relu(t); u2 [2,3]; z = MatMul(r, u2); y = Mul(c, z)`, "Conv GlobalAveragePool Flatten Gemm Gemm Relu Gemm Reshape Mul"},
		{"channels first", `in x [N,3,2,2]; p = ReduceMean<keepdims=0, axes=[2,3]>(x); s = Unsqueeze(p, [2,3]); y = Mul(x, s)`, "GlobalAveragePool Flatten Reshape Mul"},
	})
}
