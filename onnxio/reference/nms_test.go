package reference_test

import (
	"testing"

	"github.com/gonn-toolkit/gonn/onnxio/graph"
	"github.com/gonn-toolkit/gonn/onnxio/reference"
)

func TestNonMaxSuppression(t *testing.T) {
	// Box 1 covers half of box 0, box 2 lies apart; corners in any order.
	boxes := arr([]int{1, 3, 4}, 0, 0, 2, 2, 2, 2, 0, 1, 5, 5, 6, 6)
	scores := arr([]int{1, 2, 3}, 0.5, 0.75, 0.25, 0.5, 0.5, 0)
	many, half := i64(9), vec(0.5)
	kept := func(v ...int64) []*reference.Tensor { return all(whole(graph.Int64, []int{len(v) / 3, 3}, v...)) }
	checkNodes(t,
		nodeCase{op: "NonMaxSuppression", in: all(boxes, scores, many, half), want: kept(0, 0, 1, 0, 0, 0, 0, 0, 2, 0, 1, 0, 0, 1, 1, 0, 1, 2)},
		nodeCase{op: "NonMaxSuppression", in: all(boxes, scores, many, vec(0.25)), want: kept(0, 0, 1, 0, 0, 2, 0, 1, 0, 0, 1, 2)},
		nodeCase{op: "NonMaxSuppression", in: all(boxes, scores, i64(1), half), want: kept(0, 0, 1, 0, 1, 0)},
		nodeCase{op: "NonMaxSuppression", in: all(boxes, scores, many, half, half), want: kept(0, 0, 1)},
		nodeCase{op: "NonMaxSuppression", in: all(boxes, scores), want: kept()},
		nodeCase{op: "NonMaxSuppression", in: all(arr([]int{1, 2, 4}, 1, 1, 2, 2, 1, 1.5, 2, 1), arr([]int{1, 1, 2}, 1, 2), many, vec(0.5)), attrs: attrs(graph.IntAttr("center_point_box", 1)), want: kept(0, 0, 1, 0, 0, 0)},
		nodeCase{op: "NonMaxSuppression", in: all(boxes, arr([]int{1, 2, 2}, 1)), err: "do not fit"},
		nodeCase{op: "NonMaxSuppression", in: all(boxes, scores, i64(1, 2)), err: "input 2 has shape [2]"},
	)
}

func TestDet(t *testing.T) {
	checkNodes(t,
		nodeCase{op: "Det", in: all(arr([]int{2, 2}, 0, 2, 3, 4)), want: all(arr(nil, -6))},
		nodeCase{op: "Det", in: all(arr([]int{2, 2, 2}, 1, 2, 3, 4, 1, 2, 2, 4)), want: all(vec(-2, 0))},
		nodeCase{op: "Det", in: all(arr([]int{3, 3}, 2, 0, 1, 1, 3, 2, 1, 1, 4)), want: all(arr(nil, 18))},
		nodeCase{op: "Det", in: all(arr([]int{1, 0, 0})), want: all(vec(1))},
		nodeCase{op: "Det", in: all(arr([]int{2, 3}, 1)), err: "must be square"},
	)
}

func TestDeformConv(t *testing.T) {
	x, w := steps(1, 1, 1, 4), arr([]int{1, 1, 1, 2}, 1, 10) // a row of 0 to 3, kernel (1, 10)
	still := arr([]int{1, 4, 1, 3}, 0)
	// The first tap goes half a place right, the second a whole one; the last is half outside.
	moved := arr([]int{1, 4, 1, 3}, 0, 0, 0, 0.5, 0.5, 0.5, 0, 0, 0, 1, 1, 0.5)
	mask := arr([]int{1, 2, 1, 3}, 1, 1, 1, 1, 0.5, 0)
	checkNodes(t,
		nodeCase{op: "DeformConv", in: all(x, w, still), want: all(arr([]int{1, 1, 1, 3}, 10, 21, 32))},
		nodeCase{op: "DeformConv", in: all(x, w, moved), want: all(arr([]int{1, 1, 1, 3}, 20.5, 31.5, 17.5))},
		nodeCase{op: "DeformConv", in: all(x, w, moved, vec(100), mask), want: all(arr([]int{1, 1, 1, 3}, 120.5, 116.5, 102.5))},
		// Two groups of shifts: the second channel is looked up two rows down, outside.
		nodeCase{op: "DeformConv", in: all(arr([]int{1, 2, 1, 1}, 3, 5), arr([]int{1, 2, 1, 1}, 1), arr([]int{1, 4, 1, 1}, 0, 0, 2, 0)), attrs: attrs(graph.IntAttr("offset_group", 2)), want: all(arr([]int{1, 1, 1, 1}, 3))},
		// Two groups of channels, one axis.
		nodeCase{op: "DeformConv", in: all(arr([]int{1, 2, 1}, 3, 5), arr([]int{2, 1, 1}, 1, 10), arr([]int{1, 1, 1}, 0)), attrs: attrs(graph.IntAttr("group", 2)), want: all(arr([]int{1, 2, 1}, 3, 50))},
		nodeCase{op: "DeformConv", in: all(x, w), err: "input 2 is missing"},
		nodeCase{op: "DeformConv", in: all(x, w, arr([]int{1, 4, 1, 4}, 0)), err: "it must have shape [1 4 1 3]"},
		nodeCase{op: "DeformConv", in: all(x, w, still, nil, still), err: "input 4"},
		nodeCase{op: "DeformConv", in: all(x, w, still), attrs: attrs(graph.IntAttr("offset_group", 2)), err: "2 groups of shifts"},
	)
}
