package reference_test

import (
	"testing"

	"github.com/gonn-toolkit/gonn/onnxio/graph"
)

func TestMatMul(t *testing.T) {
	a := arr([]int{2, 2}, 1, 2, 3, 4)
	b := arr([]int{2, 3}, 1, 0, 1, 0, 1, 1)
	checkNodes(t,
		nodeCase{op: "MatMul", in: all(a, b), want: all(arr([]int{2, 3}, 1, 2, 3, 3, 4, 7))},
		nodeCase{op: "MatMul", in: all(a, vec(1, 10)), want: all(vec(21, 43))},
		nodeCase{op: "MatMul", in: all(vec(1, 10), a), want: all(vec(31, 42))},
		nodeCase{op: "MatMul", in: all(vec(1, 2), vec(3, 4)), want: all(arr(nil, 11))},
		nodeCase{op: "MatMul", in: all(steps(2, 1, 1, 2), steps(3, 2, 1)), want: all(arr([]int{2, 3, 1, 1}, 1, 3, 5, 3, 13, 23))},
		nodeCase{op: "MatMul", in: all(arr([]int{2, 0}), arr([]int{0, 2})), want: all(arr([]int{2, 2}, 0))},
		nodeCase{op: "MatMul", in: all(whole(graph.Int32, []int{1, 1}, 1<<20), whole(graph.Int32, []int{1, 1}, 1<<12)), want: all(whole(graph.Int32, []int{1, 1}, 0))},
		nodeCase{op: "MatMul", in: all(a, arr([]int{3, 1}, 1)), err: "cannot be multiplied"},
		nodeCase{op: "MatMul", in: all(steps(2, 1, 1), steps(3, 1, 1)), err: "cannot be multiplied"},
		nodeCase{op: "MatMul", in: all(a, arr(nil, 1)), err: "a scalar is no matrix"},
		nodeCase{op: "MatMul", in: all(a, whole(graph.Int32, []int{2}, 1, 1)), err: "are not multiplied"},
		nodeCase{op: "MatMul", in: all(arr([]int{1 << 20, 0}), arr([]int{0, 1 << 20})), err: "more than"},
	)
}

func TestGemm(t *testing.T) {
	a := arr([]int{2, 2}, 1, 2, 3, 4)
	b := arr([]int{2, 3}, 1, 0, 1, 0, 1, 1)
	half := graph.FloatAttr("alpha", 0.5)
	checkNodes(t,
		nodeCase{op: "Gemm", in: all(a, b), attrs: attrs(half), want: all(arr([]int{2, 3}, 0.5, 1, 1.5, 1.5, 2, 3.5))},
		nodeCase{op: "Gemm", in: all(a, b, vec(1, 2, 3)), attrs: attrs(graph.FloatAttr("beta", 2)), want: all(arr([]int{2, 3}, 3, 6, 9, 5, 8, 13))},
		nodeCase{op: "Gemm", opset: 6, in: all(a, b, arr([]int{2, 1}, 10, 20)), attrs: attrs(graph.IntAttr("broadcast", 1)), want: all(arr([]int{2, 3}, 11, 12, 13, 23, 24, 27))},
		nodeCase{op: "Gemm", in: all(a, b), attrs: attrs(graph.IntAttr("transA", 1)), want: all(arr([]int{2, 3}, 1, 3, 4, 2, 4, 6))},
		nodeCase{op: "Gemm", in: all(a, a), attrs: attrs(graph.IntAttr("transB", 1)), want: all(arr([]int{2, 2}, 5, 11, 11, 25))},
		nodeCase{op: "Gemm", in: all(a, b, vec(1, 2)), err: "shape [2] does not broadcast to [2 3]"},
		nodeCase{op: "Gemm", in: all(vec(1, 2), b), err: "must be a matrix"},
		nodeCase{op: "Gemm", in: all(b, b), err: "cannot be multiplied"},
	)
}
