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
		nodeCase{op: "BatchNormalization", opset: 9, in: in, attrs: attrs(tiny, graph.FloatAttr("momentum", 0.5)), want: all(inBatch, vec(1.5, 20), vec(2.5, 62.5), vec(2, 20), vec(1, 100))},
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

func TestNormalizations(t *testing.T) {
	tiny := graph.FloatAttr("epsilon", 0)
	x := arr([]int{1, 4, 2}, 1, 3, 10, 30, -1, 1, 0, 4)
	groups := graph.IntAttr("num_groups", 2)
	two := arr([]int{1, 2, 2}, -1, 1, 2, 6)
	checkNodes(t,
		nodeCase{op: "InstanceNormalization", in: all(x, vec(1, 2, 3, 4), vec(0, 0, 0, 1)), attrs: attrs(tiny), want: all(arr([]int{1, 4, 2}, -1, 1, -2, 2, -3, 3, -3, 5))},
		// One group of mean 2 and variance 6.5.
		nodeCase{op: "GroupNormalization", opset: 18, in: all(two, vec(2), vec(1)), attrs: attrs(tiny, graph.IntAttr("num_groups", 1)),
			want: all(arr([]int{1, 2, 2}, 1-6/math.Sqrt(6.5), 1-2/math.Sqrt(6.5), 1, 1+8/math.Sqrt(6.5)))},
		nodeCase{op: "GroupNormalization", in: all(two, vec(2, 0), vec(1, 7)), attrs: attrs(tiny, graph.IntAttr("num_groups", 1)),
			want: all(arr([]int{1, 2, 2}, 1-6/math.Sqrt(6.5), 1-2/math.Sqrt(6.5), 7, 7))},
		nodeCase{op: "GroupNormalization", in: all(x, vec(1, 1), vec(1, 1)), attrs: attrs(groups), err: "must have shape [4]"},
		nodeCase{op: "GroupNormalization", opset: 18, in: all(x, vec(1, 1, 1, 1), vec(1, 1, 1, 1)), attrs: attrs(groups), err: "must have shape [2]"},
		nodeCase{op: "GroupNormalization", in: all(x, vec(1), vec(1)), attrs: attrs(graph.IntAttr("num_groups", 3)), err: "do not part into 3 groups"},
		nodeCase{op: "GroupNormalization", in: all(x, vec(1), vec(1)), err: "\"num_groups\" is 0"},
		nodeCase{op: "InstanceNormalization", in: all(x, vec(1, 2, 3, 4)), err: "input 2 is missing"},
		nodeCase{op: "InstanceNormalization", in: all(arr([]int{0, 0, 0}), vec(), vec()), want: all(arr([]int{0, 0, 0}))},
	)
	y := arr([]int{2, 2}, 1, 3, -4, 4)
	checkNodes(t,
		nodeCase{op: "LayerNormalization", in: all(y, vec(1, 2), vec(0, 5)), attrs: attrs(tiny), want: all(arr([]int{2, 2}, -1, 7, -1, 7), arr([]int{2, 1}, 2, 0), arr([]int{2, 1}, 1, 0.25))},
		nodeCase{op: "LayerNormalization", in: all(y, vec(1, 2)), attrs: attrs(graph.FloatAttr("epsilon", 1.5), graph.IntAttr("axis", 0)), want: all(nil, arr([]int{1, 1}, 1), arr([]int{1, 1}, 1/math.Sqrt(9.5+1.5)))},
		nodeCase{op: "LayerNormalization", in: all(y, vec(1, 2, 3)), err: "input 1: shape [3] does not broadcast"},
		nodeCase{op: "LayerNormalization", in: all(y, vec(1), vec(1, 2, 3)), err: "input 2: shape [3] does not broadcast"},
		nodeCase{op: "LayerNormalization", in: all(y, vec(1)), attrs: attrs(graph.IntAttr("axis", 2)), err: "axis 2 does not exist"},
		nodeCase{op: "LayerNormalization", in: all(y, vec(1)), attrs: attrs(graph.IntAttr("stash_type", 7)), err: "stash_type"},
		nodeCase{op: "RMSNormalization", opset: 23, in: all(arr([]int{1, 2}, 1, 7), vec(1, 2)), attrs: attrs(tiny), want: all(arr([]int{1, 2}, 0.2, 2.8))},
		nodeCase{op: "RMSNormalization", opset: 23, in: all(arr(nil, 1), vec(1)), err: "axis -1 does not exist"},
		nodeCase{op: "LpNormalization", in: all(arr([]int{2, 2}, 3, -4, 0, 0)), want: all(arr([]int{2, 2}, 0.6, -0.8, 0, 0))},
		nodeCase{op: "LpNormalization", in: all(arr([]int{2, 2}, 3, -4, 1, 4)), attrs: attrs(graph.IntAttr("p", 1), graph.IntAttr("axis", 0)), want: all(arr([]int{2, 2}, 0.75, -0.5, 0.25, 0.5))},
		nodeCase{op: "LpNormalization", in: all(y), attrs: attrs(graph.IntAttr("p", 3)), err: "it must be 1 or 2"},
	)
	checkNodes(t,
		nodeCase{op: "MeanVarianceNormalization", in: all(arr([]int{2, 2, 1, 1}, 1, 5, 3, 5)), want: all(arr([]int{2, 2, 1, 1}, -1/(1+1e-9), 0, 1/(1+1e-9), 0))},
		nodeCase{op: "MeanVarianceNormalization", in: all(arr([]int{1, 2}, 2, 6)), attrs: attrs(graph.IntsAttr("axes", -1)), want: all(arr([]int{1, 2}, -2/(2+1e-9), 2/(2+1e-9)))},
		nodeCase{op: "MeanVarianceNormalization", in: all(vec(1)), err: "axis 2 does not exist"},
		nodeCase{op: "LRN", in: all(arr([]int{1, 4, 1}, 1, 2, 3, 4)), attrs: attrs(graph.IntAttr("size", 2), graph.FloatAttr("alpha", 2), graph.FloatAttr("beta", 1)),
			want: all(arr([]int{1, 4, 1}, 1./6, 2./14, 3./26, 4./17))},
		nodeCase{op: "LRN", in: all(arr([]int{1, 4, 1}, 1, 2, 3, 4)), attrs: attrs(graph.IntAttr("size", 3), graph.FloatAttr("alpha", 3), graph.FloatAttr("beta", 1), graph.FloatAttr("bias", 2)),
			want: all(arr([]int{1, 4, 1}, 1./7, 2./16, 3./31, 4./27))},
		nodeCase{op: "LRN", in: all(arr([]int{1, 4, 1}, 1, 2, 3, 4)), err: "\"size\" is 0"},
	)
}
