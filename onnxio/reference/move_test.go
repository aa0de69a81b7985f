package reference_test

import (
	"testing"

	"github.com/gonn-toolkit/gonn/onnxio/graph"
)

func TestTranspose(t *testing.T) {
	x := steps(1, 2, 3)
	perm := func(p ...int64) []*graph.Attr { return attrs(graph.IntsAttr("perm", p...)) }
	checkNodes(t,
		nodeCase{op: "Transpose", in: all(x), want: all(arr([]int{3, 2, 1}, 0, 3, 1, 4, 2, 5))},
		nodeCase{op: "Transpose", in: all(x), attrs: perm(1, 0, 2), want: all(steps(2, 1, 3))},
		nodeCase{op: "Transpose", in: all(arr(nil, 1)), want: all(arr(nil, 1))},
		nodeCase{op: "Transpose", in: all(arr([]int{0, 2})), want: all(arr([]int{2, 0}))},
		nodeCase{op: "Transpose", in: all(text("a", "b")), want: all(text("a", "b"))},
		nodeCase{op: "Transpose", in: all(x), attrs: perm(0, 1), err: "does not fit rank 3"},
		nodeCase{op: "Transpose", in: all(x), attrs: perm(0, 1, 1), err: "named twice"},
		nodeCase{op: "Transpose", in: all(x), attrs: perm(0, 1, 3), err: "does not exist"},
	)
}

func TestExpand(t *testing.T) {
	checkNodes(t,
		nodeCase{op: "Expand", in: all(vec(1, 2), i64(2, 1)), want: all(arr([]int{2, 2}, 1, 2, 1, 2))},
		nodeCase{op: "Expand", in: all(arr([]int{2, 1}, 1, 2), i64(2)), want: all(arr([]int{2, 2}, 1, 1, 2, 2))},
		nodeCase{op: "Expand", in: all(vec(1), i64(0)), want: all(vec())},
		nodeCase{op: "Expand", in: all(arr(nil, 1), i64()), want: all(arr(nil, 1))},
		nodeCase{op: "Expand", in: all(vec(1, 2), i64(3)), err: "do not broadcast"},
		nodeCase{op: "Expand", in: all(vec(1), i64(-1)), err: "negative size"},
		nodeCase{op: "Expand", in: all(vec(1), i64(1<<30)), err: "more than"},
		nodeCase{op: "Tile", in: all(steps(1, 2), i64(2, 2)), want: all(arr([]int{2, 4}, 0, 1, 0, 1, 0, 1, 0, 1))},
		nodeCase{op: "Tile", in: all(vec(1, 2), i64(0)), want: all(vec())},
		nodeCase{op: "Tile", opset: 1, in: all(steps(1, 2), arr(nil, 1), arr(nil, 1)), err: "must be INT64"},
		nodeCase{op: "Tile", opset: 1, in: all(steps(1, 2), i64(2), i64(0)), want: all(arr([]int{2, 2}, 0, 1, 0, 1))},
		nodeCase{op: "Tile", in: all(vec(1, 2), i64(1, 1)), err: "2 numbers of repeats for rank 1"},
		nodeCase{op: "Tile", in: all(vec(1, 2), i64(-1)), err: "negative size"},
		nodeCase{op: "Tile", opset: 1, in: all(steps(1, 2), i64(2), i64(2)), err: "not repeated"},
	)
}

func TestBlocks(t *testing.T) {
	size := graph.IntAttr("blocksize", 2)
	crd := graph.StringAttr("mode", "CRD")
	x, y := steps(1, 8, 1, 1), steps(1, 1, 2, 4)
	checkNodes(t,
		nodeCase{op: "DepthToSpace", in: all(x), attrs: attrs(size), want: all(arr([]int{1, 2, 2, 2}, 0, 2, 4, 6, 1, 3, 5, 7))},
		nodeCase{op: "DepthToSpace", in: all(x), attrs: attrs(size, crd), want: all(arr([]int{1, 2, 2, 2}, 0, 1, 2, 3, 4, 5, 6, 7))},
		nodeCase{op: "SpaceToDepth", in: all(y), attrs: attrs(size), want: all(arr([]int{1, 4, 1, 2}, 0, 2, 1, 3, 4, 6, 5, 7))},
		nodeCase{op: "SpaceToDepth", opset: 28, in: all(steps(1, 2, 2, 2)), attrs: attrs(size, crd), want: all(x)},
		nodeCase{op: "DepthToSpace", in: all(steps(1, 6, 1, 1)), attrs: attrs(size), err: "no multiple of 4"},
		nodeCase{op: "SpaceToDepth", in: all(steps(1, 1, 3, 2)), attrs: attrs(size), err: "not whole blocks"},
		nodeCase{op: "SpaceToDepth", in: all(y), err: "blocks of size 0"},
		nodeCase{op: "SpaceToDepth", in: all(vec(1)), attrs: attrs(size), err: "must have 4 axes"},
	)
}

func TestJoin(t *testing.T) {
	a, b := arr([]int{2, 1}, 1, 2), arr([]int{2, 2}, 3, 4, 5, 6)
	axis := func(a int64) []*graph.Attr { return attrs(graph.IntAttr("axis", a)) }
	checkNodes(t,
		nodeCase{op: "Concat", in: all(a, b), attrs: axis(1), want: all(arr([]int{2, 3}, 1, 3, 4, 2, 5, 6))},
		nodeCase{op: "Concat", in: all(a, b), attrs: axis(-1), want: all(arr([]int{2, 3}, 1, 3, 4, 2, 5, 6))},
		nodeCase{op: "Concat", in: all(vec(1), vec(), vec(2)), attrs: axis(0), want: all(vec(1, 2))},
		nodeCase{op: "Concat", in: all(text("a"), text("b")), attrs: axis(0), want: all(text("a", "b"))},
		nodeCase{op: "Concat", opset: 1, in: all(a, b), want: all(arr([]int{2, 3}, 1, 3, 4, 2, 5, 6))},
		nodeCase{op: "Concat", in: all(a, b), err: `"axis" is missing`},
		nodeCase{op: "Concat", in: all(a, b), attrs: axis(0), err: "do not join"},
		nodeCase{op: "Concat", in: all(a, vec(1)), attrs: axis(0), err: "do not join"},
		nodeCase{op: "Concat", in: all(vec(1), i64(1)), attrs: axis(0), err: "do not join"},
		nodeCase{op: "Concat", in: all(arr(nil, 1)), attrs: axis(0), err: "does not exist"},
		nodeCase{op: "Concat", attrs: axis(0), err: "input 0 is missing"},
	)
}

func TestSplit(t *testing.T) {
	x := steps(2, 4)
	left, right := arr([]int{2, 1}, 0, 4), arr([]int{2, 3}, 1, 2, 3, 5, 6, 7)
	axis := graph.IntAttr("axis", -1)
	checkNodes(t,
		nodeCase{op: "Split", in: all(x, i64(1, 3)), attrs: attrs(axis), want: all(left, right)},
		nodeCase{op: "Split", opset: 2, in: all(x), attrs: attrs(axis, graph.IntsAttr("split", 1, 3)), want: all(left, right)},
		nodeCase{op: "Split", opset: 1, in: all(x, i64(1, 3)), attrs: attrs(axis), want: all(left, right)},
		nodeCase{op: "Split", opset: 13, in: all(x), want: all(steps(1, 4), arr([]int{1, 4}, 4, 5, 6, 7))},
		nodeCase{op: "Split", in: all(vec(1, 2, 3)), attrs: attrs(graph.IntAttr("num_outputs", 2)), want: all(vec(1, 2), vec(3))},
		nodeCase{op: "Split", in: all(vec(1, 2), i64(0, 2)), want: all(vec(), vec(1, 2))},
		nodeCase{op: "Split", opset: 13, in: all(vec(1, 2, 3)), want: all(nil, nil), err: "2 equal parts"},
		nodeCase{op: "Split", in: all(vec(1, 2, 3)), attrs: attrs(graph.IntAttr("num_outputs", 3)), want: all(nil, nil), err: "its 2 outputs"},
		nodeCase{op: "Split", in: all(x, i64(1, 1)), want: all(nil, nil, nil), err: "the operator gives 2"},
		nodeCase{op: "Split", in: all(x, i64(1, 2)), want: all(nil, nil), err: "is not cut"},
		nodeCase{op: "Split", in: all(x, i64(3, -1)), want: all(nil, nil), err: "is not cut"},
	)
}

func TestSlice(t *testing.T) {
	x := steps(2, 5)
	ints := func(name string, v ...int64) *graph.Attr { return graph.IntsAttr(name, v...) }
	checkNodes(t,
		nodeCase{op: "Slice", in: all(x, i64(1), i64(4), i64(1), i64(2)), want: all(arr([]int{2, 2}, 1, 3, 6, 8))},
		nodeCase{op: "Slice", in: all(x, i64(0, 1), i64(1, 3)), want: all(arr([]int{1, 2}, 1, 2))},
		nodeCase{op: "Slice", in: all(x, i64(-2), i64(1<<62), i64(-1)), want: all(arr([]int{2, 2}, 3, 4, 8, 9))},
		nodeCase{op: "Slice", in: all(vec(0, 1, 2, 3), i64(3), i64(-1<<63), i64(0), i64(-2)), want: all(vec(3, 1))},
		nodeCase{op: "Slice", in: all(vec(0, 1, 2, 3), i64(9), i64(0), i64(0), i64(-1)), want: all(vec(3, 2, 1))},
		nodeCase{op: "Slice", in: all(vec(0, 1, 2, 3), i64(0), i64(4), i64(0), i64(1<<62)), want: all(vec(0))},
		nodeCase{op: "Slice", in: all(vec(0, 1, 2, 3), i64(3), i64(1)), want: all(vec())},
		nodeCase{op: "Slice", in: all(vec(), i64(0), i64(1<<62), i64(0), i64(-1)), want: all(vec())},
		nodeCase{op: "Slice", opset: 1, in: all(x), attrs: attrs(ints("starts", 1), ints("ends", 3), ints("axes", 1)), want: all(arr([]int{2, 2}, 1, 2, 6, 7))},
		nodeCase{op: "Slice", in: all(x, i64(0), i64(1), i64(0), i64(0)), err: "a step is 0"},
		nodeCase{op: "Slice", in: all(x, i64(0, 0), i64(1)), err: "must be as many"},
		nodeCase{op: "Slice", in: all(x, i64(0), i64(1), i64(2)), err: "does not exist"},
		nodeCase{op: "Slice", in: all(x, i64(0, 0), i64(1, 1), i64(0, 0)), err: "named twice"},
		nodeCase{op: "Slice", in: all(x), err: "the starts are missing"},
	)
}
