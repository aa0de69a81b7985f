package reference_test

import (
	"testing"

	"github.com/gonn-toolkit/gonn/onnxio/graph"
)

func TestArg(t *testing.T) {
	x := arr([]int{2, 3}, 1, 3, 3, 2, 0, 0)
	axis, drop, last := graph.IntAttr("axis", -1), graph.IntAttr("keepdims", 0), graph.IntAttr("select_last_index", 1)
	checkNodes(t,
		nodeCase{op: "ArgMax", in: all(x), want: all(whole(graph.Int64, []int{1, 3}, 1, 0, 0))},
		nodeCase{op: "ArgMax", in: all(x), attrs: attrs(axis, drop), want: all(i64(1, 0))},
		nodeCase{op: "ArgMax", in: all(x), attrs: attrs(axis, drop, last), want: all(i64(2, 0))},
		nodeCase{op: "ArgMin", in: all(x), attrs: attrs(axis, drop, last), want: all(i64(0, 2))},
		nodeCase{op: "ArgMax", in: all(whole(graph.Uint64, []int{2}, 1, -1)), want: all(i64(1))},
		nodeCase{op: "ArgMax", in: all(arr([]int{2, 0})), want: all(whole(graph.Int64, []int{1, 0}))},
		nodeCase{op: "ArgMax", in: all(vec()), err: "no largest"},
		nodeCase{op: "ArgMax", in: all(arr(nil, 1)), err: "does not exist"},
	)
}

func TestTopK(t *testing.T) {
	x := arr([]int{2, 3}, 1, 3, 3, 2, 0, 1)
	smallest := graph.IntAttr("largest", 0)
	checkNodes(t,
		nodeCase{op: "TopK", in: all(x, i64(2)), want: all(arr([]int{2, 2}, 3, 3, 2, 1), whole(graph.Int64, []int{2, 2}, 1, 2, 0, 2))},
		nodeCase{op: "TopK", in: all(x, i64(1)), attrs: attrs(smallest, graph.IntAttr("axis", 0)), want: all(arr([]int{1, 3}, 1, 0, 1), whole(graph.Int64, []int{1, 3}, 0, 1, 1))},
		nodeCase{op: "TopK", opset: 1, in: all(x), attrs: attrs(graph.IntAttr("k", 1)), want: all(arr([]int{2, 1}, 3, 2), whole(graph.Int64, []int{2, 1}, 1, 0))},
		nodeCase{op: "TopK", in: all(x, i64(0)), want: all(arr([]int{2, 0}), whole(graph.Int64, []int{2, 0}))},
		nodeCase{op: "TopK", in: all(x, i64(4)), err: "not to be had"},
		nodeCase{op: "TopK", in: all(x, i64(-1)), err: "not to be had"},
		nodeCase{op: "TopK", in: all(x, i64(1, 1)), err: "must be one number"},
		nodeCase{op: "TopK", opset: 1, in: all(x), err: "not to be had"},
	)
}

func TestUnique(t *testing.T) {
	x := arr([]int{2, 3}, 3, 1, 3, 2, 5, 2)
	axis, order := graph.IntAttr("axis", 1), graph.IntAttr("sorted", 0)
	checkNodes(t,
		nodeCase{op: "Unique", in: all(x), want: all(vec(1, 2, 3, 5), i64(1, 3, 0, 4), i64(2, 0, 2, 1, 3, 1), i64(1, 2, 2, 1))},
		nodeCase{op: "Unique", in: all(x), attrs: attrs(order), want: all(vec(3, 1, 2, 5), i64(0, 1, 3, 4), i64(0, 1, 0, 2, 3, 2), i64(2, 1, 2, 1))},
		nodeCase{op: "Unique", in: all(x), attrs: attrs(axis), want: all(arr([]int{2, 2}, 1, 3, 5, 2), i64(1, 0), i64(1, 0, 1), i64(1, 2))},
		nodeCase{op: "Unique", in: all(text("b", "a", "b")), want: all(text("a", "b"))},
		nodeCase{op: "Unique", in: all(vec()), want: all(vec(), i64(), i64(), i64())},
		nodeCase{op: "Unique", in: all(vec(1)), attrs: attrs(axis), err: "does not exist"},
	)
}

func TestMask(t *testing.T) {
	x := steps(2, 3)
	axis := func(a int64) []*graph.Attr { return attrs(graph.IntAttr("axis", a)) }
	checkNodes(t,
		nodeCase{op: "Compress", in: all(x, yes(0, 1, 0, 1)), want: all(vec(1, 3))},
		nodeCase{op: "Compress", in: all(x, yes(0, 1)), attrs: axis(-1), want: all(arr([]int{2, 1}, 1, 4))},
		nodeCase{op: "Compress", in: all(x, yes(0, 1, 1)), attrs: axis(0), err: "up to 2 elements"},
		nodeCase{op: "Compress", in: all(x, i64(1)), err: "must be BOOL"},

		nodeCase{op: "NonZero", in: all(arr([]int{2, 2}, 0, 1, nan, 0)), want: all(whole(graph.Int64, []int{2, 2}, 0, 1, 1, 0))},
		nodeCase{op: "NonZero", in: all(arr([]int{0, 2})), want: all(whole(graph.Int64, []int{2, 0}))},
		nodeCase{op: "NonZero", in: all(text("a")), err: "STRING"},

		nodeCase{op: "OneHot", in: all(i64(1, -1, 9), whole(graph.Int64, nil, 3), vec(0, 5)), want: all(arr([]int{3, 3}, 0, 5, 0, 0, 0, 5, 0, 0, 0))},
		nodeCase{op: "OneHot", in: all(vec(1, 0), vec(2), i64(7, 8)), attrs: axis(0), want: all(whole(graph.Int64, []int{2, 2}, 7, 8, 8, 7))},
		nodeCase{op: "OneHot", in: all(i64(1), i64(-1), vec(0, 1)), err: "depth is -1"},
		nodeCase{op: "OneHot", in: all(i64(1), i64(1<<40), vec(0, 1)), err: "more than the limit"},
		nodeCase{op: "OneHot", in: all(i64(1), i64(1), vec(0)), err: "must have 1 and 2 elements"},

		nodeCase{op: "Trilu", in: all(x), want: all(arr([]int{2, 3}, 0, 1, 2, 0, 4, 5))},
		nodeCase{op: "Trilu", in: all(x, whole(graph.Int64, nil, -1)), attrs: attrs(graph.IntAttr("upper", 0)), want: all(arr([]int{2, 3}, 0, 0, 0, 3, 0, 0))},
		nodeCase{op: "Trilu", in: all(vec(1)), err: "must have 2 axes"},
		nodeCase{op: "Trilu", in: all(x, i64(1, 2)), err: "must be one number"},

		nodeCase{op: "ReverseSequence", in: all(x, i64(2, 1, 0)), want: all(arr([]int{2, 3}, 3, 1, 2, 0, 4, 5))},
		nodeCase{op: "ReverseSequence", in: all(x, i64(3, 2)), attrs: attrs(graph.IntAttr("batch_axis", 0), graph.IntAttr("time_axis", 1)), want: all(arr([]int{2, 3}, 2, 1, 0, 4, 3, 5))},
		nodeCase{op: "ReverseSequence", in: all(x, i64(3, 0, 0)), err: "a length is 3"},
		nodeCase{op: "ReverseSequence", in: all(x, i64(1)), err: "1 lengths for a batch of 3"},
		nodeCase{op: "ReverseSequence", in: all(x, i64(1)), attrs: attrs(graph.IntAttr("batch_axis", 0)), err: "named twice"},
	)
}

func TestEinsum(t *testing.T) {
	a, b := steps(2, 3), steps(3, 2)
	eq := func(s string) []*graph.Attr { return attrs(graph.StringAttr("equation", s)) }
	checkNodes(t,
		nodeCase{op: "Einsum", in: all(a, b), attrs: eq("ij,jk->ik"), want: all(arr([]int{2, 2}, 10, 13, 28, 40))},
		nodeCase{op: "Einsum", in: all(a, b), attrs: eq("ij,jk"), want: all(arr([]int{2, 2}, 10, 13, 28, 40))},
		nodeCase{op: "Einsum", in: all(a), attrs: eq("ij->ji"), want: all(arr([]int{3, 2}, 0, 3, 1, 4, 2, 5))},
		nodeCase{op: "Einsum", in: all(a), attrs: eq("ij->"), want: all(arr(nil, 15))},
		nodeCase{op: "Einsum", in: all(steps(2, 2)), attrs: eq("ii->i"), want: all(vec(0, 3))},
		nodeCase{op: "Einsum", in: all(steps(2, 1, 3), b), attrs: eq("...ij,jk->...ik"), want: all(arr([]int{2, 1, 2}, 10, 13, 28, 40))},
		nodeCase{op: "Einsum", in: all(i64(1, 2), i64(3, 4)), attrs: eq("i, i"), want: all(whole(graph.Int64, nil, 11))},
		nodeCase{op: "Einsum", in: all(a, b), attrs: eq("ij->ij"), err: "1 terms for 2 inputs"},
		nodeCase{op: "Einsum", in: all(a), attrs: eq("ijk->i"), err: "does not fit shape"},
		nodeCase{op: "Einsum", in: all(a), attrs: eq("ij->k"), err: "axis k of the result"},
		nodeCase{op: "Einsum", in: all(a), attrs: eq("ij->ii"), err: "axis i of the result"},
		nodeCase{op: "Einsum", in: all(a, a), attrs: eq("ij,jk->ik"), err: "axis j has sizes 3 and 2"},
		nodeCase{op: "Einsum", in: all(a), attrs: eq("i2->i"), err: "does not fit"},
		nodeCase{op: "Einsum", in: all(vec(1), i64(1)), attrs: eq("i,i->i"), err: "must be the same"},
	)
}
