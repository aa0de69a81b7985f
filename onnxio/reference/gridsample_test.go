package reference_test

import (
	"math"
	"testing"

	"github.com/gonn-toolkit/gonn/onnxio/graph"
	"github.com/gonn-toolkit/gonn/onnxio/reference"
)

// sampleCase looks 1, 2, 4, 8 up, whose edges are at −1 and 1.
func sampleCase(at, want []float64, a ...*graph.Attr) nodeCase {
	return nodeCase{op: "GridSample",
		in:    all(arr([]int{1, 1, 4}, 1, 2, 4, 8), reference.FromFloat64s(graph.Float, []int{1, len(at), 1}, at)),
		attrs: a, want: all(arr([]int{1, 1, len(want)}, want...))}
}

func TestGridSample(t *testing.T) {
	v := func(v ...float64) []float64 { return v }
	mode := func(s string) *graph.Attr { return graph.StringAttr("mode", s) }
	border, mirror := graph.StringAttr("padding_mode", "border"), graph.StringAttr("padding_mode", "reflection")
	corners := graph.IntAttr("align_corners", 1)
	inf, nan := math.Inf(1), math.NaN()
	checkNodes(t,
		sampleCase(v(-0.75, 0, 0.25, 1, 2, inf, nan), v(1, 3, 4, 4, 0, 0, nan)),
		sampleCase(v(-1, 0, 1, 1.5), v(1, 3, 8, 0.25*8), corners),
		sampleCase(v(-2, 1, 2, inf), v(1, 8, 8, 8), border),
		// Reflected at the edges 4 shares its place with 3, at the corners with 2.
		sampleCase(v(1, 1.25, 1.75, 2.25), v(8, 8, 4, 2), mirror),
		sampleCase(v(1+2./3, -1-2./3, 3), v(4, 2, 1), mirror, corners),
		sampleCase(v(inf), v(nan), mirror),
		// A tie goes to the even element.
		sampleCase(v(-0.5, 0, 0.2, 1.5), v(1, 4, 4, 0), mode("nearest")),
		sampleCase(v(0), v(0.59375*6-0.09375*9), mode("cubic")),
		sampleCase(v(-0.5), v(0.59375*3-0.09375*4), mode("bicubic")),
	)
	square := steps(1, 2, 2, 2)
	checkNodes(t,
		nodeCase{op: "GridSample", opset: 16, in: all(square, arr([]int{1, 1, 2, 2}, 0.5, -0.5, 0, 0)), attrs: attrs(mode("bilinear")), want: all(arr([]int{1, 2, 1, 2}, 1, 1.5, 5, 5.5))},
		nodeCase{op: "GridSample", in: all(whole(graph.Int8, []int{1, 1, 2}, 3, 4), arr([]int{1, 1, 1}, 0)), want: all(whole(graph.Int8, []int{1, 1, 1}, 4))},
		nodeCase{op: "GridSample", in: all(square, arr([]int{1, 1, 2, 1}, 0)), err: "does not fit"},
		nodeCase{op: "GridSample", in: all(square, arr([]int{2, 1, 1, 2}, 0)), err: "does not fit"},
		nodeCase{op: "GridSample", in: all(arr([]int{1, 1, 0}), arr([]int{1, 1, 1}, 0)), err: "maps are empty"},
		nodeCase{op: "GridSample", in: all(square, arr([]int{1, 1, 1, 2}, 0)), attrs: attrs(mode("best")), err: "must be one of"},
	)
}

func TestAffineGrid(t *testing.T) {
	same := arr([]int{1, 2, 3}, 1, 0, 0, 0, 1, 0)
	turn := arr([]int{1, 2, 3}, 0, 1, 0.5, 2, 0, 0)
	corners := attrs(graph.IntAttr("align_corners", 1))
	checkNodes(t,
		nodeCase{op: "AffineGrid", in: all(same, i64(1, 3, 2, 2)), want: all(arr([]int{1, 2, 2, 2}, -0.5, -0.5, 0.5, -0.5, -0.5, 0.5, 0.5, 0.5))},
		nodeCase{op: "AffineGrid", in: all(turn, i64(1, 3, 1, 3)), attrs: corners, want: all(arr([]int{1, 1, 3, 2}, 0.5, -2, 0.5, 0, 0.5, 2))},
		nodeCase{op: "AffineGrid", in: all(arr([]int{1, 3, 4}, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 9), i64(1, 1, 2, 1, 1)), attrs: corners, want: all(arr([]int{1, 2, 1, 1, 3}, 0, 0, 8, 0, 0, 10))},
		nodeCase{op: "AffineGrid", in: all(same, i64(2, 3, 2, 2)), err: "do not fit"},
		nodeCase{op: "AffineGrid", in: all(same, i64(1, 3, -2, 2)), err: "negative"},
	)
}

func TestRoiAlign(t *testing.T) {
	x := steps(1, 2, 3, 4)
	region := func(v ...float64) *reference.Tensor { return arr([]int{1, 4}, v...) }
	max, one := graph.StringAttr("mode", "max"), graph.IntAttr("sampling_ratio", 1)
	checkNodes(t,
		// From 1 to 3 and from 0 to 2, of elements whose middles are at a half: x 0.5 to 2.5.
		nodeCase{op: "RoiAlign", in: all(x, region(1, 0, 3, 2), i64(0)), want: all(arr([]int{1, 2, 1, 1}, 3.5, 15.5))},
		nodeCase{op: "RoiAlign", opset: 10, in: all(x, region(1, 0, 3, 2), i64(0)), want: all(arr([]int{1, 2, 1, 1}, 6, 18))},
		nodeCase{op: "RoiAlign", opset: 10, in: all(x, region(2, 0, 4, 2), i64(0)), attrs: attrs(one, graph.FloatAttr("spatial_scale", 0.5), graph.IntAttr("output_width", 2)), want: all(arr([]int{1, 2, 1, 2}, 3.25, 3.75, 15.25, 15.75))},
		nodeCase{op: "RoiAlign", opset: 10, in: all(x, region(1, 1, 2, 2), i64(0)), attrs: attrs(one, max), want: all(arr([]int{1, 2, 1, 1}, 2.5, 5.5))},
		nodeCase{op: "RoiAlign", in: all(x, region(100, 100, 101, 101), i64(0)), want: all(arr([]int{1, 2, 1, 1}, 0, 0))},
		nodeCase{op: "RoiAlign", in: all(x, region(1, 0, 3, 2), i64(1)), err: "sample 1 of 1"},
		nodeCase{op: "RoiAlign", in: all(x, region(1, 0, 3, 2), i64(0, 0)), err: "do not fit"},
		nodeCase{op: "RoiAlign", in: all(x, region(0, 0, 1e30, 1), i64(0)), err: "more than the limit"},
		nodeCase{op: "RoiAlign", in: all(x, region(0, 0, 1, 1), i64(0)), attrs: attrs(graph.IntAttr("sampling_ratio", 1<<20)), err: tooLarge},
	)
}
