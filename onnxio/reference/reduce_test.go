package reference_test

import (
	"math"
	"testing"

	"github.com/gonn-toolkit/gonn/onnxio/graph"
)

func TestReduce(t *testing.T) {
	x := arr([]int{2, 2}, 1, -2, 3, 4)
	rows, drop := i64(1), graph.IntAttr("keepdims", 0)
	noop := graph.IntAttr("noop_with_empty_axes", 1)
	for op, want := range map[string][3]float64{ // of both rows, and of all
		"ReduceSum":       {-1, 7, 6},
		"ReduceMean":      {-0.5, 3.5, 1.5},
		"ReduceProd":      {-2, 12, -24},
		"ReduceMax":       {1, 4, 4},
		"ReduceMin":       {-2, 3, -2},
		"ReduceL1":        {3, 7, 10},
		"ReduceL2":        {math.Sqrt(5), 5, math.Sqrt(30)},
		"ReduceSumSquare": {5, 25, 30},
		"ReduceLogSum":    {nan, math.Log(7), math.Log(6)},
		"ReduceLogSumExp": {math.Log(math.Exp(1) + math.Exp(-2)), math.Log(math.Exp(3) + math.Exp(4)), math.Log(math.Exp(1) + math.Exp(-2) + math.Exp(3) + math.Exp(4))},
	} {
		checkNodes(t,
			nodeCase{op: op, in: all(x, rows), want: all(arr([]int{2, 1}, want[0], want[1]))},
			nodeCase{op: op, in: all(x, i64(-1)), attrs: attrs(drop), want: all(vec(want[0], want[1]))},
			nodeCase{op: op, opset: 11, in: all(x), attrs: attrs(drop, graph.IntsAttr("axes", 1)), want: all(vec(want[0], want[1]))},
			nodeCase{op: op, in: all(x), want: all(arr([]int{1, 1}, want[2]))},
			nodeCase{op: op, in: all(x, i64()), attrs: attrs(drop), want: all(arr(nil, want[2]))},
			nodeCase{op: op, in: all(x, i64(2)), err: "does not exist"},
			nodeCase{op: op, in: all(x, i64(0, -2)), err: "named twice"},
			nodeCase{op: op, in: all(text("a")), err: "STRING"},
		)
	}
	checkNodes(t,
		nodeCase{op: "ReduceSum", in: all(x, i64()), attrs: attrs(noop), want: all(x)},
		nodeCase{op: "ReduceSumSquare", in: all(x), attrs: attrs(noop), want: all(arr([]int{2, 2}, 1, 4, 9, 16))},
		nodeCase{op: "ReduceMax", in: all(vec(1, nan, 3)), want: all(vec(nan))},
		nodeCase{op: "ReduceSum", in: all(arr(nil, 5)), want: all(arr(nil, 5))},
		nodeCase{op: "ReduceLogSumExp", in: all(vec(1000, 1000)), want: all(vec(1000 + math.Ln2))},
		nodeCase{op: "ReduceLogSumExp", in: all(vec(-inf, -inf)), want: all(vec(-inf))},
	)
}

func TestReduceNothing(t *testing.T) {
	none := arr([]int{0, 2})
	for op, want := range map[string]float64{"ReduceSum": 0, "ReduceProd": 1, "ReduceMax": -inf, "ReduceMin": inf, "ReduceMean": nan,
		"ReduceL1": 0, "ReduceL2": 0, "ReduceSumSquare": 0, "ReduceLogSum": -inf, "ReduceLogSumExp": -inf} {
		checkNodes(t,
			nodeCase{op: op, in: all(none, i64(0)), want: all(arr([]int{1, 2}, want, want))},
			nodeCase{op: op, in: all(none, i64(1)), want: all(arr([]int{0, 1}))},
		)
	}
	checkNodes(t,
		nodeCase{op: "ReduceMax", in: all(whole(graph.Int8, []int{0})), want: all(whole(graph.Int8, []int{1}, -128))},
		nodeCase{op: "ReduceMin", in: all(whole(graph.Uint64, []int{0})), want: all(whole(graph.Uint64, []int{1}, -1))},
		nodeCase{op: "ReduceMax", in: all(yes()), want: all(yes(0))},
		nodeCase{op: "ReduceMin", in: all(yes()), want: all(yes(1))},
		nodeCase{op: "ReduceProd", in: all(i64()), want: all(i64(1))},
		nodeCase{op: "ReduceMean", in: all(i64()), want: all(i64(0))},
	)
}

func TestReduceIntegers(t *testing.T) {
	checkNodes(t,
		nodeCase{op: "ReduceSum", in: all(whole(graph.Uint8, []int{2}, 255, 2)), want: all(whole(graph.Uint8, []int{1}, 1))},
		nodeCase{op: "ReduceMax", in: all(whole(graph.Uint64, []int{2}, -1, 1)), want: all(whole(graph.Uint64, []int{1}, -1))},
		nodeCase{op: "ReduceMax", in: all(i64(-1, 1)), want: all(i64(1))},
		nodeCase{op: "ReduceMin", in: all(yes(1, 0)), want: all(yes(0))},
		nodeCase{op: "ReduceMean", in: all(i64(1, 2, -6)), want: all(i64(-1))},
		nodeCase{op: "ReduceL2", in: all(i64(3, 4)), want: all(i64(5))},
		nodeCase{op: "ReduceL1", in: all(i64(3, -4)), want: all(i64(7))},
	)
}

func TestCumulate(t *testing.T) {
	x := arr([]int{2, 3}, 1, 2, 3, 4, 5, 6)
	last, exclusive, reverse := whole(graph.Int32, nil, -1), graph.IntAttr("exclusive", 1), graph.IntAttr("reverse", 1)
	checkNodes(t,
		nodeCase{op: "CumSum", in: all(x, last), want: all(arr([]int{2, 3}, 1, 3, 6, 4, 9, 15))},
		nodeCase{op: "CumSum", in: all(x, i64(0)), want: all(arr([]int{2, 3}, 1, 2, 3, 5, 7, 9))},
		nodeCase{op: "CumSum", in: all(x, last), attrs: attrs(exclusive), want: all(arr([]int{2, 3}, 0, 1, 3, 0, 4, 9))},
		nodeCase{op: "CumSum", in: all(x, last), attrs: attrs(reverse), want: all(arr([]int{2, 3}, 6, 5, 3, 15, 11, 6))},
		nodeCase{op: "CumSum", in: all(x, last), attrs: attrs(reverse, exclusive), want: all(arr([]int{2, 3}, 5, 3, 0, 11, 6, 0))},
		nodeCase{op: "CumSum", in: all(arr([]int{0, 3}), i64(0)), want: all(arr([]int{0, 3}))},
		nodeCase{op: "CumProd", opset: 26, in: all(i64(2, 3, 4), i64(0)), want: all(i64(2, 6, 24))},
		nodeCase{op: "CumProd", opset: 26, in: all(i64(2, 3, 4), i64(0)), attrs: attrs(exclusive), want: all(i64(1, 2, 6))},
		nodeCase{op: "CumSum", in: all(x, i64(2)), err: "does not exist"},
		nodeCase{op: "CumSum", in: all(x, i64(0, 1)), err: "must be one number"},
		nodeCase{op: "CumSum", in: all(text("a"), i64(0)), err: "type STRING"},
	)
}
