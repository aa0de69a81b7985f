package reference_test

import (
	"math"
	"testing"

	"github.com/gonn-toolkit/gonn/onnxio/graph"
)

func TestBatchNormalization(t *testing.T) {
	x := arr([]int{2, 2, 1}, 1, 10, 3, 30)
	scale, bias, mean, variance := vec(2, 1), vec(1, 0), vec(1, 20), vec(4, 25)
	in := all(x, scale, bias, mean, variance)
	tiny := graph.FloatAttr("epsilon", 0)
	train := attrs(tiny, graph.IntAttr("training_mode", 1), graph.FloatAttr("momentum", 0.5))
	inBatch := arr([]int{2, 2, 1}, -1, -1, 3, 1)
	checkNodes(t,
		nodeCase{op: "BatchNormalization", in: in, attrs: attrs(tiny), want: all(arr([]int{2, 2, 1}, 1, -2, 3, 2))},
		nodeCase{op: "BatchNormalization", opset: 9, in: in, attrs: attrs(tiny), want: all(arr([]int{2, 2, 1}, 1, -2, 3, 2))},
		nodeCase{op: "BatchNormalization", in: in, attrs: train, want: all(inBatch, vec(1.5, 20), vec(2.5, 62.5))},
		nodeCase{op: "BatchNormalization", opset: 9, in: in, attrs: train, want: all(inBatch, vec(1.5, 20), vec(2.5, 62.5), vec(2, 20), vec(1, 100))},
		nodeCase{op: "BatchNormalization", opset: 6, in: in, attrs: attrs(tiny, graph.IntAttr("is_test", 1)), want: all(arr([]int{2, 2, 1}, 1, -2, 3, 2))},
		nodeCase{op: "BatchNormalization", opset: 6, in: in, attrs: attrs(tiny), want: all(inBatch)},
		nodeCase{op: "BatchNormalization", in: all(vec(1, 3), vec(1), vec(0), vec(1), vec(4)), attrs: attrs(tiny), want: all(vec(0, 1))},
		nodeCase{op: "BatchNormalization", opset: 7, in: all(arr([]int{1, 1, 2}, 1, 30), scale, bias, mean, variance), attrs: attrs(tiny, graph.IntAttr("spatial", 0)),
			want: all(arr([]int{1, 1, 2}, 1, 2))},
		nodeCase{op: "BatchNormalization", in: all(vec(1), vec(1), vec(0), vec(0), vec(0)), want: all(vec(1 / math.Sqrt(float64(float32(1e-5)))))},
		nodeCase{op: "BatchNormalization", in: all(x, scale, bias, mean), err: "input 4 is missing"},
		nodeCase{op: "BatchNormalization", in: all(x, scale, bias, mean, vec(1)), err: "a number for each of 2 channels"},
		nodeCase{op: "BatchNormalization", in: all(arr(nil, 1), scale, bias, mean, variance), err: "scalar"},
	)
}
