package reference_test

import (
	"math"
	"testing"

	"github.com/gonn-toolkit/gonn/onnxio/graph"
)

func TestLosses(t *testing.T) {
	// The specification's own examples.
	x := arr([]int{2, 3, 2}, 1, 2, 2, 2, 3, 2, 0, 1, 2, 2, 1, 2)
	class := whole(graph.Int64, []int{2, 2}, 2, 1, 0, 2)
	weight := vec(0.2, 0.3, 0.1)
	none, sum := graph.StringAttr("reduction", "none"), graph.StringAttr("reduction", "sum")
	op := "NegativeLogLikelihoodLoss"
	checkNodes(t,
		nodeCase{op: op, in: all(x, class), attrs: attrs(none), want: all(arr([]int{2, 2}, -3, -2, 0, -2))},
		nodeCase{op: op, in: all(x, class, weight), attrs: attrs(sum), want: all(arr(nil, -1.1))},
		nodeCase{op: op, in: all(x, class, weight), want: all(arr(nil, -1.1/0.7))},
		nodeCase{op: op, in: all(x, class), want: all(arr(nil, -7./4))},
		nodeCase{op: op, in: all(x, class), attrs: attrs(graph.IntAttr("ignore_index", 1)), want: all(arr(nil, -5./3))},
		nodeCase{op: op, in: all(arr([]int{1, 2}, 1, 2), whole(graph.Int32, []int{1}, -1)), attrs: attrs(none, graph.IntAttr("ignore_index", -1)), want: all(vec(0))},
		nodeCase{op: op, in: all(x, whole(graph.Int64, []int{2, 2}, 2, 1, 0, 3)), err: "class 3 is not one of 3"},
		nodeCase{op: op, in: all(x, i64(1)), err: "do not fit scores"},
		nodeCase{op: op, in: all(x, class, vec(1)), err: "must have shape [3]"},
		nodeCase{op: op, in: all(x, class), attrs: attrs(graph.StringAttr("reduction", "max")), err: "\"reduction\" is \"max\""},
		nodeCase{op: op, in: all(x), err: "input 1 is missing"},
	)
	ln := math.Log
	checkNodes(t,
		nodeCase{op: "SoftmaxCrossEntropyLoss", in: all(arr([]int{2, 2}, 0, ln(3), ln(2), ln(2)), i64(0, 1)),
			want: all(arr(nil, (ln(4)+ln(2))/2), arr([]int{2, 2}, -ln(4), ln(0.75), -ln(2), -ln(2)))},
		nodeCase{op: "SoftmaxCrossEntropyLoss", in: all(arr([]int{1, 2, 2}, 0, 1, 0, 1), i64(0)), err: "do not fit scores"},
	)
}
