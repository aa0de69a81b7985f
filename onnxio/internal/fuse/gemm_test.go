package fuse_test

import (
	"testing"

	"github.com/gonn-toolkit/gonn/onnxio/internal/rewrite/rewritetest"
)

func TestGemm(t *testing.T) {
	rewritetest.Run(t, []rewritetest.Case{
		{"a product", `in x [N,3]; w [3,4]; y = MatMul(x, w)`, "Gemm"},
		{"and its bias", `in x [N,3]; w [3,4]; b [4]; a = MatMul(x, w); y = Add(a, b)`, "Gemm"},
		{"in front", `in x [N,3]; w [3,4]; b [1,4]; a = MatMul(x, w); y = Add(b, a)`, "Gemm"},
		{"minus a bias", `in x [N,3]; w [3,4]; b [4]; a = MatMul(x, w); y = Sub(a, b)`, "Gemm"},
		{"a bias minus", `in x [N,3]; w [3,4]; b [4]; a = MatMul(x, w); y = Sub(b, a)`, "Gemm Sub"},
		{"by Sum", `in x [N,3]; w [3,4]; b [4]; a = MatMul(x, w); y = Sum(b, a)`, "Gemm"},
		{"a Gemm without a bias", `in x [N,3]; w [4,3]; b [4]; a = Gemm<transB=1, alpha=0.5>(x, w); y = Add(a, b)`, "Gemm"},
		{"a bias left out", `in x [N,3]; w [4,3]; b [4]; a = Gemm<transB=1>(x, w, ); y = Add(a, b)`, "Gemm"},
		{"a Gemm with a bias", `in x [N,3]; w [3,4]; b [4]; c [4]; a = Gemm(x, w, b); y = Add(a, c)`, "Gemm Add"},
		{"a beta", `in x [N,3]; w [3,4]; b [4]; a = Gemm<beta=2.0>(x, w); y = Add(a, b)`, "Gemm"},
		{"a number", `in x [N,3]; w [3,4]; a = MatMul(x, w); y = Add(a, 0.5)`, "Gemm Add"},
		{"a number for one output", `in x [N,3]; w [3,1]; a = MatMul(x, w); y = Add(a, 0.5)`, "Gemm"},
		{"a value for each sample", `in x [2,3]; w [3,4]; b [2,1]; a = MatMul(x, w); y = Add(a, b)`, "Gemm Add"},
		{"a constant that widens", `in x [N,3]; w [3,4]; b [2,1,4]; a = MatMul(x, w); y = Add(a, b)`, "Gemm Add"},
		{"two that read it", `in x [N,3]; w [3,4]; b [4]; a = MatMul(x, w); y = Add(a, b); z = Relu(a); out y z`, "Gemm Add Relu"},
		{"an output itself", `in x [N,3]; w [3,4]; b [4]; a = MatMul(x, w); y = Add(a, b); out a y`, "Gemm Add"},
		{"added to itself", `in x [N,3]; w [3,4]; a = MatMul(x, w); y = Add(a, a)`, "Gemm Add"},
		{"two products added", `in x [N,3]; w [3,4]; v [3,4]; a = MatMul(x, w); b = MatMul(x, v); y = Add(a, b)`, "Gemm Gemm Add"},
		{"computed weights", `in x [3,3]; y = MatMul(x, x)`, "MatMul"},
		{"a constant first", `in x [3,3]; w [2,3]; y = MatMul(w, x)`, "MatMul"},
		{"a sequence", `in x [N,2,3]; w [3,4]; y = MatMul(x, w)`, "MatMul"},
		{"integers", `in x int[N,3]; w int[3,4] 1 2 3; y = MatMul(x, w)`, "MatMul"},
		{"of another domain", `in x [N,3]; w [3,4]; y = MatMul(x, w); z = Add(y, y)`, "Gemm Add"},
	})
}
