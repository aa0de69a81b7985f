package reference_test

import (
	"testing"

	"github.com/gonn-toolkit/gonn/onnxio/graph"
)

func TestGather(t *testing.T) {
	x := steps(2, 3)
	axis := func(a int64) []*graph.Attr { return attrs(graph.IntAttr("axis", a)) }
	checkNodes(t,
		nodeCase{op: "Gather", in: all(x, i64(-1, 0)), want: all(arr([]int{2, 3}, 3, 4, 5, 0, 1, 2))},
		nodeCase{op: "Gather", in: all(x, whole(graph.Int32, nil, 1)), attrs: axis(1), want: all(vec(1, 4))},
		nodeCase{op: "Gather", in: all(x, whole(graph.Int64, []int{1, 2}, 2, 0)), attrs: axis(-1), want: all(arr([]int{2, 1, 2}, 2, 0, 5, 3))},
		nodeCase{op: "Gather", in: all(x, i64()), want: all(arr([]int{0, 3}))},
		nodeCase{op: "Gather", in: all(text("a", "b"), i64(1)), want: all(text("b"))},
		nodeCase{op: "Gather", in: all(x, i64(2)), err: "index 2 is outside an axis of size 2"},
		nodeCase{op: "Gather", in: all(x, i64(-3)), err: "index -3"},
		nodeCase{op: "Gather", in: all(x, vec(0)), err: "must be INT64 or INT32"},
		nodeCase{op: "Gather", in: all(arr(nil, 1), i64(0)), err: "does not exist"},
		nodeCase{op: "Gather", in: all(arr([]int{0, 3}), i64(0)), err: "outside an axis of size 0"},

		nodeCase{op: "GatherElements", in: all(x, whole(graph.Int64, []int{1, 3}, 1, 0, -1)), want: all(arr([]int{1, 3}, 3, 1, 5))},
		nodeCase{op: "GatherElements", in: all(x, whole(graph.Int64, []int{2, 1}, 2, 0)), attrs: axis(1), want: all(arr([]int{2, 1}, 2, 3))},
		nodeCase{op: "GatherElements", in: all(x, i64(0)), err: "have rank 1"},
		nodeCase{op: "GatherElements", in: all(x, whole(graph.Int64, []int{1, 4}, 0, 0, 0, 0)), err: "larger than"},
		nodeCase{op: "GatherElements", in: all(x, whole(graph.Int64, []int{1, 1}, 2)), err: "outside an axis"},

		nodeCase{op: "GatherND", in: all(x, whole(graph.Int64, []int{2, 2}, 0, 1, -1, 2)), want: all(vec(1, 5))},
		nodeCase{op: "GatherND", in: all(x, whole(graph.Int64, []int{1, 1}, 1)), want: all(arr([]int{1, 3}, 3, 4, 5))},
		nodeCase{op: "GatherND", in: all(x, whole(graph.Int64, []int{2, 1}, 2, 0)), attrs: attrs(graph.IntAttr("batch_dims", 1)), want: all(vec(2, 3))},
		nodeCase{op: "GatherND", in: all(x, whole(graph.Int64, []int{1, 3}, 0, 0, 0)), err: "name 3 axes"},
		nodeCase{op: "GatherND", in: all(x, whole(graph.Int64, nil, 0)), err: "do not fit"},
		nodeCase{op: "GatherND", in: all(x, i64(0)), attrs: attrs(graph.IntAttr("batch_dims", -1)), err: "do not fit"},
		nodeCase{op: "GatherND", in: all(x, i64(5)), err: "index 5"},
	)
}

func TestScatter(t *testing.T) {
	x := arr([]int{3}, 1, 2, 3)
	how := func(s string) []*graph.Attr { return attrs(graph.StringAttr("reduction", s)) }
	twice, updates := i64(1, -2), vec(10, 20)
	square := steps(2, 2)
	checkNodes(t,
		nodeCase{op: "ScatterElements", in: all(x, i64(2, 0), updates), want: all(vec(20, 2, 10))},
		nodeCase{op: "ScatterElements", in: all(x, twice, updates), attrs: how("add"), want: all(vec(1, 32, 3))},
		nodeCase{op: "ScatterElements", in: all(x, twice, updates), attrs: how("mul"), want: all(vec(1, 400, 3))},
		nodeCase{op: "ScatterElements", in: all(x, twice, updates), attrs: how("max"), want: all(vec(1, 20, 3))},
		nodeCase{op: "ScatterElements", in: all(x, twice, updates), attrs: how("min"), want: all(vec(1, 2, 3))},
		nodeCase{op: "ScatterElements", in: all(whole(graph.Uint8, []int{1}, 255), i64(0), whole(graph.Uint8, []int{1}, 1)), attrs: how("add"), want: all(whole(graph.Uint8, []int{1}, 0))},
		nodeCase{op: "Scatter", opset: 9, in: all(square, whole(graph.Int64, []int{1, 2}, 1, 0), arr([]int{1, 2}, 8, 9)), want: all(arr([]int{2, 2}, 0, 9, 8, 3))},
		nodeCase{op: "ScatterElements", in: all(x, i64(3), vec(1)), err: "outside an axis"},
		nodeCase{op: "ScatterElements", in: all(x, i64(0), i64(1)), err: "must be the same"},
		nodeCase{op: "ScatterElements", in: all(x, i64(0), updates), err: "must be the same"},
		nodeCase{op: "ScatterElements", in: all(text("a"), i64(0), text("b")), attrs: how("add"), err: "must be of numbers"},
		nodeCase{op: "ScatterElements", in: all(x, i64(0), vec(1)), attrs: how("mean"), err: `"reduction" is "mean"`},

		nodeCase{op: "ScatterND", in: all(square, whole(graph.Int64, []int{1, 1}, 1), arr([]int{1, 2}, 8, 9)), want: all(arr([]int{2, 2}, 0, 1, 8, 9))},
		nodeCase{op: "ScatterND", in: all(square, whole(graph.Int64, []int{2, 2}, 0, 0, -1, -1), vec(8, 9)), attrs: how("add"), want: all(arr([]int{2, 2}, 8, 1, 2, 12))},
		nodeCase{op: "ScatterND", in: all(square, whole(graph.Int64, []int{1, 1}, 1), vec(8, 9)), err: "must have [1 2]"},
		nodeCase{op: "ScatterND", in: all(square, whole(graph.Int64, []int{1, 1}, 2), arr([]int{1, 2}, 8, 9)), err: "index 2"},

		nodeCase{op: "TensorScatter", opset: 24, in: all(steps(2, 3, 1), arr([]int{2, 1, 1}, 8, 9), i64(1, 2)), want: all(arr([]int{2, 3, 1}, 0, 8, 2, 3, 4, 9))},
		nodeCase{op: "TensorScatter", opset: 24, in: all(steps(1, 3, 1), arr([]int{1, 2, 1}, 8, 9), i64(2)), attrs: attrs(graph.StringAttr("mode", "circular")), want: all(arr([]int{1, 3, 1}, 9, 1, 8))},
		nodeCase{op: "TensorScatter", opset: 24, in: all(steps(1, 3, 1), arr([]int{1, 2, 1}, 8, 9), i64(2)), err: "outside an axis"},
		nodeCase{op: "TensorScatter", opset: 24, in: all(steps(1, 3, 1), arr([]int{1, 2, 1}, 8, 9), i64(0, 0)), err: "for a batch of 1"},
		nodeCase{op: "TensorScatter", opset: 24, in: all(steps(1, 3), arr([]int{1, 3}, 1)), err: "that of the batch"},
	)
}

func TestPad(t *testing.T) {
	x := steps(2, 3)
	mode := func(m string) []*graph.Attr { return attrs(graph.StringAttr("mode", m)) }
	line := vec(0, 1, 2)
	checkNodes(t,
		nodeCase{op: "Pad", in: all(x, i64(1, 0, 0, 2)), want: all(arr([]int{3, 5}, 0, 0, 0, 0, 0, 0, 1, 2, 0, 0, 3, 4, 5, 0, 0))},
		nodeCase{op: "Pad", in: all(line, i64(1, 1), arr(nil, 9)), want: all(vec(9, 0, 1, 2, 9))},
		nodeCase{op: "Pad", in: all(x, i64(-1, 1), nil, i64(-1)), want: all(arr([]int{2, 3}, 1, 2, 0, 4, 5, 0))},
		nodeCase{op: "Pad", in: all(line, i64(2, 2)), attrs: mode("reflect"), want: all(vec(2, 1, 0, 1, 2, 1, 0))},
		nodeCase{op: "Pad", in: all(line, i64(5, 0)), attrs: mode("reflect"), want: all(vec(1, 0, 1, 2, 1, 0, 1, 2))},
		nodeCase{op: "Pad", in: all(vec(7), i64(1, 1)), attrs: mode("reflect"), want: all(vec(7, 7, 7))},
		nodeCase{op: "Pad", in: all(line, i64(2, 1)), attrs: mode("edge"), want: all(vec(0, 0, 0, 1, 2, 2))},
		nodeCase{op: "Pad", in: all(line, i64(4, 2)), attrs: mode("wrap"), want: all(vec(2, 0, 1, 2, 0, 1, 2, 0, 1))},
		nodeCase{op: "Pad", in: all(line, i64(-1, 1)), attrs: mode("edge"), want: all(vec(1, 2, 2))},
		nodeCase{op: "Pad", in: all(vec(), i64(1, 1)), want: all(vec(0, 0))},
		nodeCase{op: "Pad", opset: 2, in: all(line), attrs: attrs(graph.IntsAttr("pads", 1, 0), graph.FloatAttr("value", 5)), want: all(vec(5, 0, 1, 2))},
		nodeCase{op: "Pad", opset: 1, in: all(line), attrs: attrs(graph.IntsAttr("paddings", 0, 1)), want: all(vec(0, 1, 2, 0))},
		nodeCase{op: "Pad", in: all(text("a"), i64(1, 0)), want: all(text("", "a"))},
		nodeCase{op: "Pad", in: all(line, i64(1, 1, 1)), err: "3 numbers of elements to add at 1 axes"},
		nodeCase{op: "Pad", in: all(line, i64(-2, -2)), err: "are added"},
		nodeCase{op: "Pad", in: all(line, i64(1<<40, 0)), err: "more than the limit"},
		nodeCase{op: "Pad", in: all(vec(), i64(1, 1)), attrs: mode("edge"), err: "nothing to repeat"},
		nodeCase{op: "Pad", in: all(line, i64(1, 1), i64(1)), err: "must be one FLOAT"},
		nodeCase{op: "Pad", in: all(line, i64(1, 1)), attrs: mode("mirror"), err: `"mode" is "mirror"`},

		nodeCase{op: "CenterCropPad", in: all(steps(4), i64(1)), want: all(vec(1))},
		nodeCase{op: "CenterCropPad", in: all(vec(1, 2), i64(5)), want: all(vec(0, 1, 2, 0, 0))},
		nodeCase{op: "CenterCropPad", in: all(x, i64(1)), attrs: attrs(graph.IntsAttr("axes", -1)), want: all(arr([]int{2, 1}, 1, 4))},
		nodeCase{op: "CenterCropPad", in: all(x, i64(1)), err: "1 sizes for 2 axes"},
		nodeCase{op: "CenterCropPad", in: all(vec(1), i64(-1)), err: "is to have size -1"},
	)
}
