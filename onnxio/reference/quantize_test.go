package reference_test

import (
	"testing"

	"github.com/gonn-toolkit/gonn/onnxio/graph"
)

func TestQuantizeLinear(t *testing.T) {
	x := arr([]int{2, 2}, -3, 1, 5, 2000)
	square := []int{2, 2}
	checkNodes(t,
		nodeCase{op: "QuantizeLinear", in: all(x, arr(nil, 2)), want: all(whole(graph.Uint8, square, 0, 0, 2, 255))},
		nodeCase{op: "QuantizeLinear", opset: 10, in: all(x, arr(nil, 2), whole(graph.Int8, nil, 1)), want: all(whole(graph.Int8, square, -1, 1, 3, 127))},
		nodeCase{op: "QuantizeLinear", opset: 13, in: all(x, vec(1, 10), whole(graph.Int16, []int{2}, 0, 7)), want: all(whole(graph.Int16, square, -3, 7, 5, 207))},
		nodeCase{op: "QuantizeLinear", in: all(x, vec(1, 10)), attrs: attrs(graph.IntAttr("axis", -2), graph.IntAttr("output_dtype", int64(graph.Uint16))),
			want: all(whole(graph.Uint16, square, 0, 1, 0, 200))},
		nodeCase{op: "QuantizeLinear", in: all(arr([]int{1, 3}, 4, 8, 9), arr([]int{1, 2}, 4, 3)), attrs: attrs(graph.IntAttr("block_size", 2)),
			want: all(whole(graph.Uint8, []int{1, 3}, 1, 2, 3))},
		// 0.35/0.1 is a tie in float32, in which the division is done: 3.5 goes to 4.
		nodeCase{op: "QuantizeLinear", in: all(vec(float64(float32(0.35))), arr(nil, float64(float32(0.1)))), want: all(whole(graph.Uint8, []int{1}, 4))},
		nodeCase{op: "QuantizeLinear", in: all(x, vec(1, 2, 3)), err: "one for each place of axis 1"},
		nodeCase{op: "QuantizeLinear", in: all(x, arr(square, 1)), attrs: attrs(graph.IntAttr("block_size", 2)), err: "is not [2 1]"},
		nodeCase{op: "QuantizeLinear", in: all(x, vec(1, 2)), attrs: attrs(graph.IntAttr("axis", 2)), err: "axis 2 does not exist"},
		nodeCase{op: "QuantizeLinear", in: all(arr(nil, 1), vec(1, 2)), err: "one number to quantize"},
		nodeCase{op: "QuantizeLinear", in: all(x, arr(nil, 1), whole(graph.Int64, nil, 1)), err: "not quantized to element type INT64"},
	)
}

func TestDequantizeLinear(t *testing.T) {
	x := whole(graph.Uint8, []int{2, 2}, 0, 1, 128, 255)
	checkNodes(t,
		nodeCase{op: "DequantizeLinear", in: all(x, arr(nil, 2), whole(graph.Uint8, nil, 128)), want: all(arr([]int{2, 2}, -256, -254, 0, 254))},
		nodeCase{op: "DequantizeLinear", opset: 13, in: all(x, vec(1, 10)), attrs: attrs(graph.IntAttr("axis", 0)), want: all(arr([]int{2, 2}, 0, 1, 1280, 2550))},
		nodeCase{op: "DequantizeLinear", in: all(x, arr([]int{1, 2}, 1, 10)), attrs: attrs(graph.IntAttr("axis", 0), graph.IntAttr("block_size", 2)), want: all(arr([]int{2, 2}, 0, 10, 128, 2550))},
		nodeCase{op: "DequantizeLinear", opset: 23, in: all(x, arr(nil, 2)), attrs: attrs(graph.IntAttr("output_dtype", int64(graph.Int8))), err: "not dequantized to element type INT8"},
		nodeCase{op: "DequantizeLinear", in: all(x), err: "input 1 is missing"},
	)
}

func TestDynamicQuantizeLinear(t *testing.T) {
	checkNodes(t,
		nodeCase{op: "DynamicQuantizeLinear", in: all(vec(-51, 0, 204)), want: all(whole(graph.Uint8, []int{3}, 0, 51, 255), arr(nil, 1), whole(graph.Uint8, nil, 51))},
		nodeCase{op: "DynamicQuantizeLinear", in: all(vec(1, 255)), want: all(whole(graph.Uint8, []int{2}, 1, 255), arr(nil, 1), whole(graph.Uint8, nil, 0))},
	)
}

func TestQuantizedProducts(t *testing.T) {
	a := whole(graph.Uint8, []int{2, 2}, 1, 2, 3, 4)
	b := whole(graph.Int8, []int{2, 1}, 10, -10)
	half, unit := arr(nil, 0.5), arr(nil, 1)
	zeroA, zeroB := whole(graph.Uint8, nil, 0), whole(graph.Int8, nil, 0)
	checkNodes(t,
		nodeCase{op: "MatMulInteger", in: all(a, b), want: all(whole(graph.Int32, []int{2, 1}, -10, -10))},
		nodeCase{op: "MatMulInteger", in: all(a, b, whole(graph.Uint8, []int{2}, 1, 3), whole(graph.Int8, []int{1}, 5)), want: all(whole(graph.Int32, []int{2, 1}, -15, -15))},
		nodeCase{op: "QLinearMatMul", in: all(a, unit, zeroA, b, half, zeroB, arr(nil, 2), whole(graph.Int8, nil, 1)), want: all(whole(graph.Int8, []int{2, 1}, -1, -1))},
		nodeCase{op: "QLinearMatMul", in: all(a, vec(1, 100), zeroA, b, half, zeroB, unit, whole(graph.Int8, nil, 1)), want: all(whole(graph.Int8, []int{2, 1}, -4, -128))},
		nodeCase{op: "MatMulInteger", in: all(a, vec(1, 1)), err: "must be INT8 or UINT8"},
		nodeCase{op: "MatMulInteger", in: all(a, b, whole(graph.Uint8, []int{3}, 1, 1, 1)), err: "input 2"},
		nodeCase{op: "QLinearMatMul", in: all(a, unit, zeroA, b, half, zeroB, unit, whole(graph.Int64, nil, 1)), err: "input 7"},
	)
	x := whole(graph.Uint8, []int{1, 1, 3}, 1, 2, 4)
	w := whole(graph.Uint8, []int{2, 1, 2}, 1, 2, 3, 4)
	checkNodes(t,
		nodeCase{op: "ConvInteger", in: all(x, w, whole(graph.Uint8, nil, 1), whole(graph.Uint8, []int{2}, 1, 3)), want: all(whole(graph.Int32, []int{1, 2, 2}, 1, 3, 1, 3))},
		nodeCase{op: "QLinearConv", in: all(x, unit, zeroA, w, vec(1, 2), zeroA, unit, zeroA, whole(graph.Int32, []int{2}, 0, 10)), want: all(whole(graph.Uint8, []int{1, 2, 2}, 5, 10, 42, 64))},
		nodeCase{op: "QLinearConv", in: all(x, unit, zeroA, w, vec(1, 2), zeroA, unit, zeroA, whole(graph.Int32, []int{1}, 0)), err: "the bias has shape [1]"},
		nodeCase{op: "QLinearConv", in: all(x, unit, zeroA, w, vec(1, 2, 3), zeroA, unit, zeroA), err: "input 4"},
		nodeCase{op: "ConvInteger", in: all(a, w), err: "at least 3 axes"},
	)
}
