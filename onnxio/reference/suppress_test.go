package reference_test

import (
	"testing"

	"github.com/gonn-toolkit/gonn/onnxio/graph"
	"github.com/gonn-toolkit/gonn/onnxio/reference"
)

func TestNonMaxSuppression(t *testing.T) {
	// The second box covers half of the first and of itself; the third stands alone.
	corners := arr([]int{1, 3, 4}, 0, 0, 2, 2, 0, 1, 2, 3, 9, 9, 5, 5)
	centres := arr([]int{1, 3, 4}, 1, 1, 2, 2, 2, 1, 2, 2, 7, 7, 4, 4)
	scores := arr([]int{1, 1, 3}, 0.5, 0.9, 0.1)
	rows := func(v ...int64) *reference.Tensor { return whole(graph.Int64, []int{len(v) / 3, 3}, v...) }
	third, more := arr(nil, 1.0/3), arr(nil, 0.3)
	checkNodes(t,
		nodeCase{op: "NonMaxSuppression", in: all(corners, scores, i64(9), third), want: all(rows(0, 0, 1, 0, 0, 0, 0, 0, 2))},
		nodeCase{op: "NonMaxSuppression", in: all(corners, scores, i64(9), more), want: all(rows(0, 0, 1, 0, 0, 2))},
		nodeCase{op: "NonMaxSuppression", in: all(centres, scores, i64(9), more), attrs: attrs(graph.IntAttr("center_point_box", 1)), want: all(rows(0, 0, 1, 0, 0, 2))},
		nodeCase{op: "NonMaxSuppression", in: all(corners, scores, i64(9), more, arr(nil, 0.2)), want: all(rows(0, 0, 1))},
		nodeCase{op: "NonMaxSuppression", in: all(corners, scores, i64(1), third), want: all(rows(0, 0, 1))},
		nodeCase{op: "NonMaxSuppression", in: all(corners, scores), want: all(rows())},
		nodeCase{op: "NonMaxSuppression", in: all(corners, arr([]int{1, 1, 2}, 1, 2)), err: "are not [N, boxes, 4]"},
		nodeCase{op: "NonMaxSuppression", in: all(corners, scores, i64(1), vec(1, 2)), err: "must be one FLOAT"},
		nodeCase{op: "NonMaxSuppression", in: all(corners, whole(graph.Int64, []int{1, 1, 3}, 1, 2, 3)), err: "must be FLOAT"},
	)
}
