package reference_test

import (
	"testing"

	"github.com/gonn-toolkit/gonn/onnxio/graph"
)

func TestMaxPool(t *testing.T) {
	two := graph.IntsAttr("kernel_shape", 2, 2)
	x := steps(1, 2, 3, 3)
	checkNodes(t,
		nodeCase{op: "MaxPool", opset: 1, in: all(x), attrs: attrs(two, graph.IntsAttr("strides", 2, 2)), want: all(arr([]int{1, 2, 1, 1}, 4, 13))},
		nodeCase{op: "MaxPool", in: all(x), attrs: attrs(two), want: all(
			arr([]int{1, 2, 2, 2}, 4, 5, 7, 8, 13, 14, 16, 17),
			whole(graph.Int64, []int{1, 2, 2, 2}, 4, 5, 7, 8, 13, 14, 16, 17))},
		nodeCase{op: "MaxPool", in: all(x), attrs: attrs(two, graph.IntAttr("storage_order", 1)), want: all(nil,
			whole(graph.Int64, []int{1, 2, 2, 2}, 4, 7, 5, 8, 13, 16, 14, 17))},
		nodeCase{op: "MaxPool", in: all(x), attrs: attrs(two, graph.IntAttr("ceil_mode", 1), graph.IntsAttr("strides", 2, 2)),
			want: all(arr([]int{1, 2, 2, 2}, 4, 5, 7, 8, 13, 14, 16, 17))},
		// The last window would start behind the map: it is not there.
		nodeCase{op: "MaxPool", in: all(arr([]int{1, 1, 2}, -1, -2)), attrs: attrs(graph.IntsAttr("kernel_shape", 1), graph.IntsAttr("strides", 2), graph.IntAttr("ceil_mode", 1)),
			want: all(arr([]int{1, 1, 1}, -1))},
		nodeCase{op: "MaxPool", in: all(arr([]int{1, 1, 4}, -1, -2, -3, -4)), attrs: attrs(graph.IntsAttr("kernel_shape", 2), graph.IntsAttr("dilations", 2), graph.IntsAttr("pads", 1, 1)),
			want: all(arr([]int{1, 1, 4}, -2, -1, -2, -3), whole(graph.Int64, []int{1, 1, 4}, 1, 0, 1, 2))},
		// Of equal numbers the first counts.
		nodeCase{op: "MaxPool", in: all(arr([]int{1, 1, 3}, 5, 5, 5)), attrs: attrs(graph.IntsAttr("kernel_shape", 3)), want: all(nil, whole(graph.Int64, []int{1, 1, 1}, 0))},
		nodeCase{op: "MaxPool", in: all(whole(graph.Uint8, []int{1, 1, 3}, 3, 255, 4)), attrs: attrs(graph.IntsAttr("kernel_shape", 3)),
			want: all(whole(graph.Uint8, []int{1, 1, 1}, 255))},
		nodeCase{op: "MaxPool", in: all(steps(1, 1, 2, 2, 2)), attrs: attrs(graph.IntsAttr("kernel_shape", 2, 1, 2)), want: all(arr([]int{1, 1, 1, 2, 1}, 5, 7))},
		// Keras on JAX pools five axes.
		nodeCase{op: "MaxPool", in: all(steps(1, 1, 2, 2, 2, 1)), attrs: attrs(graph.IntsAttr("kernel_shape", 1, 2, 2, 1), graph.IntsAttr("strides", 1, 2, 2, 1)),
			want: all(arr([]int{1, 1, 2, 1, 1, 1}, 3, 7))},
	)
	checkNodes(t,
		nodeCase{op: "MaxPool", in: all(x), err: "\"kernel_shape\" is missing"},
		nodeCase{op: "MaxPool", in: all(vec(1)), attrs: attrs(two), err: "at least 3 axes"},
		nodeCase{op: "MaxPool", in: all(x), attrs: attrs(graph.IntsAttr("kernel_shape", 2)), err: "has 1 numbers, it must have 2"},
		nodeCase{op: "MaxPool", in: all(x), attrs: attrs(graph.IntsAttr("kernel_shape", 4, 4)), err: "reaches over 4 positions"},
		nodeCase{op: "MaxPool", in: all(x), attrs: attrs(graph.IntsAttr("kernel_shape", 1<<29, 1<<29)), err: "more than"},
		nodeCase{op: "MaxPool", in: all(x), attrs: attrs(two, graph.IntsAttr("pads", 2, 2, 2, 2)), err: "lies in the padding"},
		nodeCase{op: "MaxPool", in: all(x), attrs: attrs(two, graph.IntsAttr("pads", 1, 1, 1, 1), graph.StringAttr("auto_pad", "VALID")), err: "stands beside"},
		nodeCase{op: "MaxPool", in: all(whole(graph.Bool, []int{1, 1, 1}, 1)), attrs: attrs(graph.IntsAttr("kernel_shape", 1)), err: "BOOL"},
	)
}

func TestAveragePool(t *testing.T) {
	x := arr([]int{1, 1, 3}, 1, 2, 3)
	two := graph.IntsAttr("kernel_shape", 2)
	pads, zeros := graph.IntsAttr("pads", 1, 1), graph.IntAttr("count_include_pad", 1)
	up, strides := graph.IntAttr("ceil_mode", 1), graph.IntsAttr("strides", 2)
	checkNodes(t,
		nodeCase{op: "AveragePool", in: all(x), attrs: attrs(two), want: all(arr([]int{1, 1, 2}, 1.5, 2.5))},
		nodeCase{op: "AveragePool", in: all(x), attrs: attrs(two, pads), want: all(arr([]int{1, 1, 4}, 1, 1.5, 2.5, 3))},
		nodeCase{op: "AveragePool", in: all(x), attrs: attrs(two, pads, zeros), want: all(arr([]int{1, 1, 4}, 0.5, 1.5, 2.5, 1.5))},
		// What lies behind the padding is not counted.
		nodeCase{op: "AveragePool", in: all(x), attrs: attrs(two, strides, up, zeros), want: all(arr([]int{1, 1, 2}, 1.5, 3))},
		nodeCase{op: "AveragePool", in: all(x), attrs: attrs(two, strides, graph.StringAttr("auto_pad", "SAME_UPPER")), want: all(arr([]int{1, 1, 2}, 1.5, 3))},
		nodeCase{op: "AveragePool", in: all(x), attrs: attrs(two, graph.IntsAttr("dilations", 2)), want: all(arr([]int{1, 1, 1}, 2))},
		nodeCase{op: "AveragePool", in: all(steps(2, 1, 2, 2)), attrs: attrs(graph.IntsAttr("kernel_shape", 2, 2)), want: all(arr([]int{2, 1, 1, 1}, 1.5, 5.5))},
		nodeCase{op: "AveragePool", in: all(whole(graph.Int8, []int{1, 1, 1}, 1)), attrs: attrs(graph.IntsAttr("kernel_shape", 1)), err: "INT8"},
	)
}

func TestGlobalPools(t *testing.T) {
	x := steps(2, 2, 1, 3)
	checkNodes(t,
		nodeCase{op: "GlobalAveragePool", in: all(x), want: all(arr([]int{2, 2, 1, 1}, 1, 4, 7, 10))},
		nodeCase{op: "GlobalMaxPool", in: all(x), want: all(arr([]int{2, 2, 1, 1}, 2, 5, 8, 11))},
		nodeCase{op: "GlobalLpPool", in: all(arr([]int{1, 1, 2}, -3, 4)), want: all(arr([]int{1, 1, 1}, 5))},
		nodeCase{op: "GlobalLpPool", in: all(arr([]int{1, 1, 2}, -3, 4)), attrs: attrs(graph.IntAttr("p", 1)), want: all(arr([]int{1, 1, 1}, 7))},
		nodeCase{op: "GlobalMaxPool", in: all(vec(1)), err: "at least 2 axes"},
		nodeCase{op: "GlobalMaxPool", in: all(arr([]int{1, 1, 0})), err: "maps are empty"},
	)
}

func TestLpPool(t *testing.T) {
	x := arr([]int{1, 1, 3}, 3, -4, 1)
	two, one := graph.IntsAttr("kernel_shape", 2), graph.IntAttr("p", 1)
	checkNodes(t,
		nodeCase{op: "LpPool", in: all(x), attrs: attrs(two, graph.IntsAttr("strides", 2)), want: all(arr([]int{1, 1, 1}, 5))},
		nodeCase{op: "LpPool", in: all(x), attrs: attrs(two, one, graph.IntsAttr("pads", 1, 0)), want: all(arr([]int{1, 1, 3}, 3, 7, 5))},
		nodeCase{op: "LpPool", opset: 1, in: all(x), attrs: attrs(two, graph.FloatAttr("p", 1)), want: all(arr([]int{1, 1, 2}, 7, 5))},
		nodeCase{op: "LpPool", in: all(x), attrs: attrs(two, graph.IntAttr("p", 0)), err: "\"p\" is 0"},
		nodeCase{op: "LpPool", in: all(whole(graph.Int8, []int{1, 1, 1}, 1)), attrs: attrs(graph.IntsAttr("kernel_shape", 1)), err: "INT8"},
	)
}

func TestMaxUnpool(t *testing.T) {
	x, at := arr([]int{1, 1, 2}, 5, 6), whole(graph.Int64, []int{1, 1, 2}, 1, 2)
	kernel := attrs(graph.IntsAttr("kernel_shape", 2), graph.IntsAttr("strides", 2))
	checkNodes(t,
		nodeCase{op: "MaxUnpool", in: all(x, at), attrs: kernel, want: all(arr([]int{1, 1, 4}, 0, 5, 6, 0))},
		nodeCase{op: "MaxUnpool", in: all(x, at, i64(1, 2, 5)), attrs: kernel, want: all(arr([]int{1, 2, 5}, 0, 5, 6, 0, 0, 0, 0, 0, 0, 0))},
		nodeCase{op: "MaxUnpool", in: all(x, at, i64(1, 1, 3)), attrs: kernel, err: "smaller than [1 1 4]"},
		nodeCase{op: "MaxUnpool", in: all(x, at, i64(4)), attrs: kernel, err: "another rank"},
		nodeCase{op: "MaxUnpool", in: all(x, whole(graph.Int64, []int{1, 1, 2}, 1, 4)), attrs: kernel, err: "index 4 is not in a map"},
		nodeCase{op: "MaxUnpool", in: all(x, i64(1, 2)), attrs: kernel, err: "do not fit"},
		nodeCase{op: "MaxUnpool", in: all(x, at), err: "\"kernel_shape\" is missing"},
		nodeCase{op: "MaxUnpool", in: all(x, at), attrs: attrs(graph.IntsAttr("kernel_shape", 2), graph.IntsAttr("pads", 9, 9)), err: "negative size"},
	)
}
