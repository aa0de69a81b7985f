package reference_test

import (
	"math"
	"testing"

	"github.com/gonn-toolkit/gonn/onnxio/graph"
)

func TestDFT(t *testing.T) {
	x := arr([]int{1, 4, 1}, 1, 2, 3, 4)
	spectrum := arr([]int{1, 4, 2}, 10, 0, -2, 2, -2, 0, -2, -2)
	half := arr([]int{1, 3, 2}, 10, 0, -2, 2, -2, 0)
	inverse, onesided := graph.IntAttr("inverse", 1), graph.IntAttr("onesided", 1)
	checkNodes(t,
		nodeCase{op: "DFT", in: all(x), want: all(spectrum)},
		nodeCase{op: "DFT", opset: 17, in: all(x), want: all(spectrum)},
		nodeCase{op: "DFT", in: all(spectrum), attrs: attrs(inverse), want: all(arr([]int{1, 4, 2}, 1, 0, 2, 0, 3, 0, 4, 0))},
		nodeCase{op: "DFT", in: all(x), attrs: attrs(onesided), want: all(half)},
		nodeCase{op: "DFT", in: all(half), attrs: attrs(onesided, inverse), want: all(x)},
		// Three of four numbers, then a zero more.
		nodeCase{op: "DFT", in: all(x, i64(2)), want: all(arr([]int{1, 2, 2}, 3, 0, -1, 0))},
		nodeCase{op: "DFT", in: all(arr([]int{1, 1, 1}, 5), i64(2)), want: all(arr([]int{1, 2, 2}, 5, 0, 5, 0))},
		nodeCase{op: "DFT", in: all(arr([]int{2, 1, 1}, 3, 4), nil, whole(graph.Int64, nil, 0)), want: all(arr([]int{2, 1, 2}, 7, 0, -1, 0))},
		nodeCase{op: "DFT", in: all(x), attrs: attrs(onesided, inverse), err: "onesided takes a real signal"},
		nodeCase{op: "DFT", in: all(x, nil, i64(2)), err: "the last axis"},
		nodeCase{op: "DFT", in: all(x, nil, i64(5)), err: "axis 5 does not exist"},
		nodeCase{op: "DFT", in: all(x, i64(0)), err: "length 0"},
		nodeCase{op: "DFT", in: all(vec(1)), err: "2 axes or more"},
		nodeCase{op: "DFT", in: all(arr([]int{2, 3}, 1)), err: "end with 1 or 2"},
	)
}

func TestSTFT(t *testing.T) {
	x := arr([]int{1, 5, 1}, 1, 2, 3, 4, 5)
	checkNodes(t,
		nodeCase{op: "STFT", in: all(x, i64(3), nil, i64(2)), want: all(arr([]int{1, 2, 2, 2}, 3, 0, -1, 0, 9, 0, -1, 0))},
		nodeCase{op: "STFT", in: all(x, i64(2), vec(1, 0, 1)), attrs: attrs(graph.IntAttr("onesided", 0)), want: all(arr([]int{1, 2, 3, 2},
			4, 0, 1-1.5, 1.5*math.Sqrt(3), 1-1.5, -1.5*math.Sqrt(3), 8, 0, 3-2.5, 2.5*math.Sqrt(3), 3-2.5, -2.5*math.Sqrt(3)))},
		nodeCase{op: "STFT", in: all(x, i64(1), nil, i64(6)), err: "no frames of length 6"},
		nodeCase{op: "STFT", in: all(x, i64(1), vec(1, 1), i64(3)), err: "does not fit frames of length 3"},
		nodeCase{op: "STFT", in: all(arr([]int{1, 5, 2}, 1), i64(1), nil, i64(3)), err: "no onesided spectrum"},
		nodeCase{op: "STFT", in: all(x, i64(0)), err: "length 0"},
	)
}

func TestWindows(t *testing.T) {
	symmetric := attrs(graph.IntAttr("periodic", 0))
	checkNodes(t,
		nodeCase{op: "HannWindow", in: all(i64(4)), want: all(vec(0, 0.5, 1, 0.5))},
		nodeCase{op: "HannWindow", in: all(i64(3)), attrs: symmetric, want: all(vec(0, 1, 0))},
		nodeCase{op: "HammingWindow", in: all(i64(2)), want: all(vec(4./46, 1))},
		nodeCase{op: "BlackmanWindow", in: all(i64(5)), attrs: symmetric, want: all(vec(0, 0.34, 1, 0.34, 0))},
		nodeCase{op: "HannWindow", in: all(i64(4)), attrs: attrs(graph.IntAttr("output_datatype", int64(graph.Int32))), want: all(whole(graph.Int32, []int{4}, 0, 0, 1, 0))},
		nodeCase{op: "HannWindow", in: all(i64(1 << 40)), err: "length"},
		nodeCase{op: "HannWindow", in: all(i64(4)), attrs: attrs(graph.IntAttr("output_datatype", int64(graph.String))), err: "output_datatype"},
		// Edges at 0, 234, 545 and 952 hertz lie in bins 0, 1, 4 and 8 of 9.
		nodeCase{op: "MelWeightMatrix", in: all(i64(2), i64(16), i64(2000), vec(0), vec(1500)), want: all(arr([]int{9, 2},
			0, 0, 1, 0, 2./3, 1./3, 1./3, 2./3, 0, 1, 0, 0.75, 0, 0.5, 0, 0.25, 0, 0))},
		nodeCase{op: "MelWeightMatrix", in: all(i64(2), i64(16), i64(100), vec(0), vec(1500)), err: "outside of the spectrum"},
	)
}
