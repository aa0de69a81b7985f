package reference_test

import (
	"slices"
	"testing"

	"github.com/gonn-toolkit/gonn/onnxio/graph"
	"github.com/gonn-toolkit/gonn/onnxio/reference"
)

func TestShape(t *testing.T) {
	x := steps(2, 3, 4)
	from := func(start, end int64) []*graph.Attr {
		return attrs(graph.IntAttr("start", start), graph.IntAttr("end", end))
	}
	checkNodes(t,
		nodeCase{op: "Shape", in: all(x), want: all(i64(2, 3, 4))},
		nodeCase{op: "Shape", in: all(arr(nil, 1)), want: all(i64())},
		nodeCase{op: "Shape", in: all(x), attrs: from(1, -1), want: all(i64(3))},
		nodeCase{op: "Shape", in: all(x), attrs: from(-9, 9), want: all(i64(2, 3, 4))},
		nodeCase{op: "Shape", in: all(x), attrs: from(2, 1), want: all(i64())},
		nodeCase{op: "Size", in: all(x), want: all(whole(graph.Int64, nil, 24))},
		nodeCase{op: "Size", in: all(arr([]int{3, 0})), want: all(whole(graph.Int64, nil, 0))},
		nodeCase{op: "Identity", in: all(text("a")), want: all(text("a"))},
		nodeCase{op: "Shape", in: all(nil), err: "input 0 is missing"},
	)
}

func TestReshape(t *testing.T) {
	x, y := steps(2, 3, 4), steps(6, 4)
	keep := graph.IntAttr("allowzero", 1)
	empty := arr([]int{0, 3})
	checkNodes(t,
		nodeCase{op: "Reshape", in: all(x, i64(-1, 4)), want: all(y)},
		nodeCase{op: "Reshape", in: all(x, i64(0, -1)), want: all(steps(2, 12))},
		nodeCase{op: "Reshape", in: all(arr(nil, 5), i64(1)), want: all(vec(5))},
		nodeCase{op: "Reshape", in: all(vec(5), i64()), want: all(arr(nil, 5))},
		nodeCase{op: "Reshape", in: all(empty, i64(3, 0)), attrs: attrs(keep), want: all(arr([]int{3, 0}))},
		nodeCase{op: "Reshape", in: all(empty, i64(-1, 3)), want: all(empty)},
		nodeCase{op: "Reshape", opset: 1, in: all(x), attrs: attrs(graph.IntsAttr("shape", 6, 4)), want: all(y)},
		nodeCase{op: "Reshape", in: all(x, i64(-1, -1)), err: "two sizes of -1"},
		nodeCase{op: "Reshape", in: all(x, i64(5, -1)), err: "cannot become"},
		nodeCase{op: "Reshape", in: all(x, i64(5)), err: "cannot become"},
		nodeCase{op: "Reshape", in: all(x, i64(-2)), err: "negative size"},
		nodeCase{op: "Reshape", in: all(vec(1), i64(1, 0)), err: "does not have"},
		nodeCase{op: "Reshape", in: all(empty, i64(0, -1)), attrs: attrs(keep), err: "cannot become"},
		nodeCase{op: "Reshape", in: all(x, i64(1<<40, 1<<40)), err: "more than"},
		nodeCase{op: "Reshape", in: all(x, vec(1)), err: "must be INT64"},
		nodeCase{op: "Reshape", in: all(x), err: "the new shape is missing"},
	)
}

func TestFlatten(t *testing.T) {
	x := steps(2, 3, 4)
	axis := func(a int64) []*graph.Attr { return attrs(graph.IntAttr("axis", a)) }
	checkNodes(t,
		nodeCase{op: "Flatten", in: all(x), want: all(steps(2, 12))},
		nodeCase{op: "Flatten", in: all(x), attrs: axis(0), want: all(steps(1, 24))},
		nodeCase{op: "Flatten", in: all(x), attrs: axis(3), want: all(steps(24, 1))},
		nodeCase{op: "Flatten", in: all(x), attrs: axis(-1), want: all(steps(6, 4))},
		nodeCase{op: "Flatten", in: all(x), attrs: axis(4), err: "axis 4 does not exist"},
		nodeCase{op: "Flatten", in: all(arr(nil, 1)), attrs: axis(0), want: all(arr([]int{1, 1}, 1))},
	)
}

func TestSqueeze(t *testing.T) {
	x := steps(1, 3, 1)
	axes := func(a ...int64) []*graph.Attr { return attrs(graph.IntsAttr("axes", a...)) }
	checkNodes(t,
		nodeCase{op: "Squeeze", in: all(x), want: all(steps(3))},
		nodeCase{op: "Squeeze", in: all(x, i64(-1)), want: all(steps(1, 3))},
		nodeCase{op: "Squeeze", in: all(x, i64()), want: all(x)},
		nodeCase{op: "Squeeze", opset: 11, in: all(x), attrs: axes(0), want: all(steps(3, 1))},
		nodeCase{op: "Squeeze", in: all(x, i64(1)), err: "not of size 1"},
		nodeCase{op: "Squeeze", in: all(x, i64(0, 0)), err: "named twice"},
		nodeCase{op: "Squeeze", in: all(x, i64(3)), err: "does not exist"},
		nodeCase{op: "Unsqueeze", in: all(steps(3), i64(0, -1)), want: all(x)},
		nodeCase{op: "Unsqueeze", in: all(arr(nil, 7), i64(0)), want: all(vec(7))},
		nodeCase{op: "Unsqueeze", in: all(steps(2, 3), i64(2, 0)), want: all(steps(1, 2, 1, 3))},
		nodeCase{op: "Unsqueeze", opset: 1, in: all(steps(3)), attrs: axes(1), want: all(steps(3, 1))},
		nodeCase{op: "Unsqueeze", in: all(x, many(40)), err: "40 axes are named"},
		nodeCase{op: "Unsqueeze", in: all(arr(slices.Repeat([]int{1}, 31), 1), i64(0, 1)), err: "33 axes"},
		nodeCase{op: "Unsqueeze", in: all(x), err: "the axes are missing"},
		nodeCase{op: "Unsqueeze", in: all(x, i64(0, -5)), err: "named twice"},
		nodeCase{op: "Unsqueeze", in: all(x, i64(4)), err: "does not exist"},
	)
}

// many makes 0, 1, 2, ….
func many(n int64) *reference.Tensor {
	var v []int64
	for i := range n {
		v = append(v, i)
	}
	return i64(v...)
}

func TestConstant(t *testing.T) {
	checkNodes(t,
		nodeCase{op: "Constant", attrs: attrs(graph.TensorAttr("value", graph.Int64Tensor("", []int64{1, 2}, []int64{3, 4}))), want: all(whole(graph.Int64, []int{1, 2}, 3, 4))},
		nodeCase{op: "Constant", attrs: attrs(graph.FloatAttr("value_float", 0.5)), want: all(arr(nil, 0.5))},
		nodeCase{op: "Constant", attrs: []*graph.Attr{{Name: "value_floats", Value: []float32{1, 2}}}, want: all(vec(1, 2))},
		nodeCase{op: "Constant", attrs: attrs(graph.IntAttr("value_int", 5)), want: all(whole(graph.Int64, nil, 5))},
		nodeCase{op: "Constant", attrs: attrs(graph.IntsAttr("value_ints", 5, 6)), want: all(i64(5, 6))},
		nodeCase{op: "Constant", attrs: []*graph.Attr{{Name: "value_strings", Value: []string{"a"}}}, want: all(text("a"))},
		nodeCase{op: "Constant", err: "has 0 attributes"},
		nodeCase{op: "Constant", attrs: attrs(graph.IntAttr("value_int", 1), graph.FloatAttr("value_float", 1)), err: "has 2 attributes"},
		nodeCase{op: "Constant", attrs: []*graph.Attr{{Name: "value", Value: &graph.Graph{}}}, err: "makes no value"},

		nodeCase{op: "ConstantOfShape", in: all(i64(2)), want: all(vec(0, 0))},
		nodeCase{op: "ConstantOfShape", in: all(i64()), attrs: attrs(graph.TensorAttr("value", graph.Int64Tensor("", []int64{1}, []int64{7}))), want: all(whole(graph.Int64, nil, 7))},
		nodeCase{op: "ConstantOfShape", in: all(i64(0, 2)), want: all(arr([]int{0, 2}))},
		nodeCase{op: "ConstantOfShape", in: all(i64(1<<20, 1<<20)), err: "more than"},
		nodeCase{op: "ConstantOfShape", in: all(i64(-1)), err: "negative size"},
		nodeCase{op: "ConstantOfShape", in: all(i64(1)), attrs: attrs(graph.TensorAttr("value", graph.Int64Tensor("", []int64{2}, []int64{7, 8}))), err: "must have one element"},
		nodeCase{op: "ConstantOfShape", in: all(i64(1)), attrs: attrs(graph.IntAttr("value", 1)), err: "must be TENSOR"},
	)
}

func TestRange(t *testing.T) {
	n := func(v int64) *reference.Tensor { return whole(graph.Int64, nil, v) }
	x := func(v float64) *reference.Tensor { return arr(nil, v) }
	checkNodes(t,
		nodeCase{op: "Range", in: all(n(1), n(8), n(3)), want: all(i64(1, 4, 7))},
		nodeCase{op: "Range", in: all(n(5), n(0), n(-2)), want: all(i64(5, 3, 1))},
		nodeCase{op: "Range", in: all(n(5), n(5), n(1)), want: all(i64())},
		nodeCase{op: "Range", in: all(x(0), x(1), x(0.4)), want: all(vec(0, 0.4, 0.8))},
		nodeCase{op: "Range", in: all(x(0), x(-1), x(1)), want: all(vec())},
		nodeCase{op: "Range", in: all(n(-1<<63), n(1<<62), n(1<<62)), want: all(i64(-1<<63, -1<<62, 0))},
		nodeCase{op: "Range", in: all(n(0), n(5), n(0)), err: "step is 0"},
		nodeCase{op: "Range", in: all(n(-1<<63), n(1<<62), n(1)), err: "too many"},
		nodeCase{op: "Range", in: all(x(0), x(1), x(0)), err: "too many"},
		nodeCase{op: "Range", in: all(x(nan), x(1), x(1)), err: "too many"},
		nodeCase{op: "Range", in: all(x(0), n(1), n(1)), err: "numbers of one type"},
		nodeCase{op: "Range", in: all(text("a"), text("b"), text("c")), err: "has no range"},

		nodeCase{op: "EyeLike", in: all(steps(2, 3)), attrs: attrs(graph.IntAttr("k", 1)), want: all(arr([]int{2, 3}, 0, 1, 0, 0, 0, 1))},
		nodeCase{op: "EyeLike", in: all(steps(2, 2)), attrs: attrs(graph.IntAttr("k", -1), graph.IntAttr("dtype", int64(graph.Int64))), want: all(whole(graph.Int64, []int{2, 2}, 0, 0, 1, 0))},
		nodeCase{op: "EyeLike", in: all(vec(1)), err: "must have 2 axes"},
	)
}
